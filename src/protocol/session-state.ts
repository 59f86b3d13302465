import { hash } from 'node:crypto';

/**
 * The `session_state` of an authentication response (OpenID Connect Session Management 1.0 §2, §3.2): what the client's page
 * has our frame compare with the browser's state. Salted and bound to client and origin, so that two of them tell nobody that
 * they are of one browser.
 * @param browserState, @param salt without a space or a dot.
 * @returns undefined for a redirect URI that has no origin (a native application's private scheme).
 */
export function sessionState(about: {
  clientId: string;
  redirectUri: string;
  browserState: string;
  salt: string;
}): string | undefined {
  const { clientId, redirectUri, browserState, salt } = about;
  const { origin } = new URL(redirectUri);
  if (origin === 'null') return undefined;
  return `${hash('sha256', `${clientId} ${origin} ${browserState} ${salt}`, 'hex')}.${salt}`;
}
