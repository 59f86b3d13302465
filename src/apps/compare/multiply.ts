import type { INestApplication } from '@nestjs/common';
import { readCookie } from '../../platform/http/cookies.js';
import { ApplicationSessions } from '../../relying-party/application-sessions.js';
import { SessionCookie } from '../../relying-party/session-cookie.js';

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

/**
 * Signs in many people to an application, each as the one with this header `Cookie` did: the same claims and tokens under other
 * names of the same length. What is kept of them is as large as of real ones.
 */
export async function multiply(
  app: INestApplication,
  header: string,
  cookieName: string,
  count: number,
): Promise<string[]> {
  const sessions = app.get(ApplicationSessions, { strict: false });
  const cookie = new SessionCookie(cookieName);
  const like = await sessions.peek(cookie.read({ cookie: (name) => readCookie(header, name) }));
  if (!like) throw new Error('there is no such session');
  const { issuer, claims, tokens } = like.data;
  if (tokens.idToken === undefined) throw new Error('a session without an ID token');
  const headers: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = `${String(index).padStart(6, '0')}aaaaaaaaaa`;
    const idClaims = {
      ...claims,
      iss: issuer,
      sub: `usr_${name}`,
      sid: `sid_${name}aa`,
      acr: like.acr,
      iat: 0,
      exp: 0,
    };
    const signedIn = { idClaims, claims, tokens: { ...tokens, idToken: tokens.idToken } };
    const { id } = await sessions.start(signedIn, { ip: '127.0.0.1', userAgent: USER_AGENT });
    headers.push(headerOf(cookie, id));
  }
  return headers;
}

/** As a browser sends it back. */
function headerOf(cookie: SessionCookie, value: string): string {
  const set: string[] = [];
  const setCookie = (line: string) => set.push(line.split(';', 1)[0]!);
  cookie.set({ cookie: () => undefined, setCookie }, value);
  return set.join('; ');
}
