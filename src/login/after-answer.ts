import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';

/**
 * Work that is done when the answer is on its way: what somebody may not learn from the time of an answer, because it depends
 * on whether there is such a person, happens after it.
 */
@Injectable()
export class AfterAnswer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(AfterAnswer.name);
  private readonly underWay = new Set<Promise<void>>();

  run(correlationId: string, work: () => Promise<void>): void {
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(work)
      .catch((error: Error) => {
        this.logger.error(`${error.name}: ${error.message} (reference ${correlationId})`);
      })
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }

  /** Waits for all that was begun. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.settled();
  }
}
