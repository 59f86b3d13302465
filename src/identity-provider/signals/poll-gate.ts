import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many are let in before other requests have their turn. */
const AT_ONCE = 64;

/**
 * Before polls. Whoever has just been told asks again at once, while others wait to be told the first time: these go first, and it is
 * closed meanwhile. Those who came are let in, in their order, when it is opened.
 */
@Injectable()
export class PollGate {
  private readonly held: (() => void)[] = [];
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.closed = false;
    void this.letIn();
  }

  /** At once while it is open. */
  pass(): Promise<void> {
    if (!this.closed) return Promise.resolve();
    return new Promise((resolve) => void this.held.push(resolve));
  }

  private async letIn(): Promise<void> {
    while (!this.closed && this.held.length > 0) {
      for (const letIn of this.held.splice(0, AT_ONCE)) letIn();
      await nextTurn();
    }
  }
}
