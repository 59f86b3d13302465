import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock.js';
import { Database, statement } from '../../platform/database/database.js';
import { randomToken } from '../../platform/secret.js';
import { EVENT_TYPES } from '../../protocol/security-event.js';
import { LAST_WORD } from './notices.js';
import type { StreamStatus } from './streams.js';

/** A claimed stream is nobody else's for this long after each delivery: longer than one may take. Milliseconds. */
const LEASE = 10_000;
/** The wait before the second attempt; it doubles with each further one, up to the longest. */
const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 300_000;

/** So many of each client at most, lest one that never answers keeps the others waiting. */
const CLAIM = statement(`
  UPDATE signal_stream SET pusher = $1, pusher_until = $2::bigint + ${LEASE}
  WHERE id IN (
    SELECT due.id
    FROM (SELECT DISTINCT client_id FROM signal_stream WHERE push_url IS NOT NULL AND client_id <> ALL($4)) waiting
    CROSS JOIN LATERAL (
      SELECT s.id FROM signal_stream s
      WHERE s.client_id = waiting.client_id AND s.push_url IS NOT NULL AND s.push_next_at <= $2
        AND (s.pusher IS NULL OR s.pusher_until <= $2)
        AND ((s.status = 'enabled' AND s.acknowledged < $3)
          OR EXISTS (SELECT 1 FROM signal_notice n WHERE n.stream_id = s.id AND (s.status = 'enabled'
            OR (n.created_at > $2::bigint - ${LAST_WORD} AND n.event ->> 'type' = '${EVENT_TYPES.streamUpdated}'))))
      ORDER BY s.push_next_at, s.id LIMIT $5 FOR UPDATE SKIP LOCKED) due
    LIMIT $6)
  RETURNING id, client_id, push_attempts`);
/** One that was claimed by another meanwhile is not ours to speak of. */
const PROGRESS = statement(`
  UPDATE signal_stream SET acknowledged = greatest(acknowledged, $3), pusher_until = $4::bigint + ${LEASE}, seen_at = $4,
    push_attempts = 0, push_problem = NULL
  WHERE id = $1 AND pusher = $2 RETURNING status`);
const RELEASE = statement(`
  UPDATE signal_stream SET pusher = NULL, pusher_until = NULL WHERE id = $1 AND pusher = $2`);
const FAILED = statement(`
  UPDATE signal_stream SET pusher = NULL, pusher_until = NULL, push_attempts = push_attempts + 1, push_next_at = $3,
    push_problem = $4
  WHERE id = $1 AND pusher = $2`);

/** A stream that this process pushes, and nobody else. */
export interface Lane {
  streamId: string;
  clientId: string;
  /** Names the claim. */
  pusher: string;
  /** How often in a row it was tried in vain. */
  attempts: number;
}

/**
 * Whose turn it is to push a stream's events: one process at a time, whoever claims it, so that events come in their order.
 * Nobody holds a database connection meanwhile; a claim that dies with its process runs out.
 */
@Injectable()
export class PushLanes {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Claims streams that have something to be told, none of them twice in however many processes.
   * @param head the end of the log
   * @param busy clients that are left out
   */
  async claim(head: number, most: number, perClient: number, busy: readonly string[]): Promise<Lane[]> {
    const pusher = randomToken(12);
    const values = [pusher, this.clock.now(), head, busy, perClient, most];
    const rows = await this.database.query<{ id: string; client_id: string; push_attempts: number }>(CLAIM, values);
    return rows.map((row) => ({
      streamId: row.id,
      clientId: row.client_id,
      pusher,
      attempts: row.push_attempts,
    }));
  }

  /** Everything up to line `seq` is delivered. Answers the stream's status; undefined when the lane is another's by now. */
  async progress({ streamId, pusher }: Lane, seq: number): Promise<StreamStatus | undefined> {
    const values = [streamId, pusher, seq, this.clock.now()];
    return (await this.database.query<{ status: StreamStatus }>(PROGRESS, values))[0]?.status;
  }

  async release({ streamId, pusher }: Lane): Promise<void> {
    await this.database.query(RELEASE, [streamId, pusher]);
  }

  /** It is tried again later. */
  async failed({ streamId, pusher, attempts }: Lane, problem: string): Promise<void> {
    const pause = Math.min(FIRST_RETRY * 2 ** Math.min(attempts, 20), LONGEST_RETRY);
    await this.database.query(FAILED, [streamId, pusher, this.clock.now() + pause, problem]);
  }
}
