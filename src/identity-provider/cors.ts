import { Injectable } from '@nestjs/common';
import { Clients } from '../clients/clients.js';
import { Clock } from '../platform/clock.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { allowMethods } from '../platform/http/methods.js';

/** Registered origins are read again after this long, in milliseconds. */
const REREAD_AFTER = 5_000;

/**
 * Cross-origin use of the endpoints that browsers' scripts call (Fetch standard, CORS protocol): only from the origins of
 * registered redirect URIs, never with cookies.
 */
@Injectable()
export class BrowserOrigins {
  private known: { readAt: number; origins: Promise<Set<string>> } | undefined;

  constructor(
    private readonly clients: Clients,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers a preflight, refuses other methods, and marks the answer for a registered origin.
   * @returns true when the exchange is over.
   * @throws OAuthError invalid_request (405)
   */
  async handle(exchange: HttpExchange, ...methods: string[]): Promise<boolean> {
    exchange.setHeader('vary', 'Origin');
    const origin = exchange.header('origin');
    const welcome = origin !== undefined && origin !== 'null' && (await this.isRegistered(origin));
    if (welcome) {
      exchange
        .setHeader('access-control-allow-origin', origin)
        .setHeader('access-control-expose-headers', 'WWW-Authenticate, Retry-After, DPoP-Nonce');
    }
    if (exchange.method !== 'OPTIONS') {
      allowMethods(exchange, ...methods);
      return false;
    }
    if (welcome) {
      exchange
        .setHeader('access-control-allow-methods', methods.join(', '))
        .setHeader('access-control-allow-headers', 'Authorization, Content-Type, DPoP')
        .setHeader('access-control-max-age', '600');
    }
    exchange.setHeader('allow', [...methods, 'OPTIONS'].join(', ')).send(204, '');
    return true;
  }

  /** At most five seconds old, and read once however many ask. */
  private async isRegistered(origin: string): Promise<boolean> {
    const now = this.clock.now();
    if (!this.known || now - this.known.readAt >= REREAD_AFTER) {
      const origins = this.clients.webOrigins();
      this.known = { readAt: now, origins };
      origins.catch(() => (this.known = undefined));
    }
    return (await this.known.origins).has(origin);
  }
}
