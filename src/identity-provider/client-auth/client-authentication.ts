import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { registered } from '../../platform/registry.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { type ClientAuthenticator, ClientAuthMethod, type ClientCredentials } from './client-auth-method.js';
import { ClientAuthThrottle } from './client-auth-throttle.js';

/** Finds out which client asks, once, for every endpoint that clients call. */
@Injectable()
export class ClientAuthentication implements OnApplicationBootstrap {
  private methods = new Map<string, ClientAuthenticator>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly clients: Clients,
    private readonly throttle: ClientAuthThrottle,
  ) {}

  onApplicationBootstrap(): void {
    this.methods = registered<ClientAuthenticator>(this.discovery, ClientAuthMethod);
  }

  /** The names for discovery. */
  get names(): string[] {
    return [...this.methods.keys()];
  }

  /**
   * The authenticated client. A public client passes by its id alone; the endpoint decides whether that is enough.
   * @throws OAuthError invalid_client, one for every cause; invalid_request when several methods are used at once (RFC 6749 §2.3).
   */
  async authenticate(exchange: HttpExchange, parameters: Parameters): Promise<Client> {
    const [presented, ...more] = [...this.methods].flatMap(([name, method]) => {
      const credentials = method.read(exchange, parameters);
      return credentials ? [{ name, method, credentials }] : [];
    });
    if (more.length > 0) throw invalidRequest('more than one method of client authentication');
    if (!presented) throw failed('no client authentication');
    const { name, method, credentials } = presented;
    const named = parameters.get('client_id');
    if (named !== undefined && named !== credentials.clientId) {
      throw failed('client_id differs from the client that authenticates');
    }
    this.throttle.admit(credentials.clientId, exchange.ip);
    const client = await this.verified(name, method, credentials);
    if (!client) {
      this.throttle.failed(credentials.clientId, exchange.ip);
      throw failed(`client authentication by ${name} failed`);
    }
    return client;
  }

  private async verified(
    name: string,
    method: ClientAuthenticator,
    credentials: ClientCredentials,
  ): Promise<Client | undefined> {
    const client = await this.clients.find(credentials.clientId);
    if (!client || client.disabled || client.metadata.token_endpoint_auth_method !== name) return undefined;
    return (await method.verify(client, credentials)) ? client : undefined;
  }
}

/** Unknown, disabled, wrong method, wrong secret: the caller learns one thing. */
function failed(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { detail });
}
