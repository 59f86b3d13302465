import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { languageFor } from '../platform/languages/languages.js';

const COOKIE = '__Host-gatehouse-language';

/** A language that was wished for on one account page (`ui_locales`) is the one of all of them, as long as the browser is open. */
export function speakChosenLanguage(exchange: HttpExchange): void {
  const wished = languageFor(new URLSearchParams(exchange.query).get('ui_locales')?.split(' ') ?? []);
  if (wished) exchange.setCookie(hostCookie(COOKIE, wished.tag));
  const chosen = wished?.tag ?? exchange.cookie(COOKIE);
  if (chosen !== undefined) exchange.speak([chosen]);
}

/** What was wished for so ends: the person has said what they want of all pages. */
export function forgetChosenLanguage(exchange: HttpExchange): void {
  if (exchange.cookie(COOKIE) !== undefined) exchange.setCookie(clearedCookie(COOKIE));
}
