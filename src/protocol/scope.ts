import { OAuthError } from './oauth-error.js';

const MOST_CHARACTERS = 4096;
/** RFC 6749 §3.3: %x21 / %x23-5B / %x5D-7E. */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** The scopes that OpenID Connect Core §5.4 and §11 define. */
export const STANDARD_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'] as const;

/**
 * The distinct scope tokens of a `scope` parameter, in order.
 * @throws OAuthError invalid_scope when it is too long or breaks the grammar of RFC 6749 §3.3.
 */
export function parseScope(scope: string | undefined): string[] {
  if (scope === undefined) return [];
  if (scope.length > MOST_CHARACTERS) throw invalidScope(`scope is longer than ${MOST_CHARACTERS} characters`);
  const tokens = scope.split(' ').filter((token) => token !== '');
  if (!tokens.every((token) => SCOPE_TOKEN.test(token))) throw invalidScope('scope has a character it may not have');
  return [...new Set(tokens)];
}

/** Whether every scope of `wanted` is in `granted`. */
export function isCovered(wanted: readonly string[], granted: readonly string[]): boolean {
  return wanted.every((scope) => granted.includes(scope));
}

export function invalidScope(description: string): OAuthError {
  return new OAuthError('invalid_scope', description, { parameter: 'scope' });
}
