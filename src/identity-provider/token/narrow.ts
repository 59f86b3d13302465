import { OAuthError } from '../../protocol/oauth-error.js';
import { invalidScope, isCovered, parseScope } from '../../protocol/scope.js';

/**
 * The resources of one access token: those that were asked for now, which must be among the granted ones (RFC 8707 §2.2).
 * @throws OAuthError invalid_target
 */
export function narrowResources(wanted: readonly string[], granted: readonly string[]): string[] {
  if (wanted.length === 0) return [...granted];
  if (!isCovered(wanted, granted)) {
    throw new OAuthError('invalid_target', 'resource was not granted', { parameter: 'resource' });
  }
  return [...new Set(wanted)];
}

/**
 * The scopes of one access token: fewer than granted, never more (RFC 6749 §6).
 * @throws OAuthError invalid_scope
 */
export function narrowScopes(wanted: string | undefined, granted: readonly string[]): string[] {
  if (wanted === undefined) return [...granted];
  const scopes = parseScope(wanted);
  if (!isCovered(scopes, granted)) throw invalidScope('scope asks for more than was granted');
  return scopes;
}
