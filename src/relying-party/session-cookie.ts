import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';

/** Browsers keep 4096 characters of a cookie's name and value together. */
const LONGEST = 3800;
const MOST_PARTS = 9;

/** Where cookies come from and go to. */
interface Cookies extends Pick<HttpExchange, 'cookie'> {
  setCookie(cookie: string): unknown;
}

/**
 * The cookie that holds a session's id, or the whole session when it is sealed. A long value is cut into several cookies:
 * the first says how many there are (`3.…`), the others have a number behind their name. Parts of different values make
 * no value: what is sealed is authenticated as a whole.
 */
export class SessionCookie {
  /** See {@link returnedCookie}. */
  readonly returned: string;

  constructor(private readonly name: string) {
    this.returned = returnedCookie(name);
  }

  /** Its value, if the browser brought it whole. */
  read(exchange: Pick<HttpExchange, 'cookie'>): string | undefined {
    const first = exchange.cookie(this.name);
    if (first === undefined || first.charCodeAt(1) !== DOT) return first;
    const count = Number(first[0]);
    // Written in one way only.
    if (!(count >= 2 && count <= MOST_PARTS)) return '';
    const parts = [first.slice(2)];
    for (let index = 1; index < count; index += 1) parts.push(exchange.cookie(`${this.name}.${index}`) ?? '');
    return parts.includes('') ? '' : parts.join('');
  }

  set(exchange: Cookies, value: string): void {
    const parts: string[] = [];
    for (let at = 0; at < value.length; at += LONGEST) parts.push(value.slice(at, at + LONGEST));
    exchange.setCookie(hostCookie(this.name, parts.length === 1 ? value : `${parts.length}.${parts[0]}`));
    parts.slice(1).forEach((part, index) => exchange.setCookie(hostCookie(`${this.name}.${index + 1}`, part)));
    this.clearFrom(exchange, parts.length);
  }

  clear(exchange: Cookies): void {
    exchange.setCookie(clearedCookie(this.name));
    this.clearFrom(exchange, 1);
  }

  /** Parts of an earlier, longer value. */
  private clearFrom(exchange: Cookies, first: number): void {
    for (let index = first; index < MOST_PARTS; index += 1) {
      const name = `${this.name}.${index}`;
      if (exchange.cookie(name) !== undefined) exchange.setCookie(clearedCookie(name));
    }
  }
}

/** Set for the one page after a sign-in, so that a session that does not stick shows as an error and not as a loop. */
export function returnedCookie(sessionCookie: string): string {
  return `${sessionCookie}-returned`;
}

const DOT = '.'.charCodeAt(0);
