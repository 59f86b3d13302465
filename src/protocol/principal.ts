/**
 * Who makes a request, as handlers see it. A person's identity is `issuer` and `subject` together: a `sub` alone is
 * unique only within its issuer (OpenID Connect Core §2). Frozen.
 */
export interface Principal {
  /** Which credential was believed. */
  readonly scheme: 'session' | 'jwt';
  readonly issuer: string;
  readonly subject: string;
  /** The client the token was issued to; for a session this application itself. */
  readonly clientId?: string;
  /** A program that acts for itself (client credentials): `subject` is then no person, whatever it looks like. */
  readonly isClient: boolean;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** The provider's session that this hangs from. */
  readonly sid?: string;
  readonly acr?: string;
  /** When the person last proved who they are, in seconds since the epoch. */
  readonly authTime?: number;
  /** The claims of the access token, or those of the sign-in. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Who acts on the subject's behalf: the claim `act` (RFC 8693 §4.1). */
  readonly actor?: Readonly<Record<string, unknown>>;
}

/** What {@link principalOf} cannot read from the claims. */
export interface PrincipalFacts {
  scheme: Principal['scheme'];
  scopes: readonly string[];
  roles: readonly string[];
  clientId?: string;
  /** The issuer marks tokens that a program got for itself, and this is one. */
  isClient?: boolean;
}

/**
 * The principal of checked claims (`iss` and `sub` are present). A token whose `sub` is its client is a program's
 * (RFC 9068 §2.2: for client credentials `sub` is the client).
 */
export function principalOf(claims: Readonly<Record<string, unknown>>, facts: PrincipalFacts): Principal {
  const subject = String(claims['sub']);
  const { sid, acr, auth_time: authTime, act: actor } = claims;
  return Object.freeze({
    ...facts,
    issuer: String(claims['iss']),
    subject,
    isClient: facts.scheme === 'jwt' && (facts.clientId === subject || facts.isClient === true),
    claims: Object.freeze(claims),
    ...(typeof sid === 'string' ? { sid } : {}),
    ...(typeof acr === 'string' ? { acr } : {}),
    ...(typeof authTime === 'number' ? { authTime } : {}),
    ...(typeof actor === 'object' && actor !== null ? { actor: actor as Record<string, unknown> } : {}),
  });
}

/** The scopes of a space-separated `scope` (RFC 6749 §3.3), or of the array that some providers write. */
export function scopesOf(scope: unknown): string[] {
  if (typeof scope === 'string') return scope.split(' ').filter((one) => one !== '');
  return stringsOf(scope);
}

/** The strings of an array, and nothing for anything else. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
