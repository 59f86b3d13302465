/** An application that does not answer in this time is not there, in milliseconds. */
const PATIENCE = 10_000;

/** What a stranger learns of a route by asking it. */
export interface Outside {
  /** What a request without a credential gets. */
  anonymous: string;
  /** What a browser gets that goes there. */
  browser?: string;
  /** What a token gets that is none. */
  badToken?: string;
  /** `WWW-Authenticate` (RFC 6750, RFC 9449). */
  challenge?: string;
  /** What the API calls itself (RFC 9728). */
  resource?: string;
  authorizationServers?: string[];
  dpop?: string;
  /** Whether a provider of its tokens has a revocation feed. */
  feed?: string;
  conclusions: string[];
}

/** Asks a route without a credential, as a browser, and with a bad one; only by methods that change nothing. */
export async function seenFromOutside(url: URL, method: string): Promise<Outside> {
  // A stranger's POST might do something.
  const asked = /^(GET|HEAD|OPTIONS)$/.test(method) ? method : 'OPTIONS';
  const plain = await ask(url, asked, {});
  if (plain.status === 0) return { anonymous: 'no answer', conclusions: ['It does not answer this address.'] };
  const seen: Outside = { anonymous: wordsOf(plain), conclusions: [] };
  const challenge = plain.headers.get('www-authenticate');
  if (challenge) seen.challenge = challenge;
  if (asked === 'GET') {
    const browser = await ask(url, asked, { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }); // prettier-ignore
    seen.browser = wordsOf(browser);
    const badToken = await ask(url, asked, { authorization: 'Bearer not-a-token' });
    seen.badToken = wordsOf(badToken);
    seen.conclusions.push(...conclusionsOf(plain, browser, badToken));
  }
  await addResource(seen, url, challenge);
  return seen;
}

function conclusionsOf(plain: Response | Gone, browser: Response | Gone, badToken: Response | Gone): string[] {
  const location = browser.headers.get('location') ?? '';
  const sendsToSignIn = browser.status >= 300 && browser.status < 400 && /login|sign-?in|authorize/i.test(location);
  const isOpen = plain.status < 300;
  return [
    ...(isOpen ? ['It lets everybody in who brings nothing.'] : []),
    ...(plain.status === 401 || sendsToSignIn ? ['It is guarded: without a credential nobody comes in.'] : []),
    ...(sendsToSignIn ? ['Browsers are sent to sign in, so it takes sessions.'] : []),
    ...(/\b(Bearer|DPoP)\b/i.test(plain.headers.get('www-authenticate') ?? '') ? ['It takes access tokens.'] : []),
    ...(isOpen && badToken.status === 401 ? ['A credential that is brought must be good.'] : []),
    ...(isOpen && badToken.status < 300 ? ['It does not look at access tokens.'] : []),
  ];
}

/** RFC 9728: where the challenge points to, or at the prescribed address. */
async function addResource(seen: Outside, url: URL, challenge: string | null): Promise<void> {
  const named = /resource_metadata="([^"]+)"/.exec(challenge ?? '')?.[1];
  // A stranger's header must not send us to somebody else.
  const place = named && URL.parse(named)?.origin === url.origin ? named : '/.well-known/oauth-protected-resource';
  const document = await documentAt(new URL(place, url));
  const { resource, authorization_servers: servers, dpop_bound_access_tokens_required: bound } = document ?? {};
  if (typeof resource !== 'string') return;
  seen.resource = resource;
  if (bound === true) seen.dpop = 'required (DPoP)';
  if (!Array.isArray(servers)) return;
  seen.authorizationServers = servers.filter((one) => typeof one === 'string');
  const [first] = seen.authorizationServers;
  const provider = first === undefined ? null : URL.parse(first);
  if (!provider || !/^https?:$/.test(provider.protocol)) return;
  const { status } = await ask(new URL('/.well-known/ssf-configuration', provider), 'GET', {});
  if (status === 200) {
    seen.feed = 'its provider tells of revocations; whether this application listens cannot be seen';
  } else if (status === 404) seen.feed = 'its provider tells of no revocations';
}

async function documentAt(url: URL): Promise<Record<string, unknown> | undefined> {
  const answer = await ask(url, 'GET', {});
  if (answer.status !== 200 || !('json' in answer)) return undefined;
  const document: unknown = await answer.json().catch(() => undefined);
  return typeof document === 'object' && document !== null ? (document as Record<string, unknown>) : undefined;
}

/** Nobody answered. */
interface Gone {
  status: 0;
  headers: Headers;
}

async function ask(url: URL, method: string, headers: Record<string, string>): Promise<Response | Gone> {
  return fetch(url, {
    method,
    redirect: 'manual',
    headers: { accept: 'application/json', ...headers },
    signal: AbortSignal.timeout(PATIENCE),
  }).catch((): Gone => ({ status: 0, headers: new Headers() }));
}

function wordsOf({ status, headers }: Response | Gone): string {
  if (status === 0) return 'no answer';
  const location = headers.get('location');
  return location === null ? String(status) : `${status}, sent to ${location}`;
}
