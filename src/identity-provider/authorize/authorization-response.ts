import type { HttpExchange } from '../../platform/http/exchange.js';
import type { ResponseTarget } from './authorization-request.js';

/** Sends an authorization response, or an error, to the client: RFC 6749 §4.1.2 with `iss` of RFC 9207. */
export function respond(
  exchange: HttpExchange,
  target: ResponseTarget,
  issuer: string,
  parameters: Record<string, string>,
): void {
  const { redirectUri, state } = target;
  const query = Object.entries({ ...parameters, ...(state === undefined ? {} : { state }), iss: issuer })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  // A registered query comes back intact: the URL is extended as text, never rebuilt.
  exchange.redirect(`${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query}`);
}
