import { Turns } from './turns.js';

/** More keys than this go in the next statement. */
const LARGEST_BATCH = 100;

interface Waiter<V> {
  resolve(value: V | undefined): void;
  reject(error: unknown): void;
}

/**
 * Reads by key that wait for each other: while one statement is under way, whoever asks joins the next one. Under load a
 * row costs a fraction of a statement of its own; alone it costs the same. Nothing is kept: an answer was read after it
 * was asked for, so whatever was committed before is seen.
 *
 * A key must be one that PostgreSQL takes (text without NUL), because an error is everybody's in the batch.
 */
export class BatchedRead<K, V> {
  private waiting = new Map<string, { key: K; waiters: Waiter<V>[] }>();
  private readonly turns = new Turns(() => (this.waiting.size > 0 ? this.readBatch(this.nextBatch()) : undefined));

  /**
   * @param nameOf what makes a key the same as another
   * @param read answers what it finds, by {@link nameOf} of the key; what is not there is left out
   */
  constructor(
    private readonly nameOf: (key: K) => string,
    private readonly read: (keys: K[]) => Promise<ReadonlyMap<string, V>>,
  ) {}

  get(key: K): Promise<V | undefined> {
    return new Promise((resolve, reject) => {
      const name = this.nameOf(key);
      const same = this.waiting.get(name);
      if (same) same.waiters.push({ resolve, reject });
      else this.waiting.set(name, { key, waiters: [{ resolve, reject }] });
      this.turns.call();
    });
  }

  private nextBatch(): Map<string, { key: K; waiters: Waiter<V>[] }> {
    const all = this.waiting;
    this.waiting = new Map();
    if (all.size <= LARGEST_BATCH) return all;
    const entries = [...all];
    this.waiting = new Map(entries.slice(LARGEST_BATCH));
    return new Map(entries.slice(0, LARGEST_BATCH));
  }

  private async readBatch(batch: Map<string, { key: K; waiters: Waiter<V>[] }>): Promise<void> {
    try {
      const found = await this.read(Array.from(batch.values(), ({ key }) => key));
      for (const [name, { waiters }] of batch) {
        const value = found.get(name);
        for (const waiter of waiters) waiter.resolve(value);
      }
    } catch (error) {
      for (const { waiters } of batch.values()) for (const waiter of waiters) waiter.reject(error);
    }
  }
}
