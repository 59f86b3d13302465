import { clearedCookie, hostCookie } from './cookies.js';
import type { HttpExchange } from './exchange.js';

const COOKIE = '__Host-gatehouse-link';
/** The page that a link leads to may stay open for so long, in seconds. */
const LIFETIME = 60 * 60;

/**
 * The token that a link of a mail brought. A URL is written into histories and logs and sent along as a referrer, so the
 * first thing that happens is that the token goes into a cookie and the browser to the same page without it.
 */
export const linkToken = {
  /** The token in this request's URL, if there is one. */
  arriving(exchange: HttpExchange): string | undefined {
    const tokens = new URLSearchParams(exchange.query).getAll('token');
    return tokens.length === 1 && /^[\w-]{43}$/.test(tokens[0]!) ? tokens[0] : undefined;
  },

  /** Takes an arriving token out of the URL: true when the browser was sent to the same page without it. */
  redirected(exchange: HttpExchange): boolean {
    const token = linkToken.arriving(exchange);
    if (token === undefined) return false;
    linkToken.keep(exchange, token);
    exchange.redirect(exchange.path);
    return true;
  },

  keep(exchange: HttpExchange, token: string): void {
    exchange.setCookie(hostCookie(COOKIE, token, LIFETIME));
  },

  /** The token that arrived before. */
  kept(exchange: HttpExchange): string {
    return exchange.cookies.get(COOKIE) ?? '';
  },

  forget(exchange: HttpExchange): void {
    exchange.setCookie(clearedCookie(COOKIE));
  },
};
