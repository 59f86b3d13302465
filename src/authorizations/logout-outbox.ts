import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { tookPart } from './session-clients.js';

/** Who notifies on it has put deliveries into the outbox. */
export const LOGOUT_CHANNEL = 'gatehouse_logout';

/** A claimed delivery is nobody else's for this long; whoever dies meanwhile loses it to another process then. */
const LEASE = 10_000;
/** The wait before the second attempt; it triples with each further one, up to the longest. */
const FIRST_RETRY = 5_000;
const LONGEST_RETRY = 3_600_000;
/** Applications' own sessions have ended by themselves by then. */
const GIVE_UP_AFTER = 24 * 3_600_000;
/** What was given up can be looked at, and tried again, for this long. */
const KEEP_GIVEN_UP = 7 * 24 * 3_600_000;

const ENQUEUE = statement(`
  INSERT INTO logout_delivery (client_id, subject, sid, created_at, next_attempt_at)
  SELECT DISTINCT g.client_id, g.subject, g.sid, $2::bigint, $2::bigint
  ${tookPart('backchannel_logout_uri')}
  RETURNING id`);
const NOTIFY = statement(`SELECT pg_notify('${LOGOUT_CHANNEL}', '')`);
/** So many for each client at most, lest one that never answers keeps the others waiting. */
const CLAIM = statement(`
  UPDATE logout_delivery SET attempts = attempts + 1, next_attempt_at = $1::bigint + ${LEASE}
  WHERE id IN (
    SELECT due.id
    FROM (SELECT DISTINCT client_id FROM logout_delivery
          WHERE given_up_at IS NULL AND next_attempt_at <= $1 AND client_id <> ALL($2)) waiting
    CROSS JOIN LATERAL (
      SELECT d.id FROM logout_delivery d
      WHERE d.client_id = waiting.client_id AND d.given_up_at IS NULL AND d.next_attempt_at <= $1
      ORDER BY d.next_attempt_at, d.id LIMIT $3 FOR UPDATE SKIP LOCKED) due
    LIMIT $4)
  RETURNING id, client_id, subject, sid, created_at, attempts`);
const DONE = statement(`DELETE FROM logout_delivery WHERE id = $1`);
const RETRY = statement(`UPDATE logout_delivery SET next_attempt_at = $2, problem = $3 WHERE id = $1`);
const GIVE_UP = statement(`UPDATE logout_delivery SET given_up_at = $2, problem = $3 WHERE id = $1`);
const LIST = statement(`
  SELECT client_id, count(*) AS count, min(created_at) AS oldest, max(attempts) AS attempts,
    given_up_at IS NOT NULL AS given_up, (array_agg(problem ORDER BY id DESC) FILTER (WHERE problem IS NOT NULL))[1] AS problem
  FROM logout_delivery GROUP BY client_id, given_up_at IS NOT NULL ORDER BY client_id, given_up`);
const AGAIN = statement(`
  UPDATE logout_delivery SET given_up_at = NULL, created_at = $1, next_attempt_at = $1
  WHERE ($2::text IS NULL OR client_id = $2) RETURNING id`);
const SWEEP = statement(`DELETE FROM logout_delivery WHERE given_up_at <= $1`);

/** A client that is to be told that a session has ended. */
export interface LogoutDelivery {
  id: string;
  clientId: string;
  /** The person's own `sub`. */
  subject: string;
  sid: string;
  /** Epoch milliseconds. */
  createdAt: number;
  /** This one is the how-manieth. */
  attempts: number;
}

/** What waits for one client, or was given up. */
export interface LogoutBacklog {
  clientId: string;
  givenUp: boolean;
  count: number;
  /** Epoch milliseconds. */
  oldest: number;
  /** The most that one of them has had. */
  attempts: number;
  /** What went wrong last. */
  problem?: string;
}

interface DeliveryRow {
  id: string;
  client_id: string;
  subject: string;
  sid: string;
  created_at: string;
  attempts: number;
}

/**
 * Which clients are still to be told that a session has ended (Back-Channel Logout 1.0). It is written in the transaction
 * of the cause, so a provider that dies tells them when it is back, or another process does: each delivery belongs to whoever
 * claims it, for as long as one attempt may take.
 */
@Injectable()
export class LogoutOutbox {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Puts in a delivery for every client that took part in these sessions; the providers are woken when it is committed. */
  async enqueue(transaction: Queryable, sids: readonly string[]): Promise<void> {
    const rows = await transaction.query(ENQUEUE, [sids, this.clock.now()]);
    if (rows.length > 0) await transaction.query(NOTIFY);
  }

  /**
   * Claims deliveries that are due, none of them twice in however many processes.
   * @param busy clients that are not asked for
   */
  async claim(most: number, perClient: number, busy: readonly string[] = []): Promise<LogoutDelivery[]> {
    const rows = await this.database.query<DeliveryRow>(CLAIM, [this.clock.now(), busy, perClient, most]);
    return rows.map((row) => ({
      id: row.id,
      clientId: row.client_id,
      subject: row.subject,
      sid: row.sid,
      createdAt: Number(row.created_at),
      attempts: row.attempts,
    }));
  }

  /** It has been told, or there is nobody to tell any more. */
  async done({ id }: LogoutDelivery): Promise<void> {
    await this.database.query(DONE, [id]);
  }

  /**
   * It could not be told. Tries again later, until a day has passed.
   * @param problem for the operator: our own words, never the client's.
   * @returns when it will be tried again (epoch milliseconds), or undefined when it was given up.
   */
  async failed({ id, attempts, createdAt }: LogoutDelivery, problem: string): Promise<number | undefined> {
    const now = this.clock.now();
    const next = now + Math.min(FIRST_RETRY * 3 ** (attempts - 1), LONGEST_RETRY);
    if (next > createdAt + GIVE_UP_AFTER) {
      await this.database.query(GIVE_UP, [id, now, problem]);
      return undefined;
    }
    await this.database.query(RETRY, [id, next, problem]);
    return next;
  }

  /** What waits, and what was given up, by client. */
  async backlog(): Promise<LogoutBacklog[]> {
    const rows = await this.database.query<{
      client_id: string;
      given_up: boolean;
      count: string;
      oldest: string;
      attempts: number;
      problem: string | null;
    }>(LIST);
    return rows.map((row) => ({
      clientId: row.client_id,
      givenUp: row.given_up,
      count: Number(row.count),
      oldest: Number(row.oldest),
      attempts: row.attempts,
      ...(row.problem === null ? {} : { problem: row.problem }),
    }));
  }

  /** Tries everything again at once, also what was given up; answers how many. @param clientId of this client only. */
  async again(clientId?: string): Promise<number> {
    return this.database.transaction(async (transaction) => {
      const rows = await transaction.query(AGAIN, [this.clock.now(), clientId ?? null]);
      if (rows.length > 0) await transaction.query(NOTIFY);
      return rows.length;
    });
  }

  /** Forgets what was given up long ago. */
  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now() - KEEP_GIVEN_UP]);
  }
}
