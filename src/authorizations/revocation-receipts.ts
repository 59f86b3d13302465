/** One process of an application. */
export interface InstanceReceipt {
  instance: string;
  /** It enforces the line since then, epoch milliseconds; absent: not yet, or it could not. */
  enforcedAt?: number;
  error?: string;
}

/** Who has confirmed that a line of the revocation log is enforced. */
export interface Receipt {
  seq: number;
  /** When it was revoked, epoch milliseconds. */
  revokedAt: number;
  applications: { clientId: string; name: string; instances: InstanceReceipt[]; enforced: boolean }[];
  /** How many of the applications enforce it in each of their processes. */
  enforced: number;
  /** From the revocation to the last confirmation there is; absent before the first. */
  milliseconds?: number;
}

/**
 * Tells which applications enforce a revocation: the transmitter of revocations knows, and account pages ask. It is its own
 * injection token.
 */
export abstract class RevocationReceipts {
  /** Undefined when there is no such line, any more. */
  abstract of(seq: number): Promise<Receipt | undefined>;

  /** The receipt once everybody has confirmed, at the latest after `milliseconds`. */
  abstract settled(seq: number, milliseconds: number): Promise<Receipt | undefined>;
}
