import type { HttpExchange } from '../../platform/http/exchange.js';
import { isSameOrigin } from '../same-origin.js';
import type { Incoming } from './incoming.js';

const NONE: readonly string[] = [];
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A plain HTTP request. */
export class HttpIncoming implements Incoming {
  readonly setsCookies = true;

  readonly carrier: object;

  constructor(readonly exchange: HttpExchange) {
    // One for one request, and ours: nothing more is put on the host's.
    this.carrier = exchange;
  }

  authorizations(): readonly string[] {
    // Node keeps the first of several here, so one look tells whether there is any.
    return this.exchange.header('authorization') === undefined ? NONE : this.exchange.headerValues('authorization');
  }

  /** RFC 6750 §2: a token in the query or the body beside the header's is an ambiguity. Alone they are not looked at. */
  carriesTokenElsewhere(): boolean {
    const { query, body } = this.exchange;
    if (query !== '' && new URLSearchParams(query).has('access_token')) return true;
    if (typeof body !== 'object' || body === null || !('access_token' in body)) return false;
    return this.exchange.mediaType === 'application/x-www-form-urlencoded';
  }

  needsOwnOrigin(): boolean {
    return !SAFE_METHODS.has(this.exchange.method) || this.exchange.header('upgrade') !== undefined;
  }

  isSameOrigin(origin: string): boolean {
    return isSameOrigin(this.exchange, origin);
  }

  isNavigation(): boolean {
    if (this.exchange.method !== 'GET') return false;
    const mode = this.exchange.header('sec-fetch-mode');
    return (mode === undefined || mode === 'navigate') && /\btext\/html\b/i.test(this.exchange.header('accept') ?? '');
  }
}
