import type { AccessTokenProfile } from '../protocol/access-token-profile.js';
import { type Principal, principalOf } from '../protocol/principal.js';
import type { TokenClaims } from './token-claims.js';
import { TokenError } from './token-error.js';

/** By what an access token becomes a principal. */
export interface AccessTokenRules {
  profile: AccessTokenProfile;
  /** In place of the profile's. */
  roles?: ((claims: TokenClaims) => string[]) | undefined;
}

/**
 * The principal of an access token whose signature and claims were checked.
 * @param type of the header; absent for a token of which the provider itself says what it is
 * @throws TokenError `wrong_token_type` when it is another token of the issuer
 */
export function accessTokenPrincipal(claims: TokenClaims, rules: AccessTokenRules, type?: string): Principal {
  const { profile } = rules;
  if (type !== undefined && !profile.isAccessToken(claims, type)) {
    throw new TokenError('wrong_token_type', 'nothing in it says that it is an access token');
  }
  const clientId = claims['client_id'] ?? claims['azp'];
  return principalOf(claims, {
    scheme: 'jwt',
    scopes: profile.scopes(claims),
    roles: rules.roles?.(claims) ?? profile.roles(claims),
    isClient: profile.isClient(claims),
    ...(typeof clientId === 'string' ? { clientId } : {}),
  });
}
