/** Work that is kept somewhere until it is done, and what is done with it. */
export interface Dispatched<T> {
  /** Takes what is due: at most `room`, at most `mostPerOwner` of one owner, and nothing of those who are busy. */
  claim(room: number, mostPerOwner: number, busy: string[]): Promise<T[]>;
  ownerOf(work: T): string;
  /** Never rejects: what goes wrong is written down with the work. */
  run(work: T): Promise<void>;
  /** Nothing could be claimed; the next look tries again. */
  failed(error: unknown): void;
}

/** How much is under way at once. */
export interface DispatchBounds {
  atOnce: number;
  /** One owner that never answers must not keep the others waiting. */
  perOwner: number;
}

/** Does work as it falls due, a bounded amount at once and of one owner; whoever thinks that something is due, says `look`. */
export class BoundedDispatch<T> {
  private readonly underWay = new Map<Promise<void>, string>();
  private looking: Promise<void> | undefined;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly bounds: DispatchBounds,
    private readonly work: Dispatched<T>,
  ) {}

  /** Begins what is due, as much as there is room for; what has to wait is begun when room is made. */
  async look(): Promise<void> {
    this.lookAgain = true;
    this.looking ??= this.lookRepeatedly().finally(() => (this.looking = undefined));
    await this.looking;
  }

  /** Nothing new is begun. */
  stop(): void {
    this.stopped = true;
  }

  /** Returns when all that is under way now is done. */
  async settled(): Promise<void> {
    await this.looking;
    await Promise.all(this.underWay.keys());
  }

  private async lookRepeatedly(): Promise<void> {
    try {
      while (this.lookAgain && !this.stopped) {
        this.lookAgain = false;
        await this.begin();
      }
    } catch (error) {
      this.work.failed(error);
    }
  }

  private async begin(): Promise<void> {
    const room = this.bounds.atOnce - this.underWay.size;
    if (room <= 0) return;
    const claimed = await this.work.claim(room, this.bounds.perOwner, this.busy());
    for (const work of claimed) {
      const task: Promise<void> = this.work.run(work).finally(() => {
        this.underWay.delete(task);
        void this.look();
      });
      this.underWay.set(task, this.work.ownerOf(work));
    }
    // An owner may have more than was claimed at once.
    if (claimed.length > 0) this.lookAgain = true;
  }

  private busy(): string[] {
    const counts = new Map<string, number>();
    for (const owner of this.underWay.values()) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= this.bounds.perOwner).map(([owner]) => owner);
  }
}
