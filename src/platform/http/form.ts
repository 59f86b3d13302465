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
  if (typeof body === 'object' && !Array.isArray(body)) return Parameters.from(asSent(body));
  throw invalidRequest('the body is not a form');
}

/**
 * Express makes a list of one of `a[]=1` and `a[0]=1`, which are other names than `a`, and none that anybody knows. A name
 * that was sent twice is a longer list, and refused when it is read.
 */
function asSent(body: object): Record<string, unknown> {
  const isOtherName = (value: unknown) => Array.isArray(value) && value.length < 2;
  const entries = Object.entries(body);
  if (!entries.some(([, value]) => isOtherName(value))) return body as Record<string, unknown>;
  return Object.fromEntries(entries.filter(([, value]) => !isOtherName(value)));
}

/** The parameters of the query string. @throws OAuthError invalid_request when it is not UTF-8 or has too many. */
export function queryParameters(exchange: HttpExchange): Parameters {
  return Parameters.parse(exchange.query);
}
