import { Injectable } from '@nestjs/common';
import { hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { randomToken, Secrets } from '../platform/secret.js';

const COOKIE = '__Host-gatehouse-browser';

/** Where an exchange keeps what its browser was given in it, and does not bring yet; not a WeakMap, as {@link HttpExchange} says. */
const GIVEN = Symbol('gatehouse.browser');
type Exchange = HttpExchange & { [GIVEN]?: string };

/**
 * Which browser this is: a random cookie that interactions and forms are bound to. It identifies nobody, and it is
 * renewed at sign-in and sign-out so that what was bound before is dead after.
 */
@Injectable()
export class Browser {
  constructor(private readonly secrets: Secrets) {}

  /** The browser's id, or undefined when it brought none. */
  find(exchange: Exchange): string | undefined {
    const id = exchange[GIVEN] ?? exchange.cookies.get(COOKIE);
    return id?.length === 43 ? id : undefined;
  }

  /** The browser's id; gives it one when it has none. */
  identify(exchange: HttpExchange): string {
    return this.find(exchange) ?? this.renew(exchange);
  }

  /** Gives the browser a new id, which ends everything bound to the old one. */
  renew(exchange: Exchange): string {
    const id = randomToken();
    exchange.setCookie(hostCookie(COOKIE, id));
    exchange[GIVEN] = id;
    return id;
  }

  /**
   * The token for a form of this browser. `about` names the form and what it must not be replayed against (the session,
   * the interaction): a token of another form, browser or session does not fit.
   */
  formToken(browserId: string, about: string): string {
    return this.secrets.authenticate('form', `${browserId}\0${about}`).toString('base64url');
  }

  /**
   * Whether this POST comes from our own page. The browser's word decides first (Fetch Metadata, then Origin): cross-site
   * and same-site are refused. The token must fit in every case.
   */
  isOwnForm(exchange: HttpExchange, token: string | undefined, about: string, origin: string): boolean {
    const browserId = this.find(exchange);
    if (!browserId || !token) return false;
    const site = exchange.header('sec-fetch-site');
    if (site !== undefined && site !== 'same-origin') return false;
    const sender = exchange.header('origin');
    if (site === undefined && sender !== undefined && sender !== origin) return false;
    return this.secrets.isAuthentic('form', `${browserId}\0${about}`, Buffer.from(token, 'base64url'));
  }
}
