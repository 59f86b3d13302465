import type { HttpExchange } from '../platform/http/exchange.js';

/**
 * Whether a request that a browser authenticated with a cookie was made by this application's own pages: Fetch Metadata
 * says `same-origin`, or, from a browser that has none, `Origin` is ours exactly. `same-site`, `none`, `null` and silence
 * are all no: a sibling host is not us.
 */
export function isSameOrigin(exchange: HttpExchange, origin: string): boolean {
  const sites = exchange.headerValues('sec-fetch-site');
  // A page without a referrer sends `Origin: null` even to itself, so Fetch Metadata is asked first.
  if (sites.length > 0) return sites.length === 1 && sites[0] === 'same-origin';
  const origins = exchange.headerValues('origin');
  return origins.length === 1 && origins[0] === origin;
}
