import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { HttpExchange } from './exchange.js';

/** RFC 7493 §2.1 has no lone surrogates, and no database of ours has NUL in a text. */
const NO_TEXT = /[\0\p{Surrogate}]/u;

/**
 * The JSON object of a request's body, as the host's parser read it.
 * @throws OAuthError invalid_request: 415 for another media type, 400 for anything but an object of text that can be kept
 */
export function jsonBody(exchange: HttpExchange): Record<string, unknown> {
  if (!exchange.isJson) {
    throw new OAuthError('invalid_request', 'the body must be application/json in UTF-8', { status: 415 });
  }
  const { body } = exchange;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidRequest('the body must be a JSON object');
  }
  if (holdsNoText(body)) throw invalidRequest('the body has a character that is not one of a text');
  return body as Record<string, unknown>;
}

/** As {@link jsonBody}; a request without any body says nothing. */
export function jsonBodyIfAny(exchange: HttpExchange): Record<string, unknown> {
  const isThere =
    exchange.header('transfer-encoding') !== undefined || (exchange.header('content-length') ?? '0') !== '0';
  return isThere || exchange.mediaType !== '' ? jsonBody(exchange) : {};
}

/** Not by recursion: a small body can be nested deeper than the stack is. */
function holdsNoText(body: object): boolean {
  const waiting: unknown[] = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && NO_TEXT.test(value)) return true;
    if (typeof value === 'object' && value !== null) waiting.push(...Object.keys(value), ...Object.values(value));
  }
  return false;
}
