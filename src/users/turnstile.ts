/** More work is waiting than can be done in reasonable time: a 503 for whoever asked. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor(readonly retryAfterSeconds: number) {
    super('too much work is waiting');
  }
}

/** Lets so many through at once, keeps so many waiting in the order they came, and turns the rest away at once. */
export class Turnstile {
  private inside = 0;
  private readonly queue: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly waiting: number,
  ) {}

  /** How many are at work, and how many wait. */
  get load(): { running: number; waiting: number } {
    return { running: this.inside, waiting: this.queue.length };
  }

  /** @throws BusyError when the queue is full; the work has not begun then. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside < this.places) {
      this.inside += 1;
    } else {
      if (this.queue.length >= this.waiting) throw new BusyError(2);
      // Who leaves hands the place over, so nobody can slip in between.
      await new Promise<void>((enter) => this.queue.push(enter));
    }
    try {
      return await work();
    } finally {
      const next = this.queue.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
