import type { IncomingMessage } from 'node:http';
import { HttpExchange } from '../../platform/http/exchange.js';
import type { Incoming } from './incoming.js';
import { NO_ANSWER } from './no-answer.js';

/** A browser cannot set headers on a WebSocket: it may offer the token as a subprotocol of this name beside the real ones. */
const TOKEN_PROTOCOL = /^bearer\.([A-Za-z0-9\-._~+]+)$/;

/** The subprotocols of an upgrade, as they were offered. */
function protocolsOf(exchange: HttpExchange): string[] {
  return exchange
    .headerValues('sec-websocket-protocol')
    .flatMap((value) => value.split(','))
    .map((value) => value.trim());
}

/** Whether an offered subprotocol is a token in disguise: it must not be the one that is chosen, and echoed. */
export function isTokenProtocol(protocol: string): boolean {
  return protocol.startsWith('bearer.');
}

/**
 * A WebSocket, by the request that opened it: a Bearer header, a token among the subprotocols (`bearer.<token>`), or the
 * session cookie, which counts only with our own `Origin` (cross-site WebSocket hijacking).
 */
export class WebSocketIncoming implements Incoming {
  readonly setsCookies = false;
  readonly isOneOfMany = true;
  readonly exchange: HttpExchange;

  constructor(
    readonly carrier: object,
    request: IncomingMessage,
  ) {
    this.exchange = HttpExchange.of(request, NO_ANSWER);
  }

  authorizations(): readonly string[] {
    const headers = this.exchange.headerValues('authorization');
    if (headers.length > 0) return headers;
    return protocolsOf(this.exchange)
      .filter(isTokenProtocol)
      .map((protocol) => `Bearer ${TOKEN_PROTOCOL.exec(protocol)?.[1] ?? ''}`);
  }

  carriesTokenElsewhere(): boolean {
    const both =
      this.exchange.headerValues('authorization').length > 0 && protocolsOf(this.exchange).some(isTokenProtocol);
    return both || new URLSearchParams(this.exchange.query).has('access_token');
  }

  needsOwnOrigin(): boolean {
    return true;
  }

  /** Browsers send `Origin` with every upgrade, whatever else they send. */
  isSameOrigin(origin: string): boolean {
    const origins = this.exchange.headerValues('origin');
    const sites = this.exchange.headerValues('sec-fetch-site');
    return origins.length === 1 && origins[0] === origin && sites.every((site) => site === 'same-origin');
  }

  isNavigation(): boolean {
    return false;
  }
}
