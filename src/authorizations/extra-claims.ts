/**
 * Names that the protocol gives a meaning; whoever could set them could forge what a token proves. `may_act` is not among
 * them: it proves nothing, it limits who may act for the person (RFC 8693 §4.4), and that is for the operator to say.
 */
const RESERVED = new Set([
  'iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'azp', 'nonce', 'auth_time', 'acr', 'amr', 'at_hash', 'c_hash', 's_hash',
  'sid', 'client_id', 'scope', 'cnf', 'act', 'parents', 'events', 'authorization_id', 'rev', '__proto__',
]); // prettier-ignore

/** The operator's own claims without those that are not theirs to set. */
export function ownClaims(claims: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED.has(name)));
}
