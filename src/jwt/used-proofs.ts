/** Where it is remembered which proofs were used: each counts once (RFC 9449 §11.1). */
export abstract class UsedProofs {
  /**
   * Notes a proof. One atomic step: of two at the same time one is the first.
   * @param id stands for the proof; @param expiresAt seconds since the epoch: later it is refused by its age
   * @returns whether it was not used before
   */
  abstract use(id: string, expiresAt: number): Promise<boolean>;
}

/** As many as this are remembered; a flood pushes out those that end next. */
const MAX = 200_000;

/** The proofs that this process has seen. Another process has its own; a server's nonce narrows what that leaves open. */
export class RememberedProofs extends UsedProofs {
  /** In the order in which they came, which is about that in which they end. */
  private readonly ends = new Map<string, number>();

  constructor(
    private readonly clock: { seconds(): number },
    private readonly max = MAX,
  ) {
    super();
  }

  async use(id: string, expiresAt: number): Promise<boolean> {
    const now = this.clock.seconds();
    for (const [known, end] of this.ends) {
      if (end > now && this.ends.size < this.max) break;
      this.ends.delete(known);
    }
    if (this.ends.has(id)) return false;
    this.ends.set(id, expiresAt);
    return true;
  }
}
