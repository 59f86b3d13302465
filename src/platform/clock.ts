import { Injectable } from '@nestjs/common';

/** The only reader of time, so that a test can hold the clock in its hand. It is its own injection token. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /**
   * Milliseconds that never go back, since some moment: for how long something took. A machine that sleeps may stop it, and
   * nobody can set it; {@link now} is the other way round.
   */
  monotonic(): number {
    return this.now();
  }

  /** Whole seconds since the epoch, as JWT NumericDate wants them (RFC 7519 §2). */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

/** The machine's wall clock. */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }
}
