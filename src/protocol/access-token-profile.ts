import { scopesOf, stringsOf } from './principal.js';

type Claims = Readonly<Record<string, unknown>>;

/** How an issuer writes its access tokens: what tells them from its other tokens, and where things stand in them. */
export interface AccessTokenProfile {
  /** The accepted `typ` of the header, lower case, without `application/`; `''` for none. */
  types: readonly string[];
  /**
   * Whether a token is an access token by a mark that no other token of this issuer has. The header's `typ` is given
   * because it may be mark enough: `at+jwt`, and nothing else, is (RFC 9068 §2.1).
   */
  isAccessToken(claims: Claims, type: string): boolean;
  scopes(claims: Claims): string[];
  roles(claims: Claims): string[];
  /** Whether a program got it for itself, beyond `sub` being the client. */
  isClient(claims: Claims): boolean;
}

/** RFC 9068, and what Gatehouse issues. */
const rfc9068: AccessTokenProfile = {
  types: ['at+jwt'],
  isAccessToken: () => true,
  scopes: ({ scope, scp }) => scopesOf(scope ?? scp),
  roles: ({ roles }) => stringsOf(roles),
  isClient: ({ gty }) => gty === 'client-credentials' || gty === 'client_credentials',
};

/**
 * Keycloak: `typ` of the header is `JWT` for all its tokens, and the claim `typ` says what one is: `Bearer` (`DPoP` when it
 * is bound), beside `ID`, `Refresh`, `Offline`, `Logout`. Roles of the realm, and those of the resource that a token is
 * for, which are what `resource_access` holds under the audience's name.
 */
const keycloak: AccessTokenProfile = {
  ...rfc9068,
  types: ['jwt', 'at+jwt'],
  isAccessToken: ({ typ, cnf }) => typ === 'Bearer' || (typ === 'DPoP' && cnf !== undefined),
  roles: ({ realm_access: realm, resource_access: resources, aud }) => [
    ...rolesIn(realm),
    ...[aud].flat().flatMap((one) => (typeof one === 'string' ? rolesIn(memberOf(resources, one)) : [])),
  ],
  isClient: ({ azp, preferred_username: name }) => typeof azp === 'string' && name === `service-account-${azp}`,
};

/** What only an ID token has (OpenID Connect Core §2, §3.1.3.6). */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * Auth0: `at+jwt` where the API's token profile is RFC 9068; else `JWT`, and then an access token is for an API and names
 * its client in `azp` and what it may do in `scope`, `permissions` or `gty`, while an ID token is for the client itself.
 * With RBAC the API's permissions are in `permissions`, and count as scopes.
 */
const auth0: AccessTokenProfile = {
  ...rfc9068,
  types: ['jwt', 'at+jwt'],
  isAccessToken: (claims, type) => {
    if (ID_TOKEN_CLAIMS.some((name) => Object.hasOwn(claims, name))) return false;
    const { azp, client_id: clientId, aud, scope, permissions, gty } = claims;
    const client = azp ?? clientId;
    if (typeof client !== 'string' || [aud].flat().includes(client)) return false;
    return type === 'at+jwt' || typeof scope === 'string' || Array.isArray(permissions) || typeof gty === 'string';
  },
  scopes: ({ scope, permissions }) => [...new Set([...scopesOf(scope), ...stringsOf(permissions)])],
};

/** The profiles that are known by name. */
export const ACCESS_TOKEN_PROFILES = { rfc9068, keycloak, auth0 } as const;

export type AccessTokenProfileName = keyof typeof ACCESS_TOKEN_PROFILES;

/** A profile by its name, or one of one's own. */
export function accessTokenProfile(profile: AccessTokenProfileName | AccessTokenProfile): AccessTokenProfile {
  return typeof profile === 'string' ? ACCESS_TOKEN_PROFILES[profile] : profile;
}

function rolesIn(access: unknown): string[] {
  return stringsOf(memberOf(access, 'roles'));
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Record<string, unknown>)[name] : undefined;
}
