import { type AccessTokenRules, accessTokenPrincipal } from '../jwt/access-token.js';
import { type CompactJws, parseCompactJws } from '../jwt/compact-jws.js';
import type { VerificationKey } from '../jwt/key-source.js';
import type { BadJwk } from '../jwt/jwk-set.js';
import { RemoteKeys } from '../jwt/remote-keys.js';
import { checkClaims } from '../jwt/token-claims.js';
import { TokenError } from '../jwt/token-error.js';
import { type Expectation, type ProvenToken, TokenVerifier } from '../jwt/token-verifier.js';
import type { Principal } from '../protocol/principal.js';
import type { IssuerSettings } from './bearer.options.js';
import { Provider } from '../federation/provider-metadata.js';
import type { Settings } from './relying-party.options.js';
import { Introspection } from './revocation/introspection.js';
import { type BearerRequest, JwtStrategy } from './strategies/jwt.strategy.js';
import { runStrategy } from './strategies/run-strategy.js';

/** What is shared with the sign-in, for the module's own issuer. */
export interface OwnIssuerParts {
  keys: RemoteKeys;
  introspection: Introspection;
}

/** A token that was proved, as a principal. */
export interface Proven {
  principal: Principal;
  key: VerificationKey;
  /** Seconds since the epoch. */
  expiresAt: number;
}

/** One issuer whose access tokens are taken: its keys, its rules, and how its tokens look. */
class TrustedIssuer {
  private readonly verifier: TokenVerifier;
  private readonly strategy: JwtStrategy;
  private readonly rules: AccessTokenRules;
  private readonly expect: Expectation;

  constructor(
    private readonly issuer: IssuerSettings,
    readonly keys: RemoteKeys,
    readonly introspection: Introspection,
    private readonly settings: Settings,
  ) {
    const { clock, skewSeconds } = settings;
    const { algorithms, audience, profile, maxLifetimeSeconds } = issuer;
    this.verifier = new TokenVerifier({ keys, issuer: issuer.issuer, algorithms, clock, skewSeconds });
    this.expect = { types: profile.types, audience, maxLifetimeSeconds };
    this.rules = { profile, roles: settings.roles };
    this.strategy = new JwtStrategy(this.verifier, this.expect, algorithms);
  }

  get takesOpaqueTokens(): boolean {
    return this.issuer.opaqueTokens;
  }

  async authenticate(token: string, jws: CompactJws): Promise<Proven> {
    const { claims, key } = await this.prove(token, jws);
    return { principal: accessTokenPrincipal(claims, this.rules, jws.type), key, expiresAt: claims.exp! };
  }

  /** By introspection (RFC 7662). */
  async dereference(token: string): Promise<Principal> {
    const answer = await this.introspection.of(token);
    if (!answer) throw new TokenError('token_revoked', 'the provider says that the token is not active');
    const { issuer } = this.issuer;
    const { clock, skewSeconds } = this.settings;
    const now = clock.seconds();
    // RFC 7662 §2.2 leaves out what the provider finds self-evident; audience, subject and end never are.
    const policy = { issuer, audience: this.issuer.audience, skewSeconds };
    return accessTokenPrincipal(checkClaims({ iss: issuer, iat: now, ...answer }, policy, now), this.rules);
  }

  private async prove(token: string, jws: CompactJws): Promise<ProvenToken> {
    // `jsonwebtoken`, on which `passport-jwt` stands, has no EdDSA.
    if (jws.algorithm === 'EdDSA') return this.verifier.prove(token, this.expect);
    const request: BearerRequest = { token, jws };
    try {
      return await runStrategy<ProvenToken>(this.strategy, request);
    } catch (error) {
      // Once the key is there, only the token can be at fault: of a signature of another length `jsonwebtoken` throws TypeError.
      if (error instanceof TokenError || !request.key) throw error;
      throw new TokenError('signature_invalid', 'the signature does not verify');
    }
  }
}

/** The issuers whose access tokens are taken, the module's own among them. */
export class TrustedIssuers {
  private readonly byIssuer = new Map<string, TrustedIssuer>();
  private readonly sources: RemoteKeys[];

  constructor(
    private readonly settings: Settings,
    private readonly own: OwnIssuerParts,
  ) {
    const { clock, outbound } = settings;
    for (const issuer of settings.bearer?.issuers ?? []) {
      const parts = issuer.issuer === settings.issuer ? own : partsOf(issuer, { clock, outbound });
      this.byIssuer.set(issuer.issuer, new TrustedIssuer(issuer, parts.keys, parts.introspection, settings));
    }
    this.sources = [...this.byIssuer.values()].map(({ keys }) => keys);
  }

  /**
   * The principal of a token, by the rules of the issuer that it names.
   * @throws TokenError, KeysUnavailableError
   */
  async authenticate(token: string): Promise<Proven> {
    const jws = parseCompactJws(token);
    // Not proved yet, so it only says whose rules count; each issuer's keys are good for its own tokens alone.
    const { iss } = jws.payload;
    const issuer = typeof iss === 'string' ? this.byIssuer.get(iss) : undefined;
    if (!issuer) throw new TokenError('issuer_mismatch', 'iss is no issuer that is believed here');
    return issuer.authenticate(token, jws);
  }

  /**
   * The principal of a token that is no JWT; undefined where no issuer is asked about such tokens.
   * @throws TokenError, ProviderUnavailableError
   */
  async dereference(token: string): Promise<Principal | undefined> {
    const issuer = [...this.byIssuer.values()].find(({ takesOpaqueTokens }) => takesOpaqueTokens);
    return issuer?.dereference(token);
  }

  /** Whether one of the issuers still publishes this key. */
  holds(key: VerificationKey, now: number): boolean {
    for (const keys of this.sources) if (keys.holds(key, now)) return true;
    return false;
  }

  /** Entries of the key sets that were read last which nobody should publish, and which are not used. */
  get badKeys(): (BadJwk & { issuer: string })[] {
    const sets = new Map([[this.settings.issuer, this.own.keys]]);
    for (const [issuer, { keys }] of this.byIssuer) sets.set(issuer, keys);
    return [...sets].flatMap(([issuer, keys]) => keys.bad.map((one) => ({ issuer, ...one })));
  }

  /** Where to ask about what an issuer issued: a token of its own, or the tokens of a session. */
  introspectionOf(issuer: string): Introspection {
    return (this.byIssuer.get(issuer) ?? this.own).introspection;
  }
}

function partsOf(issuer: IssuerSettings, outside: Pick<Settings, 'clock' | 'outbound'>): OwnIssuerParts {
  const { jwksUri, algorithms, clientId, clientSecret } = issuer;
  const provider = new Provider(issuer.issuer, outside.outbound, outside.clock);
  const url = jwksUri ?? (async () => (await provider.metadata()).jwks_uri);
  return {
    keys: new RemoteKeys({ ...outside, url, algorithms }),
    introspection: new Introspection({ ...outside, clientId, clientSecret }, provider),
  };
}
