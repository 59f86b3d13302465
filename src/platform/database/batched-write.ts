import { isAnswered, isDatabaseAway } from './database-error.js';
import { Turns } from './turns.js';

/** More than this go in the next statement. */
const LARGEST_BATCH = 50;

interface Waiter<T, R> {
  item: T;
  resolve(result: R | undefined): void;
  reject(error: unknown): void;
}

/**
 * Writes of several requests that share a statement and its commit: while one is under way, whoever comes joins the next,
 * which waits no longer for one that hangs than {@link Turns} does.
 * Each is done or not done by itself; whoever was not learns nothing but that, and asks for itself alone.
 *
 * The statement must do what it is asked only where nothing stands in the way, must not wait for locks that somebody holds
 * for long, and gets its items in the order of their names: two of them, of one process or of two, then never wait for each
 * other crosswise.
 */
export class BatchedWrite<T, R> {
  private waiting: Waiter<T, R>[] = [];
  private readonly turns = new Turns(() => (this.waiting.length > 0 ? this.writeBatch(this.nextBatch()) : undefined));

  /**
   * @param nameOf what there must not be two of in one statement
   * @param write answers what was done, by {@link nameOf}
   */
  constructor(
    private readonly nameOf: (item: T) => string,
    private readonly write: (items: T[]) => Promise<ReadonlyMap<string, R>>,
  ) {}

  /** What came of it; undefined: nothing has happened. @throws what the database throws when nobody knows what has happened */
  add(item: T): Promise<R | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.turns.call();
    });
  }

  private nextBatch(): Map<string, Waiter<T, R>> {
    const batch = new Map<string, Waiter<T, R>>();
    const later: Waiter<T, R>[] = [];
    for (const waiter of this.waiting) {
      const name = this.nameOf(waiter.item);
      if (batch.size < LARGEST_BATCH && !batch.has(name)) batch.set(name, waiter);
      else later.push(waiter);
    }
    this.waiting = later;
    return batch;
  }

  private async writeBatch(batch: Map<string, Waiter<T, R>>): Promise<void> {
    try {
      const names = [...batch.keys()].sort();
      const done = await this.write(names.map((name) => batch.get(name)!.item));
      for (const [name, waiter] of batch) waiter.resolve(done.get(name));
    } catch (error) {
      // What PostgreSQL refused it has not done, for none of them; the one at fault finds out alone.
      for (const waiter of batch.values()) {
        if (isAnswered(error) && !isDatabaseAway(error)) waiter.resolve(undefined);
        else waiter.reject(error);
      }
    }
  }
}
