/** In milliseconds. */
export interface Pauses {
  /** After the first failure; twice as long after each that follows. */
  first: number;
  longest: number;
}

/** How long whoever failed is left alone: the longer, the more often it failed in a row. It needs nothing of Node. */
export class BackOff {
  private failures = 0;
  private failedAt = 0;
  private pause = 0;

  constructor(private readonly pauses: Pauses) {}

  /** @param now in epoch milliseconds; a clock that was set back ends the pause, which nobody could say the rest of */
  isOn(now: number): boolean {
    const passed = now - this.failedAt;
    return passed >= 0 && passed < this.pause;
  }

  /** @param stretch from 1 on: those who saw the same failure shall not all come back at the same moment */
  failed(now: number, stretch = 1): void {
    const { first, longest } = this.pauses;
    this.failedAt = now;
    this.pause = Math.min(first * 2 ** this.failures, longest) * stretch;
    this.failures += 1;
  }

  succeeded(): void {
    this.failures = 0;
    this.pause = 0;
  }
}
