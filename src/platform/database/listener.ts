import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** A connection that broke is made again after this long, in milliseconds. */
const RECONNECT_AFTER = 1_000;
/** A server that does not answer the farewell is left after this long, in milliseconds. */
const LONGEST_FAREWELL = 1_000;
/**
 * What is called after a NOTIFY, with the connection on which it was heard: who looks by it waits for nobody else. `sender`: the
 * server's process that said it, 0 when the connection was made anew and nobody said anything.
 */
export type Waker = (heardOn: pg.Client, sender: number) => void;

/** Channel names go into SQL as they are. */
const CHANNEL = /^[a-z_]{1,60}$/;

/**
 * Hears NOTIFY (PostgreSQL) on one connection of its own, made when somebody first listens. What is said is a hint to look,
 * never believed: any role of the database may say it, and what is said while the connection is down is lost. So whoever
 * listens is woken as well each time the connection is made anew, and looks now and then without being told.
 */
export class Listener {
  private readonly wakers = new Map<string, Set<Waker>>();
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param connect makes a client that is not connected yet. */
  constructor(private readonly connect: () => pg.Client) {}

  /** Calls `wake` after each NOTIFY on this channel. @returns what stops it. */
  listen(channel: string, wake: Waker): () => void {
    if (!CHANNEL.test(channel)) throw new Error(`'${channel}' is no name for a channel`);
    const wakers = this.wakers.get(channel) ?? new Set<Waker>();
    this.wakers.set(channel, wakers.add(wake));
    // A channel that is new on a connection that stands already.
    if (this.client) void this.client.query(`LISTEN ${channel}`).catch(() => {});
    else this.ensureConnected();
    return () => void wakers.delete(wake);
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.connecting;
    const farewell = this.client?.end().catch(() => {});
    await Promise.race([farewell, delay(LONGEST_FAREWELL, undefined, { ref: false })]);
  }

  private ensureConnected(): void {
    this.connecting ??= this.open()
      .catch(() => this.reconnectSoon())
      .finally(() => (this.connecting = undefined));
  }

  private async open(): Promise<void> {
    if (this.closed) return;
    const client = this.connect();
    const lost = () => {
      if (this.client === client) this.client = undefined;
      this.reconnectSoon();
    };
    client.on('error', lost);
    client.on('notification', ({ channel, processId }) => this.wake(channel, client, processId));
    try {
      await client.connect();
      for (const channel of this.wakers.keys()) await client.query(`LISTEN ${channel}`);
    } catch (error) {
      client.removeListener('error', lost);
      // Whatever becomes of it now, nobody waits for it.
      client.on('error', () => {});
      void client.end().catch(() => {});
      throw error;
    }
    client.on('end', lost);
    this.client = client;
    for (const channel of this.wakers.keys()) this.wake(channel, client, 0);
  }

  private reconnectSoon(): void {
    if (this.closed) return;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.ensureConnected(), RECONNECT_AFTER).unref();
  }

  private wake(channel: string, client: pg.Client, sender: number): void {
    for (const wake of this.wakers.get(channel) ?? []) wake(client, sender);
  }
}
