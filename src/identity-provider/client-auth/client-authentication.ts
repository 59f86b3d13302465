import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Client } from '../../clients/client.js';
import { Clients, type KnownClient } from '../../clients/clients.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { registered } from '../../platform/registry.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { type ClientAuthenticator, ClientAuthMethod, type ClientCredentials } from './client-auth-method.js';
import { ClientAuthThrottle } from './client-auth-throttle.js';

/** What a request brings, and the method that read it. */
interface Presented {
  name: string;
  method: ClientAuthenticator;
  credentials: ClientCredentials;
}

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
    const { name, method, credentials } = this.presented(exchange, parameters);
    this.throttle.admit(credentials.clientId, exchange.ip);
    const client = await this.verified(name, method, credentials);
    if (!client) {
      this.throttle.failed(credentials.clientId, exchange.ip);
      throw failed(`client authentication by ${name} failed`);
    }
    return client;
  }

  /**
   * The client as it was last read, if these are its credentials: for whoever acts only if it is still the same, in one
   * statement. Undefined leaves everything to {@link authenticate}, which says what is wrong and counts it.
   * @throws OAuthError as {@link authenticate}, but never for what depends on the client
   */
  presume(exchange: HttpExchange, parameters: Parameters): KnownClient | undefined {
    const { name, method, credentials } = this.presented(exchange, parameters);
    const known = this.clients.recall(credentials.clientId);
    if (!known || !mayUse(known.client, name) || !method.proves?.(known.client, credentials)) return undefined;
    this.throttle.admit(credentials.clientId, exchange.ip);
    return known;
  }

  /** The one method that this request uses. */
  private presented(exchange: HttpExchange, parameters: Parameters): Presented {
    let found: Presented | undefined;
    for (const [name, method] of this.methods) {
      const credentials = method.read(exchange, parameters);
      if (!credentials) continue;
      if (found) throw invalidRequest('more than one method of client authentication');
      found = { name, method, credentials };
    }
    if (!found) throw failed('no client authentication');
    const named = parameters.get('client_id');
    if (named !== undefined && named !== found.credentials.clientId) {
      throw failed('client_id differs from the client that authenticates');
    }
    return found;
  }

  private async verified(
    name: string,
    method: ClientAuthenticator,
    credentials: ClientCredentials,
  ): Promise<Client | undefined> {
    const client = await this.clients.find(credentials.clientId);
    if (!client || !mayUse(client, name)) return undefined;
    return (await method.verify(client, credentials)) ? client : undefined;
  }
}

function mayUse(client: Client, method: string): boolean {
  return !client.disabled && client.metadata.token_endpoint_auth_method === method;
}

/** Unknown, disabled, wrong method, wrong secret: the caller learns one thing. */
function failed(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { detail });
}
