import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

/** What was asked of others while requests were answered. */
export interface Lookups {
  postgres: number;
  redis: number;
  http: number;
}

/**
 * Counts what a process asks of PostgreSQL, Redis and other servers in order to answer requests, at the clients that it asks
 * with. What it does beside them, such as reading the feed, is not counted: it costs the same however many come.
 */
export class LookupCounter {
  private readonly requests = new AsyncLocalStorage<true>();
  private counted: Lookups = { postgres: 0, redis: 0, http: 0 };
  private isCounting = false;

  /** Call it before the application is made. */
  async watch(): Promise<void> {
    const { default: pg } = await import('pg');
    const { Redis } = await import('ioredis');
    this.wrap(pg.Client.prototype, 'query', 'postgres');
    this.wrap(Redis.prototype, 'sendCommand', 'redis');
    subscribe('undici:request:create', () => this.note('http'));
  }

  /** From now on what this server's requests ask is counted, when it is switched on. */
  follow(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (_request, _reply, done) => {
      if (this.isCounting) this.requests.run(true, done);
      else done();
    });
  }

  start(): void {
    this.counted = { postgres: 0, redis: 0, http: 0 };
    this.isCounting = true;
  }

  stop(): Lookups {
    this.isCounting = false;
    return this.counted;
  }

  private wrap(prototype: object, method: string, name: keyof Lookups): void {
    const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[method]!;
    const note = () => this.note(name);
    methods[method] = function (this: unknown, ...args: unknown[]) {
      note();
      return original.apply(this, args);
    };
  }

  private note(name: keyof Lookups): void {
    if (this.isCounting && this.requests.getStore()) this.counted[name] += 1;
  }
}
