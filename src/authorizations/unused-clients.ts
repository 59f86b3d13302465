import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import { sweepAll, sweeping } from '../platform/database/sweep.js';

/** A client that registered itself and that nobody has used for this long, in milliseconds, was an experiment or a flood. */
const UNUSED_FOR = 30 * 86_400_000;

const SWEEP = sweeping(
  'client',
  `updated_at <= $1 AND (policy->>'dynamic')::boolean
    AND NOT EXISTS (SELECT 1 FROM consent WHERE consent.client_id = client.id)
    AND NOT EXISTS (SELECT 1 FROM authorization_grant WHERE authorization_grant.client_id = client.id)`,
);

/** Forgets registrations of strangers (RFC 7591) that no person ever allowed anything; what an operator registered stays. */
@Injectable()
export class UnusedClients {
  private readonly logger = new Logger(UnusedClients.name);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Answers how many went. */
  async sweep(): Promise<number> {
    const gone = await sweepAll(this.database, SWEEP, [this.clock.now() - UNUSED_FOR]);
    if (gone > 0) this.logger.log(`${gone} clients that had registered themselves and were never used are forgotten`);
    return gone;
  }
}
