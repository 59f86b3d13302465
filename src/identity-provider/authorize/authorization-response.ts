import { h } from 'preact';
import type { HttpExchange } from '../../platform/http/exchange.js';
import { FORM_POST_SCRIPT_HASH, FormPostPage } from '../pages/form-post.page.js';
import type { ResponseTarget } from './authorization-request.js';

/**
 * Sends an authorization response, or an error, to the client by the response mode of the request: RFC 6749 §4.1.2 and
 * §4.2.2, Form Post Response Mode 1.0 §2; always with `iss` of RFC 9207.
 */
export function respond(
  exchange: HttpExchange,
  target: ResponseTarget,
  issuer: string,
  parameters: Record<string, string>,
): void {
  const { redirectUri, responseMode, state } = target;
  const all = { ...parameters, ...(state === undefined ? {} : { state }), iss: issuer };
  if (responseMode === 'form_post') {
    const page = h(FormPostPage, { action: redirectUri, fields: all });
    exchange.page(200, page, { scriptHashes: [FORM_POST_SCRIPT_HASH] });
    return;
  }
  const encoded = Object.entries(all)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  // A registered query comes back intact: the URL is extended as text, never rebuilt. A registered URI has no fragment.
  const mark = responseMode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?';
  exchange.redirect(`${redirectUri}${mark}${encoded}`);
}
