import { boundKey } from '../jwt/dpop-proof.js';
import { TokenError } from '../jwt/token-error.js';
import { VerifiedTokens } from '../jwt/verified-tokens.js';
import type { Principal } from '../protocol/principal.js';
import type { Credentials } from './credentials.js';
import { andThen, type MaybePromise } from './maybe-promise.js';
import type { Possession } from './possession.js';
import type { Settings } from './relying-party.options.js';
import type { TrustedIssuers } from './trusted-issuers.js';

const MAX_OPAQUE_LENGTH = 512;
/** As nearly everybody writes it. */
export const BEARER = 'Bearer ';

/** Turns the credentials of an `Authorization` header into a principal: the token from the cache, else proved; the proof each time. */
export class BearerTokens {
  private readonly verified: VerifiedTokens<Principal>;

  constructor(
    settings: Settings,
    private readonly issuers: TrustedIssuers,
    private readonly possession: Possession,
  ) {
    this.verified = new VerifiedTokens({ keys: issuers, clock: settings.clock });
  }

  /**
   * Whose a header is that was seen before, when nothing but the token has to be looked at.
   * @param now epoch milliseconds
   */
  known(header: string, now: number): Principal | undefined {
    if (!header.startsWith(BEARER) || this.possession.required) return undefined;
    const principal = this.verified.get(header.slice(BEARER.length), now);
    return principal?.claims['cnf'] === undefined ? principal : undefined;
  }

  /**
   * The principal of credentials that are good by themselves; whether they were revoked meanwhile is asked afterwards.
   * @throws TokenError when they are not good; DpopProofError; KeysUnavailableError, ProviderUnavailableError when that
   * cannot be known
   */
  authenticate(credentials: Credentials): MaybePromise<Principal> {
    return andThen(this.believe(credentials.token), (principal) =>
      andThen(this.possession.check(credentials, boundKey(principal.claims)), () => principal),
    );
  }

  private believe(token: string): MaybePromise<Principal> {
    return this.verified.get(token) ?? this.prove(token);
  }

  private async prove(token: string): Promise<Principal> {
    // Without a dot it is no JWS: a reference that only the provider can read, accepted only where it is asked.
    if (!token.includes('.')) {
      if (token.length > MAX_OPAQUE_LENGTH) throw new TokenError('malformed_token', 'the token is too long');
      const principal = await this.issuers.dereference(token);
      if (principal) return principal;
    }
    const { principal, key, expiresAt } = await this.issuers.authenticate(token);
    return this.verified.set(token, principal, key, expiresAt);
  }
}
