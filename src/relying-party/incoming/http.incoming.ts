import type { HttpExchange } from '../../platform/http/exchange.js';
import { isSameOrigin } from '../same-origin.js';
import type { Incoming } from './incoming.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A plain HTTP request. */
export class HttpIncoming implements Incoming {
  readonly setsCookies = true;

  constructor(
    readonly carrier: object,
    readonly exchange: HttpExchange,
  ) {}

  authorizations(): readonly string[] {
    return this.exchange.headerValues('authorization');
  }

  /** RFC 6750 §2: a token in the query or the body beside the header's is an ambiguity. Alone they are not looked at. */
  carriesTokenElsewhere(): boolean {
    if (new URLSearchParams(this.exchange.query).has('access_token')) return true;
    const { body } = this.exchange;
    const isForm = this.exchange.mediaType === 'application/x-www-form-urlencoded';
    return isForm && typeof body === 'object' && body !== null && 'access_token' in body;
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
