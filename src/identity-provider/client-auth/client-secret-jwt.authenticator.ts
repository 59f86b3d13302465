import { Injectable } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { verifySecretJws } from '../../jwt/secret-jws.js';
import { checkClaims } from '../../jwt/token-claims.js';
import { TokenError } from '../../jwt/token-error.js';
import { Clock } from '../../platform/clock.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Parameters } from '../../protocol/parameters.js';
import { type Assertion, ASSERTION_SKEW, ClientAssertions } from './client-assertion.js';
import { type ClientAuthenticator, ClientAuthMethod } from './client-auth-method.js';

/** An assertion that is older than this, in seconds, was not made for this request. */
const OLDEST = 3600;

/** OpenID Connect Core §9 `client_secret_jwt`: an assertion under the client's secret, HS256. */
@Injectable()
@ClientAuthMethod('client_secret_jwt')
export class ClientSecretJwtAuthenticator implements ClientAuthenticator<Assertion> {
  constructor(
    private readonly assertions: ClientAssertions,
    private readonly clients: Clients,
    private readonly clock: Clock,
  ) {}

  read(_exchange: HttpExchange, parameters: Parameters): Assertion | undefined {
    const assertion = this.assertions.read(parameters);
    return assertion?.algorithm.startsWith('HS') ? assertion : undefined;
  }

  async verify(client: Client, { assertion }: Assertion): Promise<boolean> {
    const secret = this.clients.plainSecret(client);
    if (secret === undefined) return false;
    const nowSeconds = this.clock.seconds();
    const policy = {
      issuer: client.id,
      audience: this.assertions.audience,
      skewSeconds: ASSERTION_SKEW,
      issuedAtOptional: true,
      maxAgeSeconds: OLDEST,
    };
    try {
      const claims = checkClaims(verifySecretJws(assertion, secret), policy, nowSeconds);
      return await this.assertions.use(client.id, claims, nowSeconds);
    } catch (error) {
      if (error instanceof TokenError) return false;
      throw error;
    }
  }
}
