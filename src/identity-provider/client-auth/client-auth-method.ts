import type { Client } from '../../clients/client.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { plugIn } from '../../platform/registry.js';
import type { Parameters } from '../../protocol/parameters.js';

/** What a request brings to prove a client; only the method that read it understands the rest. */
export interface ClientCredentials {
  clientId: string;
}

/**
 * A way for a client to prove itself (RFC 6749 §2.3). Reading comes first and believes nothing; verification gets the
 * registered client. `@ClientAuthMethod('name')` makes it known to the endpoints, to discovery and to registration.
 */
export interface ClientAuthenticator<C extends ClientCredentials = ClientCredentials> {
  /** The credentials of this method in the request, or undefined. @throws OAuthError when they are malformed. */
  read(exchange: HttpExchange, parameters: Parameters): C | undefined;
  /** Whether they prove the client. */
  verify(client: Client, credentials: C): Promise<boolean>;
  /**
   * As {@link verify}, at once and without any trace, so that it may be asked again. Left out where proving uses something up
   * or has to ask somebody.
   */
  proves?(client: Client, credentials: C): boolean;
}

export const ClientAuthMethod = plugIn();
