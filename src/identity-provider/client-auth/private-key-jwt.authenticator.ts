import { Injectable } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { KeysUnavailableError } from '../../jwt/remote-keys.js';
import { TokenError } from '../../jwt/token-error.js';
import { TokenVerifier } from '../../jwt/token-verifier.js';
import { Clock } from '../../platform/clock.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Parameters } from '../../protocol/parameters.js';
import { SIGNING_ALGORITHMS } from '../../protocol/signing-algorithm.js';
import { type Assertion, ASSERTION_SKEW, ClientAssertions } from './client-assertion.js';
import { type ClientAuthenticator, ClientAuthMethod } from './client-auth-method.js';
import { ClientKeys } from './client-keys.js';

/** An assertion that is older than this, in seconds, was not made for this request, whatever its `exp` says. */
const OLDEST = 3600;

/** OpenID Connect Core §9 `private_key_jwt`, RFC 7523: an assertion under a key whose public half the client registered. */
@Injectable()
@ClientAuthMethod('private_key_jwt')
export class PrivateKeyJwtAuthenticator implements ClientAuthenticator<Assertion> {
  constructor(
    private readonly assertions: ClientAssertions,
    private readonly keys: ClientKeys,
    private readonly clock: Clock,
  ) {}

  read(_exchange: HttpExchange, parameters: Parameters): Assertion | undefined {
    const assertion = this.assertions.read(parameters);
    return assertion?.algorithm.startsWith('HS') ? undefined : assertion;
  }

  async verify(client: Client, { assertion, algorithm: claimed }: Assertion): Promise<boolean> {
    const algorithm = SIGNING_ALGORITHMS.find((known) => known === claimed);
    const registered = client.metadata.token_endpoint_auth_signing_alg;
    if (!algorithm || (registered !== undefined && registered !== algorithm)) return false;
    const keys = this.keys.of(client, algorithm);
    if (!keys) return false;
    const { clock } = this;
    const verifier = new TokenVerifier({
      keys,
      issuer: client.id,
      algorithms: [algorithm],
      clock,
      skewSeconds: ASSERTION_SKEW,
    });
    try {
      const claims = await verifier.verify(assertion, {
        types: ['jwt', '', 'client-authentication+jwt'],
        audience: this.assertions.audience,
        issuedAtOptional: true,
        maxAgeSeconds: OLDEST,
      });
      return await this.assertions.use(client.id, claims, clock.seconds());
    } catch (error) {
      if (error instanceof TokenError || error instanceof KeysUnavailableError) return false;
      throw error;
    }
  }
}
