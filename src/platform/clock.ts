import { Injectable } from '@nestjs/common';

/** The only reader of time, so that a test can hold the clock in its hand. It is its own injection token. */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

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
}
