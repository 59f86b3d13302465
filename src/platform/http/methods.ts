import { OAuthError } from '../../protocol/oauth-error.js';
import type { HttpExchange } from './exchange.js';

/**
 * Refuses other methods than these with 405 and `Allow` (RFC 9110 §15.5.6). Our routes take every method and ask this
 * first, because a framework would answer a wrong verb with 404, and HEAD with the side effects of GET.
 * @throws OAuthError invalid_request with status 405.
 */
export function allowMethods(exchange: HttpExchange, ...methods: string[]): void {
  if (methods.includes(exchange.method)) return;
  exchange.setHeader('allow', methods.join(', '));
  throw new OAuthError('invalid_request', `the method must be ${methods.join(' or ')}`, { status: 405 });
}
