import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, type Queryable, statement } from '../../platform/database/database.js';

const END = statement(`
  INSERT INTO device_trust (subject, not_before) VALUES ($1, $2)
  ON CONFLICT (subject) DO UPDATE SET not_before = greatest(device_trust.not_before, EXCLUDED.not_before)`);
const NOT_BEFORE = statement(`SELECT not_before FROM device_trust WHERE subject = $1`);

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

  /** Epoch milliseconds; trust must be younger. */
  async notBefore(subject: string): Promise<number> {
    const [row] = await this.database.query<{ not_before: string }>(NOT_BEFORE, [subject]);
    return row ? Number(row.not_before) : 0;
  }
}
