import { OutboundError } from './outbound-error.js';

/** Lets `limit` tasks run at once and `maxWaiting` more wait in line; whoever comes then is sent away. */
export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly maxWaiting: number,
  ) {}

  /** @throws OutboundError `failed` when the line is full */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.limit) {
      this.running += 1;
    } else {
      if (this.waiting.length >= this.maxWaiting) {
        throw new OutboundError('failed', `${this.limit} requests are running and ${this.maxWaiting} waiting`);
      }
      await new Promise<void>((admit) => this.waiting.push(admit));
    }
    try {
      return await task();
    } finally {
      // The place is handed over, not given back, so that a newcomer cannot slip in before the one who waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
