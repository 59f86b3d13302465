import { digest, randomToken } from '../../platform/secret.js';
import type { Registration, SignedOn } from './provider.js';
import { COMPARE_AUDIENCE, COMPARE_SCOPE } from './strategy-app.js';

const TOKEN_REDIRECT = 'http://localhost:1/auth/callback';
const MOST_REDIRECTS = 10;

/**
 * Signs somebody in to an application as their browser does: to `/auth/login`, to the provider where they are signed in
 * already, and back. Answers the header `cookie` of their next requests.
 */
export async function signInTo(url: string, cookieName: string, { cookie }: Pick<SignedOn, 'cookie'>): Promise<string> {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (target: URL) => {
    let jar = jars.get(target.origin);
    if (!jar) jars.set(target.origin, (jar = new Map()));
    return jar;
  };
  let target = new URL('/auth/login?returnTo=/open', url);
  for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
    const own = [...jarOf(target)].map(([name, value]) => `${name}=${value}`);
    const isProvider = target.origin !== new URL(url).origin;
    const answer = await fetch(target, {
      redirect: 'manual',
      headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', cookie: [...own, ...(isProvider ? [cookie] : [])].join('; ') }, // prettier-ignore
    });
    for (const line of answer.headers.getSetCookie()) keep(jarOf(target), line);
    await answer.arrayBuffer();
    const location = answer.headers.get('location');
    if (!location) break;
    target = new URL(location, target);
  }
  // A large sealed cookie comes in parts.
  const cookies = [...jarOf(new URL(url))].filter(
    ([name]) => name.startsWith(cookieName) && !name.endsWith('-returned'),
  );
  if (cookies.length === 0) throw new Error(`signing in to ${url} brought no session`);
  return cookies.map(([name, value]) => `${name}=${value}`).join('; ');
}

/** The header `cookie: …` that a browser sends after this answer. */
export async function cookieAfter(url: string, header: string): Promise<string> {
  const value = header.replace(/^cookie: /, '');
  const answer = await fetch(url, { headers: { cookie: value } });
  await answer.arrayBuffer();
  const jar = new Map(value.split('; ').map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  for (const line of answer.headers.getSetCookie()) keep(jar, line);
  return `cookie: ${[...jar].map(([name, one]) => `${name}=${one}`).join('; ')}`;
}

/** Gets an access token for somebody by the code flow (RFC 6749 §4.1, with PKCE). */
export async function tokenFor(issuer: string, client: Registration, { cookie }: Pick<SignedOn, 'cookie'>) {
  const verifier = randomToken(32);
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: TOKEN_REDIRECT,
    scope: `openid ${COMPARE_SCOPE}`,
    resource: COMPARE_AUDIENCE,
    state: randomToken(16),
    nonce: randomToken(16),
    code_challenge: digest(verifier).toString('base64url'),
    code_challenge_method: 'S256',
  });
  const answer = await fetch(`${issuer}/authorize?${query}`, {
    redirect: 'manual',
    headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', cookie },
  });
  await answer.arrayBuffer();
  const code = URL.parse(answer.headers.get('location') ?? '')?.searchParams.get('code');
  if (!code) throw new Error(`the provider gave no code (${answer.status})`);
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: TOKEN_REDIRECT,
      code_verifier: verifier,
    }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (!token) throw new Error(`the provider gave no token (${response.status})`);
  return token;
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
  if (value === '' || /max-age=0/i.test(line)) jar.delete(name!);
  else jar.set(name!, value!);
}
