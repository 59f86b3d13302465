import { Injectable } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Parameters } from '../../protocol/parameters.js';
import { type ClientAuthenticator, ClientAuthMethod, type ClientCredentials } from './client-auth-method.js';

interface Secret extends ClientCredentials {
  secret: string;
}

/** RFC 6749 §2.3.1: id and secret in the body. */
@Injectable()
@ClientAuthMethod('client_secret_post')
export class ClientSecretPostAuthenticator implements ClientAuthenticator<Secret> {
  constructor(private readonly clients: Clients) {}

  read(_exchange: HttpExchange, parameters: Parameters): Secret | undefined {
    const secret = parameters.get('client_secret');
    return secret === undefined ? undefined : { clientId: parameters.require('client_id'), secret };
  }

  async verify(client: Client, credentials: Secret): Promise<boolean> {
    return this.proves(client, credentials);
  }

  proves(client: Client, { secret }: Secret): boolean {
    return this.clients.isSecret(client, secret);
  }
}
