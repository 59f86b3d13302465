import type { HttpExchange } from '../../platform/http/exchange.js';
import { answerPlainly } from '../../platform/http/fallback.filter.js';

/**
 * Refuses a request before anybody has looked at it: 503, a stable code, `Retry-After`, a reference. It says nothing of
 * anybody, so scripts of every origin may read it: of an answer without CORS they learn no more than of a broken network.
 */
export function answerUnavailable(exchange: HttpExchange): void {
  exchange
    .setHeader('access-control-allow-origin', '*')
    .setHeader('access-control-expose-headers', 'Retry-After, X-Correlation-Id')
    .setHeader('x-correlation-id', exchange.correlationId);
  answerPlainly(exchange, 503);
}
