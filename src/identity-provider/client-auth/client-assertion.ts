import { Injectable } from '@nestjs/common';
import { UsedAssertions } from '../../authorizations/used-assertions.js';
import { unproved } from '../../jwt/unproved.js';
import type { TokenClaims } from '../../jwt/token-claims.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import type { ClientCredentials } from './client-auth-method.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST = 8192;
/** An assertion is made for one request; one that is good for longer than this, in seconds, is refused. */
const LONGEST_LIFETIME = 600;
/** How far a client's clock may be from ours, in seconds. */
export const ASSERTION_SKEW = 30;

/** A client assertion as it came (RFC 7523 §2.2). Nothing of it is proved yet. */
export interface Assertion extends ClientCredentials {
  assertion: string;
  /** What its header claims. */
  algorithm: string;
}

/** What the two methods that sign an assertion have in common. */
@Injectable()
export class ClientAssertions {
  constructor(
    private readonly used: UsedAssertions,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /**
   * The assertion in a request, or undefined when there is none.
   * @throws OAuthError invalid_client when it is not of the form of RFC 7523 §2.2.
   */
  read(parameters: Parameters): Assertion | undefined {
    const assertion = parameters.get('client_assertion');
    if (assertion === undefined) return undefined;
    if (parameters.get('client_assertion_type') !== TYPE) throw failed('client_assertion_type is not jwt-bearer');
    const parsed = assertion.length <= LONGEST ? unproved(assertion) : undefined;
    const subject = parsed?.payload['sub'];
    const algorithm = parsed?.header['alg'];
    if (typeof subject !== 'string' || subject === '' || typeof algorithm !== 'string')
      throw failed('malformed assertion');
    return { clientId: subject, assertion, algorithm };
  }

  /**
   * The audiences that name us: the issuer, and for clients that are not under FAPI the token endpoint (RFC 7523 §3) and the
   * endpoint for pushed requests (RFC 9126 §2).
   */
  get audience(): string[] {
    const { issuer } = this.settings;
    return [issuer, `${issuer}/token`, `${issuer}/par`];
  }

  /**
   * Takes an assertion that proved itself, once: of any number of presentations, in any number of processes, one succeeds.
   * @returns whether it may be believed: it has a `jti`, lives shortly, and was not used before.
   */
  async use(clientId: string, claims: TokenClaims, nowSeconds: number): Promise<boolean> {
    const { jti, exp, sub, iss } = claims;
    if (iss !== clientId || sub !== clientId) return false;
    if (typeof jti !== 'string' || jti === '' || exp === undefined) return false;
    if (exp > nowSeconds + LONGEST_LIFETIME + ASSERTION_SKEW) return false;
    return this.used.use({ issuer: { client: clientId }, jti, until: exp + ASSERTION_SKEW });
  }
}

function failed(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { detail });
}
