import { Injectable } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { schemeOf } from '../../protocol/bearer.js';
import { type ClientAuthenticator, ClientAuthMethod, type ClientCredentials } from './client-auth-method.js';

interface Secret extends ClientCredentials {
  secret: string;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 6749 §2.3.1: HTTP Basic, id and secret form-encoded inside. */
@Injectable()
@ClientAuthMethod('client_secret_basic')
export class ClientSecretBasicAuthenticator implements ClientAuthenticator<Secret> {
  constructor(private readonly clients: Clients) {}

  read(exchange: HttpExchange): Secret | undefined {
    const headers = exchange.headerValues('authorization');
    if (headers.length === 0) return undefined;
    const [header, ...more] = headers as [string, ...string[]];
    if (more.length > 0) throw new OAuthError('invalid_request', 'there is more than one Authorization header');
    if (schemeOf(header) !== 'basic') throw failed('the Authorization scheme is not Basic');
    const encoded = header.slice('basic '.length);
    if (encoded.length > 4096 || encoded === '' || !BASE64.test(encoded)) throw failed('not base64');
    const octets = Buffer.from(encoded, 'base64');
    let text: string;
    try {
      text = UTF8.decode(octets);
    } catch {
      throw failed('not UTF-8');
    }
    const colon = text.indexOf(':');
    if (colon < 1) throw failed('no colon');
    return { clientId: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) };
  }

  async verify(client: Client, credentials: Secret): Promise<boolean> {
    return this.proves(client, credentials);
  }

  proves(client: Client, { secret }: Secret): boolean {
    return this.clients.isSecret(client, secret);
  }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw failed('id or secret is not form-encoded');
  }
}

function failed(detail: string): OAuthError {
  return new OAuthError('invalid_client', 'client authentication failed', { detail });
}
