import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '../../jwt/key-source.js';
import { Clock } from '../../platform/clock.js';
import { arrayOf, Database, statement } from '../../platform/database/database.js';
import { digest, randomToken, Secrets } from '../../platform/secret.js';
import type { SubjectId } from '../../protocol/security-event.js';

export type StreamStatus = 'enabled' | 'paused' | 'disabled';

/** Where and how a receiver gets its events. */
export interface Stream {
  id: string;
  clientId: string;
  /** Which of the receiver's processes; empty for a receiver that names none. */
  instance: string;
  /** Push delivery; absent: the receiver polls. */
  push?: { url: string; authorization?: string };
  /** Absent: none in particular, so all that there are. */
  eventsRequested?: string[];
  description?: string;
  algorithm: SigningAlgorithm;
  status: StreamStatus;
  statusReason?: string;
  /** The stream is removed when nothing was heard of its receiver for so long. */
  inactivitySeconds?: number;
  /** Everything up to this line of the log is acknowledged. */
  acknowledged: number;
  /** Its receiver removed subjects from it; only then it must be asked which. */
  removesSubjects: boolean;
  /** Another one after each change of what is above. */
  mark: string;
}

/** What a receiver says of a stream. */
export type StreamWish = Pick<Stream, 'eventsRequested' | 'push' | 'description' | 'algorithm'>;

/** What a receiver changes: a member that is there, also as undefined, is set; one that is not stays as it is. */
export type StreamChange = { [Member in keyof StreamWish]?: StreamWish[Member] | undefined };

const REMOVES = `EXISTS (SELECT 1 FROM signal_removed_subject r WHERE r.stream_id = signal_stream.id)`;
const COLUMNS = `id, client_id, instance, push_url, push_authorization, events_requested, description, algorithm, status,
  status_reason, inactivity_seconds, acknowledged, ${REMOVES} AS removes_subjects,
  hashtextextended(ROW (push_url, push_authorization, events_requested, description, algorithm, status, status_reason,
    inactivity_seconds, acknowledged, ${REMOVES})::text, 0) AS mark`;

const INSERT = statement(`
  INSERT INTO signal_stream (id, client_id, instance, push_url, push_authorization, events_requested, description, algorithm,
    status, inactivity_seconds, acknowledged, created_at, seen_at)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, 'enabled', $9, $10, $11, $11
  WHERE (SELECT count(*) FROM signal_stream WHERE client_id = $2) < $12
  ON CONFLICT (client_id, instance) DO NOTHING RETURNING ${COLUMNS}`);
const EXISTS = statement(`SELECT 1 FROM signal_stream WHERE client_id = $1 AND instance = $2`);
const FIND = statement(`SELECT ${COLUMNS} FROM signal_stream WHERE id = $1 AND client_id = $2`);
/** Of those that are known by their marks: the ones that have another now, and the ones that are gone, without a mark. */
const CHANGED = statement(`
  SELECT known.id AS known_id, present.*
  FROM unnest(${arrayOf('$1', 'text')}, ${arrayOf('$2', 'bigint')}) AS known (id, mark)
  LEFT JOIN (SELECT ${COLUMNS} FROM signal_stream) AS present USING (id)
  WHERE present.mark IS DISTINCT FROM known.mark`);
const LIST = statement(`SELECT ${COLUMNS} FROM signal_stream WHERE client_id = $1 ORDER BY created_at, id`);
const ALL = statement(`SELECT ${COLUMNS} FROM signal_stream ORDER BY client_id, instance`);
/** Only what is said to change, so that two changes at once do not undo each other. */
const CHANGE = statement(`
  UPDATE signal_stream SET
    push_url = CASE WHEN $3 THEN $4 ELSE push_url END,
    push_authorization = CASE WHEN $3 THEN $5 ELSE push_authorization END,
    events_requested = CASE WHEN $6 THEN $7 ELSE events_requested END,
    description = CASE WHEN $8 THEN $9 ELSE description END,
    algorithm = coalesce($10, algorithm),
    seen_at = $11, push_attempts = 0, push_next_at = 0, push_problem = NULL
  WHERE id = $1 AND client_id = $2 RETURNING ${COLUMNS}`);
/** A stream that was disabled missed what happened meanwhile; it goes on at the end of the log. */
const SET_STATUS = statement(`
  UPDATE signal_stream SET status = $3, status_reason = $4, seen_at = $5,
    acknowledged = CASE WHEN status = 'disabled' AND $3 <> 'disabled' THEN $6 ELSE acknowledged END
  WHERE id = $1 AND client_id = $2 RETURNING ${COLUMNS}`);
const REMOVE = statement(`DELETE FROM signal_stream WHERE id = $1 AND client_id = $2 RETURNING id`);
/** In one order, as everybody who writes many streams at once: else two of them would wait for each other. */
const SEEN = statement(`
  WITH heard AS (
    SELECT id FROM signal_stream WHERE id = ANY(${arrayOf('$1', 'text')}) AND seen_at < $2 ORDER BY id FOR NO KEY UPDATE)
  UPDATE signal_stream s SET seen_at = $2 FROM heard WHERE s.id = heard.id`);
const SWEEP = statement(`
  DELETE FROM signal_stream
  WHERE inactivity_seconds IS NOT NULL AND seen_at + inactivity_seconds * 1000::bigint <= $1`);
const REMOVE_SUBJECT = statement(`
  INSERT INTO signal_removed_subject (stream_id, subject_digest)
  SELECT $1, $2 WHERE (SELECT count(*) FROM signal_removed_subject WHERE stream_id = $1) < $3
  ON CONFLICT (stream_id, subject_digest) DO UPDATE SET subject_digest = excluded.subject_digest RETURNING stream_id`);
const ADD_SUBJECT = statement(`DELETE FROM signal_removed_subject WHERE stream_id = $1 AND subject_digest = $2`);
const REMOVED = statement(`SELECT subject_digest FROM signal_removed_subject WHERE stream_id = $1`);
const SEALED = statement(
  `SELECT id, push_authorization FROM signal_stream WHERE push_authorization IS NOT NULL ORDER BY id`,
);
const RESEAL = statement(`
  UPDATE signal_stream SET push_authorization = $3 WHERE id = $1 AND push_authorization = $2 RETURNING id`);

const NONE: ReadonlySet<string> = new Set();
/** What seals the credential that a receiver wants with its pushes. */
const PUSH_AUTHORIZATION = 'push-authorization';
/** Streams of one client: its processes, and a few of former ones that are not swept yet. */
const MOST_STREAMS = 2_000;
/** They are read whenever the stream is told something. */
const MOST_REMOVED_SUBJECTS = 10_000;

interface StreamRow {
  id: string;
  client_id: string;
  instance: string;
  push_url: string | null;
  push_authorization: Buffer | null;
  events_requested: string[] | null;
  description: string | null;
  algorithm: SigningAlgorithm;
  status: StreamStatus;
  status_reason: string | null;
  inactivity_seconds: number | null;
  acknowledged: string;
  removes_subjects: boolean;
  mark: string;
}

/** Keeps the streams. Whose stream it is, is part of every question: another client's does not exist. */
@Injectable()
export class Streams {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @param start the line after which it begins. Answers why not, when there is one for the instance or there are too many. */
  async create(
    about: { clientId: string; instance: string; inactivitySeconds?: number; start: number },
    wish: StreamWish,
  ): Promise<Stream | 'exists' | 'too many'> {
    const { clientId, instance, inactivitySeconds, start } = about;
    const [row] = await this.database.query<StreamRow>(INSERT, [
      randomToken(16),
      clientId,
      instance,
      ...this.pushValues(wish.push),
      wish.eventsRequested ?? null,
      wish.description ?? null,
      wish.algorithm,
      inactivitySeconds ?? null,
      start,
      this.clock.now(),
      MOST_STREAMS,
    ]);
    if (row) return this.streamOf(row);
    return (await this.database.query(EXISTS, [clientId, instance])).length > 0 ? 'exists' : 'too many';
  }

  async find(id: string, clientId: string): Promise<Stream | undefined> {
    const [row] = await this.database.query<StreamRow>(FIND, [id, clientId]);
    return row && this.streamOf(row);
  }

  /** What became of these streams, as far as they changed: undefined of one that is gone. */
  async changed(known: readonly Stream[]): Promise<Map<string, Stream | undefined>> {
    const values = [known.map(({ id }) => id), known.map(({ mark }) => mark)];
    const rows = await this.database.query<{ known_id: string; mark: string | null }>(CHANGED, values);
    return new Map(
      rows.map((row) => [row.known_id, row.mark === null ? undefined : this.streamOf(row as unknown as StreamRow)]),
    );
  }

  async list(clientId: string): Promise<Stream[]> {
    return (await this.database.query<StreamRow>(LIST, [clientId])).map((row) => this.streamOf(row));
  }

  async all(): Promise<Stream[]> {
    return (await this.database.query<StreamRow>(ALL)).map((row) => this.streamOf(row));
  }

  async change(stream: Stream, change: StreamChange): Promise<Stream | undefined> {
    const [row] = await this.database.query<StreamRow>(CHANGE, [
      stream.id,
      stream.clientId,
      'push' in change,
      ...this.pushValues(change.push),
      'eventsRequested' in change,
      change.eventsRequested ?? null,
      'description' in change,
      change.description ?? null,
      change.algorithm ?? null,
      this.clock.now(),
    ]);
    return row && this.streamOf(row);
  }

  /** @param head where a stream goes on that was disabled. */
  async setStatus(
    stream: Stream,
    status: StreamStatus,
    reason: string | undefined,
    head: number,
  ): Promise<Stream | undefined> {
    const values = [stream.id, stream.clientId, status, reason ?? null, this.clock.now(), head];
    const [row] = await this.database.query<StreamRow>(SET_STATUS, values);
    return row && this.streamOf(row);
  }

  async remove(id: string, clientId: string): Promise<boolean> {
    return (await this.database.query(REMOVE, [id, clientId])).length > 0;
  }

  /** Notes that the receivers of these streams were heard. */
  async seen(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.database.query(SEEN, [ids, this.clock.now()]);
  }

  /** Removes the streams whose receivers are gone. */
  async sweep(): Promise<void> {
    await this.database.query(SWEEP, [this.clock.now()]);
  }

  /** No more events about this subject. False when too many are removed from the stream. */
  async removeSubject(stream: Stream, subject: SubjectId): Promise<boolean> {
    const values = [stream.id, subjectDigest(subject), MOST_REMOVED_SUBJECTS];
    return (await this.database.query(REMOVE_SUBJECT, values)).length > 0;
  }

  async addSubject(stream: Stream, subject: SubjectId): Promise<void> {
    await this.database.query(ADD_SUBJECT, [stream.id, subjectDigest(subject)]);
  }

  /**
   * Names of the subjects that were removed, as {@link subjectName} gives them. They are read anew each time: one that was
   * added again must be told of at once. That one was removed may be noticed a moment later.
   */
  async removedSubjects({ id, removesSubjects }: Stream): Promise<ReadonlySet<string>> {
    if (!removesSubjects) return NONE;
    const rows = await this.database.query<{ subject_digest: Buffer }>(REMOVED, [id]);
    return new Set(rows.map((row) => row.subject_digest.toString('hex')));
  }

  /** Seals what receivers want sent with pushes under the first of GATEHOUSE_SECRET; answers how many were under another. */
  async reseal(): Promise<number> {
    let count = 0;
    for (const row of await this.database.query<{ id: string; push_authorization: Buffer }>(SEALED)) {
      if (this.secrets.isCurrent(PUSH_AUTHORIZATION, row.push_authorization)) continue;
      const plain = this.secrets.open(PUSH_AUTHORIZATION, row.push_authorization);
      if (!plain) continue;
      const sealed = this.secrets.seal(PUSH_AUTHORIZATION, plain);
      count += (await this.database.query(RESEAL, [row.id, row.push_authorization, sealed])).length;
    }
    return count;
  }

  private pushValues(push: Stream['push']): [string | null, Buffer | null] {
    if (!push) return [null, null];
    const { url, authorization } = push;
    return [url, authorization === undefined ? null : this.secrets.seal(PUSH_AUTHORIZATION, authorization)];
  }

  private streamOf(row: StreamRow): Stream {
    const authorization = row.push_authorization && this.secrets.open(PUSH_AUTHORIZATION, row.push_authorization);
    return {
      id: row.id,
      clientId: row.client_id,
      instance: row.instance,
      ...(row.push_url === null
        ? {}
        : { push: { url: row.push_url, ...(authorization ? { authorization: authorization.toString() } : {}) } }),
      ...(row.events_requested === null ? {} : { eventsRequested: row.events_requested }),
      ...(row.description === null ? {} : { description: row.description }),
      algorithm: row.algorithm,
      status: row.status,
      ...(row.status_reason === null ? {} : { statusReason: row.status_reason }),
      ...(row.inactivity_seconds === null ? {} : { inactivitySeconds: row.inactivity_seconds }),
      acknowledged: Number(row.acknowledged),
      removesSubjects: row.removes_subjects,
      mark: row.mark,
    };
  }
}

/** A name for a subject: the same members in any order are the same subject. */
export function subjectName(subject: SubjectId): string {
  return subjectDigest(subject).toString('hex');
}

function subjectDigest(subject: SubjectId): Buffer {
  return digest(JSON.stringify(sorted(subject)));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, member]): [string, unknown] => [name, sorted(member)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
