import { Clock } from '../platform/clock.js';
import { type Duration, milliseconds } from '../platform/duration.js';

/** A clock in the test's hand: it stands still until it is told to pass. */
export class VirtualClock extends Clock {
  /** @param time epoch milliseconds */
  constructor(private time = Date.UTC(2030, 0, 1)) {
    super();
  }

  now(): number {
    return this.time;
  }

  /** Lets `'6m'` go by. */
  pass(duration: Duration): void {
    this.time += milliseconds(duration);
  }
}
