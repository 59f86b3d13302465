import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { HttpExchange } from './exchange.js';

/**
 * The JSON object of a request's body, as the host's parser read it.
 * @throws OAuthError invalid_request: 415 for another media type, 400 for anything but an object
 */
export function jsonBody(exchange: HttpExchange): Record<string, unknown> {
  if (exchange.mediaType !== 'application/json' || exchange.headerValues('content-type').length > 1) {
    throw new OAuthError('invalid_request', 'the body must be application/json', { status: 415 });
  }
  const { body } = exchange;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('the body must be a JSON object');
  }
  return body as Record<string, unknown>;
}
