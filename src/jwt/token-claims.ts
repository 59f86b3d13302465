import type { JsonObject } from './strict-json.js';
import { TokenError } from './token-error.js';

/** Claims that were checked: the registered ones have their types (RFC 7519 §4.1), the others are as they came. */
export interface TokenClaims extends JsonObject {
  iss: string;
  /** Absent only where the caller said that it may be, as in a logout token. */
  sub: string;
  aud?: string | string[];
  iat: number;
  exp?: number;
  nbf?: number;
}

/** Machines' clocks differ: a neighbour's fresh token may seem to be from the future by this many seconds, whatever the skew for its end. */
const FUTURE_LEEWAY = 5;

/** What the claims of a token must be. */
export interface ClaimsPolicy {
  /** Compared exactly. */
  issuer: string;
  /** One of these must be in `aud`; undefined: whoever calls looks at `aud` itself. */
  audience?: string | readonly string[];
  skewSeconds: number;
  /** For hints: an ID token that has ended still says whose it was (RP-Initiated Logout 1.0 §2). */
  ignoreExpiry?: boolean;
  /** The token must not be older than this, whatever its own `exp` says. */
  maxAgeSeconds?: number;
  /** From `iat` to `exp`: one that its issuer lets live longer is refused from the beginning. */
  maxLifetimeSeconds?: number | undefined;
  /** An assertion of RFC 7523 need not say when it was made (§3). */
  issuedAtOptional?: boolean;
  /** A request object may be without them where nothing but its signature counts (OpenID Connect Core §6.1). */
  issuerOptional?: boolean;
  audienceOptional?: boolean;
  expiryOptional?: boolean;
  /** A logout token may name a session only (Back-Channel Logout 1.0 §2.4). */
  subjectOptional?: boolean;
  /**
   * What it says holds whenever it is read: a Security Event Token has no end, and a clock that is wrong must not keep a
   * revocation out (RFC 8417 §2.2).
   */
  timeless?: boolean;
}

/** One check of one claim. @throws TokenError */
type ClaimCheck = (payload: Readonly<JsonObject>, policy: ClaimsPolicy, nowSeconds: number) => void;

/** The checks of claims that every token goes through, by the claim that they are about, in their order. */
export const CLAIM_CHECKS = {
  iss: ({ iss }, policy) => {
    if (iss === undefined && policy.issuerOptional === true) return;
    if (iss !== policy.issuer) throw new TokenError('issuer_mismatch', 'iss is not the issuer that is believed here');
  },
  aud: ({ aud }, policy) => {
    const audiences = typeof aud === 'string' ? [aud] : aud;
    const isWellFormed = Array.isArray(audiences) && audiences.every((one) => typeof one === 'string');
    if (aud !== undefined && !isWellFormed) throw new TokenError('audience_mismatch', 'aud is not a string or strings');
    if (policy.audience === undefined || (aud === undefined && policy.audienceOptional === true)) return;
    const accepted = typeof policy.audience === 'string' ? [policy.audience] : policy.audience;
    if (!isWellFormed || !audiences.some((one: string) => accepted.includes(one))) {
      throw new TokenError('audience_mismatch', 'the token is for another audience');
    }
  },
  iat: ({ iat }, policy, nowSeconds) => {
    if (iat === undefined && policy.issuedAtOptional === true) return;
    if (!isNumericDate(iat)) throw new TokenError('claims_invalid', 'iat is missing or not a NumericDate');
    if (!policy.timeless && iat > nowSeconds + Math.max(policy.skewSeconds, FUTURE_LEEWAY)) {
      throw new TokenError('token_not_yet_valid', 'iat is in the future');
    }
    if (policy.maxAgeSeconds !== undefined && iat + policy.maxAgeSeconds + policy.skewSeconds <= nowSeconds) {
      throw new TokenError('token_expired', 'the token is older than is accepted here');
    }
  },
  nbf: ({ nbf }, policy, nowSeconds) => {
    if (nbf === undefined) return;
    if (!isNumericDate(nbf)) throw new TokenError('claims_invalid', 'nbf is not a NumericDate');
    if (nbf > nowSeconds + policy.skewSeconds) throw new TokenError('token_not_yet_valid', 'nbf is in the future');
  },
  exp: ({ exp, iat }, policy, nowSeconds) => {
    if (exp === undefined && (policy.ignoreExpiry === true || policy.expiryOptional === true)) return;
    if (!isNumericDate(exp)) throw new TokenError('claims_invalid', 'exp is missing or not a NumericDate');
    if (!policy.ignoreExpiry && exp + policy.skewSeconds <= nowSeconds) {
      throw new TokenError('token_expired', 'the token has expired');
    }
    const { maxLifetimeSeconds } = policy;
    // `iat` was checked before, so it is a number.
    if (maxLifetimeSeconds !== undefined && exp - (iat as number) > maxLifetimeSeconds) {
      const message = `the token lives longer than ${maxLifetimeSeconds} s, which is the most that is accepted here`;
      throw new TokenError('lifetime_too_long', message);
    }
  },
  sub: ({ sub }, policy) => {
    if (sub === undefined && policy.subjectOptional === true) return;
    if (typeof sub !== 'string' || sub === '') throw new TokenError('claims_invalid', 'sub is not a name');
  },
} satisfies Record<string, ClaimCheck>;

const CHECKS: readonly ClaimCheck[] = Object.values(CLAIM_CHECKS);

/**
 * All checks of claims, every time.
 * @throws TokenError of the first that fails
 */
export function checkClaims(payload: Readonly<JsonObject>, policy: ClaimsPolicy, nowSeconds: number): TokenClaims {
  for (const check of CHECKS) check(payload, policy, nowSeconds);
  return payload as TokenClaims;
}

function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
