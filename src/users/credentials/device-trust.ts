import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement, type Write } from '../../platform/database/database.js';

const END = statement(`
  INSERT INTO device_trust (subject, not_before, ending) VALUES ($1, $2, gen_random_uuid())
  ON CONFLICT (subject) DO UPDATE SET not_before = greatest(device_trust.not_before, EXCLUDED.not_before),
    ending = EXCLUDED.ending`);

/** Of what was proved at $2, when the last end had the name $4, if $5; what a clock that is ahead dates later than now, $3, ends nothing yet. */
const ENDED = `((device_trust.not_before > $2 AND device_trust.not_before <= $3)
  OR ($5::boolean AND device_trust.ending IS DISTINCT FROM $4::uuid))`;
/** The row is locked also where nothing is changed, and made where there is none: whoever ends something waits for us, or we for them. */
const CLAIM = statement(`
  INSERT INTO device_trust (subject, not_before) VALUES ($1, 0)
  ON CONFLICT (subject) DO UPDATE SET not_before = device_trust.not_before WHERE ${ENDED}
  RETURNING ${ENDED} AS ended`);

const HAS_ENDED = statement(`SELECT 1 FROM device_trust WHERE subject = $1 AND ${ENDED}`);
const NOT_BEFORE = statement(`SELECT not_before FROM device_trust WHERE subject = $1`);

/** What is known of the ends of what a person proves, from when they were looked up. */
export interface ProvedWhen {
  /** Epoch milliseconds, before they were looked up. */
  at: number;
  /** {@link lastEnding} as it was then; absent: it was not asked for. */
  ending?: string | null;
}

/** The name of the last end of what a person had proved, as an expression: whoever looks a person up reads it along. Null for none. */
export function lastEnding(subject: string): string {
  return `(SELECT ending FROM device_trust WHERE device_trust.subject = ${subject})`;
}

/**
 * To be written with whatever follows from a proof, and before it: keeps everybody from ending anything of the person until that
 * is committed, and waits for who is about to. Returns rows, of which one that says `ended` forbids it.
 * @param now epoch milliseconds
 */
export function claimingProof(subject: string, proved: ProvedWhen, now: number): Write {
  return { statement: CLAIM, values: endedValues(subject, proved, now) };
}

function endedValues(subject: string, { at, ending }: ProvedWhen, now: number): unknown[] {
  return [subject, at, now, ending ?? null, ending !== undefined];
}

/**
 * Since when a person's browsers may be known by the second factor they gave, and since when what was proved counts for a
 * sign-in that is not over. A new password, a credential that was taken away, or a sign-out everywhere ends what was trusted
 * before it.
 */
@Injectable()
export class DeviceTrust {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async end(subject: string, queryable: Queryable = this.database): Promise<void> {
    await queryable.query(END, [subject, this.clock.now()]);
  }

  /** Whether what was proved then has ended. */
  async hasEnded(subject: string, proved: ProvedWhen): Promise<boolean> {
    return (await this.database.query(HAS_ENDED, endedValues(subject, proved, this.clock.now()))).length > 0;
  }

  /** Epoch milliseconds; trust must be younger. */
  async notBefore(subject: string): Promise<number> {
    const [row] = await this.database.query<{ not_before: string }>(NOT_BEFORE, [subject]);
    return row ? Number(row.not_before) : 0;
  }
}
