import type { Clock } from '../../platform/clock.js';

/** A moment by both clocks: taken before a request is sent. */
export interface Moment {
  wall: number;
  monotonic: number;
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}

/**
 * How old the knowledge of revocations is. It is as old as the request whose answer told it, never as young as the answer:
 * an answer may have waited in a socket while this process was stopped. Of the two clocks the one counts by which more
 * time went by: a machine that slept stopped the one, and somebody may have set the other.
 */
export class Freshness {
  private sent: Moment | undefined;
  private before = 0;

  constructor(private readonly clock: Clock) {}

  /**
   * Everything that was committed `before` milliseconds ahead of the moment is known.
   * @param before by how much the provider's knowledge was older than the request
   */
  knownAsOf(sent: Moment, before = 0): void {
    this.sent = sent;
    this.before = before;
  }

  /** Milliseconds; Infinity before anything is known. */
  get age(): number {
    const { sent } = this;
    if (!sent) return Infinity;
    const elapsed = Math.max(this.clock.monotonic() - sent.monotonic, this.clock.now() - sent.wall, 0);
    return elapsed + this.before;
  }
}
