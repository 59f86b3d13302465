/**
 * A place in the provider's revocation log: the claim `rev`. `epoch` grows when the database was promoted or restored, `seq`
 * with every line. Positions are compared, never clocks: there is no same second and no skew.
 */
export interface Position {
  epoch: number;
  seq: number;
}

const WRITTEN = /^(\d{1,16})\.(\d{1,16})$/;

/** The position that a claim or a wire member says, or undefined. */
export function parsePosition(text: unknown): Position | undefined {
  const parts = typeof text === 'string' ? WRITTEN.exec(text) : null;
  if (!parts) return undefined;
  const [epoch, seq] = [Number(parts[1]), Number(parts[2])];
  return Number.isSafeInteger(epoch) && Number.isSafeInteger(seq) ? { epoch, seq } : undefined;
}

export function writePosition({ epoch, seq }: Position): string {
  return `${epoch}.${seq}`;
}

/** Whether `a` comes before `b`. Everything of an earlier epoch does: it was lost or overtaken when the next one began. */
export function isBefore(a: Position, b: Position): boolean {
  return a.epoch === b.epoch ? a.seq < b.seq : a.epoch < b.epoch;
}

/** The earliest of written positions; undefined when there are none. One that is malformed comes before all. */
export function earliest(written: readonly (string | undefined)[]): string | undefined {
  const positions = written.map((text) => parsePosition(text) ?? { epoch: 0, seq: 0 });
  const [first] = positions.sort((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return first && writePosition(first);
}
