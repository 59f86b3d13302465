import type { Clock } from '../platform/clock.js';
import { type CompactJws, parseCompactJws } from './compact-jws.js';
import type { SigningAlgorithm, VerificationKey, VerificationKeys } from './key-source.js';
import { checkClaims, type TokenClaims } from './token-claims.js';
import { TokenError } from './token-error.js';

/** Whom a verifier believes. */
export interface TokenVerifierOptions<K> {
  keys: VerificationKeys<K>;
  /** The one issuer, compared exactly. */
  issuer: string;
  algorithms: readonly SigningAlgorithm[];
  clock: Pick<Clock, 'seconds'>;
  /** How far two clocks may be apart. Default 5. */
  skewSeconds?: number;
}

/** What kind of token is expected; a token of any other kind is refused (RFC 8725 §3.11). */
export interface Expectation {
  /** The accepted `typ` in lower case without `application/`; `''` stands for a header without one. */
  types: readonly string[];
  audience?: string | readonly string[];
  ignoreExpiry?: boolean;
  maxAgeSeconds?: number;
  /** See `ClaimsPolicy`. */
  maxLifetimeSeconds?: number | undefined;
  subjectOptional?: boolean;
  issuedAtOptional?: boolean;
  /** See `ClaimsPolicy`. */
  timeless?: boolean;
  /** In characters, where the tokens are longer than usual. */
  maxLength?: number;
}

/** A token that was proved, and the key that proved it. */
export interface ProvenToken<K> {
  claims: TokenClaims;
  key: VerificationKey<K>;
}

/**
 * Where a JWT becomes believed: form, `typ`, algorithm, signature and claims, all of them, every time. It needs nothing
 * that only Node has; how a signature is verified is told by whoever extends this.
 */
export abstract class TokenVerification<K> {
  private readonly skewSeconds: number;

  constructor(private readonly options: TokenVerifierOptions<K>) {
    this.skewSeconds = options.skewSeconds ?? 5;
  }

  /** @throws TokenError `signature_invalid` */
  protected abstract verifySignature(token: string, key: VerificationKey<K>): Promise<void>;

  /** @throws TokenError when the token is not believed; whatever the key source throws when it has no answer */
  async verify(token: string, expect: Expectation): Promise<TokenClaims> {
    return (await this.prove(token, expect)).claims;
  }

  /** As {@link verify}, with the key. */
  async prove(token: string, expect: Expectation): Promise<ProvenToken<K>> {
    const { maxLength } = expect;
    const jws = parseCompactJws(token, maxLength === undefined ? {} : { maxLength });
    const key = await this.keyOf(jws, expect);
    await this.verifySignature(token, key);
    return { claims: this.check(jws, expect), key };
  }

  /**
   * The key that must have signed this, after the checks of the header. Whoever verifies the signature elsewhere (a
   * Passport strategy) calls this before and {@link check} after.
   */
  async keyOf(jws: CompactJws, expect: Expectation): Promise<VerificationKey<K>> {
    if (!expect.types.includes(jws.type)) throw new TokenError('wrong_token_type', 'typ names another kind of token');
    if (!this.options.algorithms.includes(jws.algorithm)) {
      throw new TokenError('algorithm_refused', `${jws.algorithm} is not accepted from this issuer`);
    }
    const key = await this.options.keys.find(jws.kid, jws.algorithm);
    if (!key || key.algorithm !== jws.algorithm) throw new TokenError('signature_invalid', 'no key for this token');
    return key;
  }

  /** The checks of claims. */
  check(jws: CompactJws, expect: Expectation): TokenClaims {
    const policy = { ...expect, issuer: this.options.issuer, skewSeconds: this.skewSeconds };
    return checkClaims(jws.payload, policy, this.options.clock.seconds());
  }
}
