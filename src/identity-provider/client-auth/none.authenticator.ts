import { Injectable } from '@nestjs/common';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Parameters } from '../../protocol/parameters.js';
import { type ClientAuthenticator, ClientAuthMethod, type ClientCredentials } from './client-auth-method.js';

/** A public client says who it is and proves nothing (RFC 6749 §2.1); PKCE and the redirect URI protect it. */
@Injectable()
@ClientAuthMethod('none')
export class NoneAuthenticator implements ClientAuthenticator {
  read(exchange: HttpExchange, parameters: Parameters): ClientCredentials | undefined {
    const clientId = parameters.get('client_id');
    const bringsMore =
      exchange.header('authorization') !== undefined ||
      parameters.has('client_secret') ||
      parameters.has('client_assertion') ||
      parameters.has('client_assertion_type');
    return clientId === undefined || bringsMore ? undefined : { clientId };
  }

  async verify(): Promise<boolean> {
    return true;
  }

  proves(): boolean {
    return true;
  }
}
