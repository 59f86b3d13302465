import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clients } from '../clients/clients.js';
import { Clock } from '../platform/clock.js';
import { isDatabaseAway } from '../platform/database/database-error.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { allowMethods } from '../platform/http/methods.js';

/** Registered origins are read again after this long, in milliseconds. */
const REREAD_AFTER = 5_000;

/**
 * Cross-origin use of the endpoints that browsers' scripts call (Fetch standard, CORS protocol): only from the origins of
 * registered redirect URIs, never with cookies.
 */
@Injectable()
export class BrowserOrigins implements OnApplicationBootstrap {
  private reading: { begunAt: number; origins: Promise<ReadonlySet<string>> } | undefined;
  private lastKnown: ReadonlySet<string> | undefined;

  constructor(
    private readonly clients: Clients,
    private readonly clock: Clock,
  ) {}

  /** So that there is something to go by when the database is away. */
  async onApplicationBootstrap(): Promise<void> {
    await this.read();
  }

  /**
   * Answers a preflight, refuses other methods, and marks the answer for a registered origin.
   * @returns true when the exchange is over.
   * @throws OAuthError invalid_request (405)
   */
  async handle(exchange: HttpExchange, ...methods: string[]): Promise<boolean> {
    exchange.setHeader('vary', 'Origin');
    const origin = exchange.header('origin');
    const welcome = origin !== undefined && origin !== 'null' && (await this.registered()).has(origin);
    if (welcome) {
      exchange
        .setHeader('access-control-allow-origin', origin)
        .setHeader('access-control-expose-headers', 'WWW-Authenticate, Retry-After, DPoP-Nonce, X-Correlation-Id');
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

  /**
   * At most five seconds old, and read once however many ask; without a database as old as it is, so that a script can read
   * that it was refused for that.
   */
  private registered(): Promise<ReadonlySet<string>> {
    const now = this.clock.now();
    if (!this.reading || now - this.reading.begunAt >= REREAD_AFTER) {
      this.reading = { begunAt: now, origins: this.read() };
    }
    return this.reading.origins;
  }

  private async read(): Promise<ReadonlySet<string>> {
    try {
      return (this.lastKnown = await this.clients.webOrigins());
    } catch (error) {
      this.reading = undefined;
      if (this.lastKnown && isDatabaseAway(error)) return this.lastKnown;
      throw error;
    }
  }
}
