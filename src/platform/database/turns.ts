/** A batch that has not ended after this long, in milliseconds, no longer keeps the next one from beginning: it may hang. */
const PATIENCE = 250;
/** Under way at once at the most: of a database that hangs there must be connections left. */
const MOST_AT_ONCE = 3;

/** One batch after the other, and no other waits for one that hangs. */
export class Turns {
  private readonly underWay = new Set<Promise<void>>();
  private isRunning = false;

  /** @param next begins another batch, if anybody waits for one; what it answers ends with the batch and never fails */
  constructor(private readonly next: () => Promise<void> | undefined) {}

  /** Sees to it that a batch begins: soon, so that the other requests that arrived with this one come along. */
  call(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    setImmediate(() => void this.run());
  }

  private async run(): Promise<void> {
    for (let batch = this.next(); batch; batch = this.next()) {
      this.underWay.add(batch);
      const ended = batch.then(() => void this.underWay.delete(batch!));
      if (this.underWay.size < MOST_AT_ONCE) await endOrPatience(ended);
      else await Promise.race(this.underWay);
    }
    this.isRunning = false;
  }
}

async function endOrPatience(ended: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((over) => (timer = setTimeout(over, PATIENCE)));
  await Promise.race([ended, patience]);
  clearTimeout(timer);
}
