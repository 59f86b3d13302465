import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement, type Write } from '../platform/database/database.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import type { AuditEvent, AuditRecord } from './audit-event.js';

const RECORD = statement(`
  INSERT INTO audit_event (at, event, subject, actor, detail, ip, user_agent, correlation_id)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8`);
const RECORD_ALL = statement(`
  INSERT INTO audit_event (at, event, subject, actor, detail, ip, user_agent, correlation_id)
  SELECT $1, event, subject, actor, detail, $3, $4, $5
  FROM jsonb_to_recordset($2) AS act (event text, subject text, actor text, detail jsonb)`);
const RECENT = statement(`
  SELECT at, event, subject, actor, detail, ip, user_agent, correlation_id FROM audit_event
  WHERE subject = $1 ORDER BY id DESC LIMIT $2`);
/** Of their latest sign-ins, so that one by somebody else does not count for more than it is. */
const USUAL_LANGUAGE = statement(`
  SELECT language FROM (
    SELECT id, detail->>'language' AS language FROM audit_event
    WHERE subject = $1 AND event = 'sign_in' AND detail ? 'language' ORDER BY id DESC LIMIT 20) AS latest
  GROUP BY language ORDER BY count(*) DESC, min(id) LIMIT 1`);
const LET_SWEEP = statement(`SELECT set_config('gatehouse.audit_sweep', 'on', true)`);
const SWEEP = statement(`
  DELETE FROM audit_event WHERE id IN (SELECT id FROM audit_event WHERE at <= $1 ORDER BY id LIMIT 1000)
  RETURNING 1 AS gone`);

/** How long events are kept, in milliseconds: a year and a month, so that a yearly review finds the whole year. */
const KEPT = 396 * 86_400_000;

/** Where an act came from. An act of the operator, at the command line, has no network and no browser. */
export interface AuditOrigin {
  ip: string;
  userAgent: string;
  correlationId: string;
}

/** The origin of what the operator does at the command line. */
export const AT_THE_COMMAND_LINE: AuditOrigin = { ip: '', userAgent: '', correlationId: '' };
/** The actor then. */
export const OPERATOR = 'operator';

/** The origin of what a request does. */
export function originOf({ ip, userAgent, correlationId }: HttpExchange): AuditOrigin {
  return { ip, userAgent, correlationId };
}

interface AuditRow {
  at: string;
  event: AuditRecord['event'];
  subject: string | null;
  actor: string | null;
  detail: AuditRecord['detail'];
  ip: string;
  user_agent: string;
  correlation_id: string;
}

/**
 * The record of who did what, when and from where, for acts that concern a person's security. It is only ever added to:
 * the database itself refuses to change a line (see the migration). No line holds a secret.
 */
@Injectable()
export class Audit {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param queryable the transaction of the act, so that act and record are one. */
  async record(event: AuditEvent, origin: AuditOrigin, queryable: Queryable = this.database): Promise<void> {
    const { statement: record, values } = this.recording(event, origin);
    await queryable.query(record, values);
  }

  /** As {@link record}, for whoever makes the record and the act in one statement. */
  recording(event: AuditEvent, origin: AuditOrigin): Write {
    const { name, subject, actor = subject, ...detail } = event;
    const values = [
      this.clock.now(),
      name,
      subject ?? null,
      actor ?? null,
      detail,
      origin.ip,
      origin.userAgent,
      origin.correlationId,
    ];
    return { statement: RECORD, values };
  }

  /** The same for many acts of one origin at once. */
  async recordAll(events: readonly AuditEvent[], origin: AuditOrigin, queryable: Queryable): Promise<void> {
    const acts = events.map(({ name: event, subject, actor = subject, ...detail }) => ({
      event,
      subject,
      actor,
      detail,
    }));
    const { ip, userAgent, correlationId } = origin;
    await queryable.query(RECORD_ALL, [this.clock.now(), JSON.stringify(acts), ip, userAgent, correlationId]);
  }

  /** What happened to a person, latest first. */
  async recent(subject: string, limit = 50): Promise<AuditRecord[]> {
    const rows = await this.database.query<AuditRow>(RECENT, [subject, limit]);
    return rows.map((row) => ({
      at: Number(row.at),
      event: row.event,
      ...(row.subject === null ? {} : { subject: row.subject }),
      ...(row.actor === null ? {} : { actor: row.actor }),
      detail: row.detail,
      ip: row.ip,
      userAgent: row.user_agent,
      correlationId: row.correlation_id,
    }));
  }

  /** The language of the pages on which somebody mostly signs in, a BCP 47 tag; of two, the one that came first. */
  async usualLanguage(subject: string, queryable: Queryable = this.database): Promise<string | undefined> {
    const [row] = await queryable.query<{ language: string }>(USUAL_LANGUAGE, [subject]);
    return row?.language;
  }

  /** Removes what is older than thirteen months; answers how much. */
  sweep(): Promise<number> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(LET_SWEEP);
      return (await transaction.query(SWEEP, [this.clock.now() - KEPT])).length;
    });
  }
}
