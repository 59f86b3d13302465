import type { HttpExchange } from '../platform/http/exchange.js';
import { bearerToken, schemeOf, wronglySent } from '../protocol/bearer.js';
import { OAuthError } from '../protocol/oauth-error.js';

/**
 * The access token in the `Authorization` header of a request to one of our own protected resources (RFC 6750 §2.1);
 * undefined when there is no such header.
 * @throws OAuthError invalid_request when it is not one header of one token, invalid_token when it is of another scheme
 */
export function bearerCredential(exchange: HttpExchange): string | undefined {
  const [header, ...more] = exchange.headerValues('authorization');
  if (more.length > 0) throw wronglySent('there is more than one Authorization header');
  if (header === undefined) return undefined;
  if (schemeOf(header) !== 'bearer') throw new OAuthError('invalid_token', 'the Authorization scheme must be Bearer');
  return bearerToken(header);
}
