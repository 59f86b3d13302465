import type { Parameters } from '../../protocol/parameters.js';
import type { HttpExchange } from './exchange.js';

/** Longer requests are not turned into URLs; proxies refuse those. */
const LONGEST_URL = 6000;

/**
 * A form that another site posts here comes without our SameSite=Lax cookies, so we would not know the person. Repeated as
 * a GET, which is a navigation, it comes with them.
 * @returns true when the browser was sent to do so, and the exchange is over.
 */
export function repeatAsGet(exchange: HttpExchange, parameters: Parameters): boolean {
  if (exchange.method !== 'POST' || exchange.cookies.size > 0) return false;
  const url = `${exchange.path}?${parameters.encode()}`;
  if (exchange.header('sec-fetch-site') === undefined || url.length > LONGEST_URL) return false;
  exchange.redirect(url);
  return true;
}
