import { invalidRequest } from '../../protocol/oauth-error.js';
import { Parameters } from '../../protocol/parameters.js';
import type { HttpExchange } from './exchange.js';

export const FORM = 'application/x-www-form-urlencoded';

/**
 * The parameters of a form body. Only `application/x-www-form-urlencoded` counts (RFC 6749 §3.2, appendix B), whatever a
 * host application's parsers would take.
 * @throws OAuthError invalid_request
 */
export function formParameters(exchange: HttpExchange): Parameters {
  if (exchange.mediaType !== FORM || exchange.headerValues('content-type').length > 1) {
    throw invalidRequest(`the body must be ${FORM}`);
  }
  const { body } = exchange;
  if (body === undefined || body === null) return Parameters.none;
  if (typeof body === 'string' || Buffer.isBuffer(body)) return Parameters.parse(body.toString());
  if (typeof body === 'object' && !Array.isArray(body)) return Parameters.from(body as Record<string, unknown>);
  throw invalidRequest('the body is not a form');
}

/** The parameters of the query string. @throws OAuthError invalid_request when it is not UTF-8 or has too many. */
export function queryParameters(exchange: HttpExchange): Parameters {
  return Parameters.parse(exchange.query);
}
