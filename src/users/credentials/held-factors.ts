import { Injectable } from '@nestjs/common';
import { BatchedRead } from '../../platform/database/batched-read.js';
import { arrayOf, Database, statement } from '../../platform/database/database.js';
import type { Writes } from '../../platform/database/write-together.js';
import { claimingProof, type ProvedWhen } from './device-trust.js';

/** What a person can add to a first factor: the words of the tables that keep it. */
export type Factor = 'totp' | 'passkey' | 'recovery_code';

const HELD = statement(`
  SELECT subject,
    EXISTS (SELECT FROM totp WHERE totp.subject = asked.subject) AS totp,
    EXISTS (SELECT FROM passkey WHERE passkey.subject = asked.subject) AS passkey,
    EXISTS (SELECT FROM recovery_code WHERE recovery_code.subject = asked.subject) AS recovery_code
  FROM unnest(${arrayOf('$1', 'text')}) AS asked (subject)`);

const HELD_OF = statement(`
  SELECT factor FROM unnest($2::text[]) AS factor WHERE CASE factor
    WHEN 'totp' THEN EXISTS (SELECT FROM totp WHERE subject = $1)
    WHEN 'passkey' THEN EXISTS (SELECT FROM passkey WHERE subject = $1)
    WHEN 'recovery_code' THEN EXISTS (SELECT FROM recovery_code WHERE subject = $1)
  END
  UNION ALL SELECT NULL FROM claim WHERE ended`);

/** Which second factors people have. Whoever asks at the same time, for whatever factor, is answered by one statement. */
@Injectable()
export class HeldFactors {
  private readonly bySubject = new BatchedRead<string, Record<Factor, boolean>>(
    (subject) => subject,
    async (subjects) => {
      const rows = await this.database.query<Record<Factor, boolean> & { subject: string }>(HELD, [subjects]);
      return new Map(rows.map((row) => [row.subject, row]));
    },
  );

  constructor(private readonly database: Database) {}

  async has(subject: string, factor: Factor): Promise<boolean> {
    return (await this.bySubject.get(subject))![factor];
  }

  /**
   * For whoever acts unless there is a row, by `writeTogether`: answers one for each of these that the person has, and one
   * without a factor when something ended what was proved before it.
   * @param now epoch milliseconds
   */
  reading(
    subject: string,
    factors: readonly Factor[],
    proved: ProvedWhen,
    now: number,
  ): Required<Pick<Writes, 'claim' | 'unless'>> {
    return {
      claim: claimingProof(subject, proved, now),
      unless: { statement: HELD_OF, values: [subject, factors] },
    };
  }
}
