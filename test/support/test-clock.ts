import { Clock } from '../../src/platform/clock.js';
import { type Duration, milliseconds } from '../../src/platform/duration.js';

/** A clock in the test's hand: it stands until it is told to pass. */
export class TestClock extends Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {
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
