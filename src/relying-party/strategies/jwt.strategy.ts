import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy, type StrategyOptionsWithRequest } from 'passport-jwt';
import type { CompactJws } from '../../jwt/compact-jws.js';
import type { VerificationKey } from '../../jwt/key-source.js';
import { TokenError } from '../../jwt/token-error.js';
import type { Expectation, ProvenToken, TokenVerifier } from '../../jwt/token-verifier.js';

/** What the guard hands to the strategy: the token it has read, and a place for the key. */
export interface BearerRequest {
  token: string;
  jws: CompactJws;
  key?: VerificationKey;
}

/**
 * Proves an access token with `passport-jwt`. The header is judged before a key is looked for, because `passport-jwt`
 * does not show it later; the claims are judged by the same code as every other token's, by our own clock.
 */
export class JwtStrategy extends PassportStrategy(Strategy, 'gatehouse-jwt') {
  constructor(
    private readonly verifier: TokenVerifier,
    private readonly expect: Expectation,
    algorithms: readonly string[],
  ) {
    super({
      passReqToCallback: true,
      jwtFromRequest: (request) => (request as unknown as BearerRequest).token,
      secretOrKeyProvider: (request, _token, done) => {
        const bearer = request as unknown as BearerRequest;
        verifier
          .keyOf(bearer.jws, expect)
          .then((key) => {
            bearer.key = key;
            // The types know only text; a KeyObject is several times faster than a PEM.
            done(null, key.key as unknown as string);
          })
          .catch((error: unknown) => done(error));
      },
      algorithms: algorithms.filter((algorithm) => algorithm !== 'EdDSA') as StrategyOptionsWithRequest['algorithms'],
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true },
    });
  }

  validate(request: unknown): ProvenToken {
    const { jws, key } = request as BearerRequest;
    if (!key || key.algorithm !== jws.algorithm) throw new TokenError('signature_invalid', 'no key proved this token');
    return { claims: this.verifier.check(jws, this.expect), key };
  }

  /** An instance of its own: Passport's global one is shared by all applications of the process. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Passport();
  }
}
