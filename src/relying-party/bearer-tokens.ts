import { parseCompactJws } from '../jwt/compact-jws.js';
import type { RemoteKeys } from '../jwt/remote-keys.js';
import { checkClaims } from '../jwt/token-claims.js';
import { TokenError } from '../jwt/token-error.js';
import type { ProvenToken, TokenVerifier } from '../jwt/token-verifier.js';
import { VerifiedTokens } from '../jwt/verified-tokens.js';
import { type Principal, principalOf, scopesOf, stringsOf } from '../protocol/principal.js';
import type { Claims, Settings } from './relying-party.options.js';
import type { Introspection } from './revocation/introspection.js';
import { JwtStrategy } from './strategies/jwt.strategy.js';
import { runStrategy } from './strategies/run-strategy.js';

/** Turns the token of an `Authorization` header into a principal: from the cache, else by the Passport strategy. */
export class BearerTokens {
  private readonly strategy: JwtStrategy;
  private readonly verified: VerifiedTokens<Principal>;
  private readonly expect: { types: string[]; audience: string[] };
  private readonly algorithms: readonly string[];

  constructor(
    private readonly settings: Settings,
    keys: RemoteKeys,
    private readonly verifier: TokenVerifier,
    private readonly introspection: Introspection,
  ) {
    const { audience, algorithms } = settings.bearer ?? { audience: [], algorithms: [] };
    this.expect = { types: ['at+jwt'], audience };
    this.algorithms = algorithms;
    this.strategy = new JwtStrategy(verifier, this.expect, algorithms);
    this.verified = new VerifiedTokens({
      keys,
      clock: settings.clock,
      policy: [settings.issuer, audience, algorithms, 'at+jwt'],
    });
  }

  /**
   * The principal of a token that is good by itself; whether it was revoked meanwhile is asked afterwards.
   * @throws TokenError when it is not good; KeysUnavailableError, ProviderUnavailableError when that cannot be known
   */
  async authenticate(token: string): Promise<Principal> {
    const known = this.verified.get(token);
    if (known) return known;
    // Without a dot it is no JWS: a reference that only the provider can read, accepted only where it is asked.
    if (!token.includes('.') && this.settings.revocation === 'introspect') return this.dereference(token);
    const { claims, key } = await this.prove(token);
    return this.verified.set(token, this.principal(claims), key, claims.exp!);
  }

  private async prove(token: string): Promise<ProvenToken> {
    const jws = parseCompactJws(token);
    if (!this.algorithms.includes(jws.algorithm)) {
      throw new TokenError('algorithm_refused', `${jws.algorithm} is not accepted here`);
    }
    // `jsonwebtoken`, on which `passport-jwt` stands, has no EdDSA.
    if (jws.algorithm === 'EdDSA') return this.verifier.prove(token, this.expect);
    try {
      return await runStrategy<ProvenToken>(this.strategy, { token, jws });
    } catch (error) {
      if (error instanceof Error && error.name === 'JsonWebTokenError') {
        throw new TokenError('signature_invalid', 'the signature does not verify');
      }
      throw error;
    }
  }

  private async dereference(token: string): Promise<Principal> {
    if (token.length > 512) throw new TokenError('malformed_token', 'the token is too long');
    const answer = await this.introspection.of(token);
    if (!answer) throw new TokenError('token_revoked', 'the provider says that the token is not active');
    const { issuer, clock, skewSeconds } = this.settings;
    const now = clock.seconds();
    // RFC 7662 §2.2 leaves out what the provider finds self-evident; audience, subject and end never are.
    const claims = checkClaims(
      { iss: issuer, iat: now, ...answer },
      { issuer, audience: this.expect.audience, skewSeconds },
      now,
    );
    return this.principal(claims);
  }

  private principal(claims: Claims): Principal {
    // Bound to a key (DPoP, mutual TLS): whoever stole it cannot show the key, and neither can we check it here.
    if (claims['cnf'] !== undefined)
      throw new TokenError('claims_invalid', 'the token is bound to a key: not a Bearer');
    const clientId = claims['client_id'] ?? claims['azp'];
    return principalOf(claims, {
      scheme: 'jwt',
      scopes: scopesOf(claims['scope'] ?? claims['scp']),
      roles: this.settings.roles?.(claims) ?? stringsOf(claims['roles']),
      ...(typeof clientId === 'string' ? { clientId } : {}),
    });
  }
}
