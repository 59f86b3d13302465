import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import type { Position } from '../protocol/position.js';
import type { RevocationCause } from './authorization.js';

/** The channel of PostgreSQL's NOTIFY. Anybody who may connect can notify: it is a hint to read, and says nothing. */
export const REVOCATION_CHANNEL = 'gatehouse_revocation';

/** What a line is about. */
export type RevocationKind =
  'token' | 'session' | 'authorization' | 'subject' | 'client' | 'consent' | 'claims' | 'credential';

/** One revocation, as the log keeps it. Never changed. Times are epoch milliseconds. */
export interface RevocationLine extends Position {
  /** Names the line for good: the same `seq` of a log that was restored and grew again is another line. */
  line: string;
  /** The line before it. */
  prev: string;
  kind: RevocationKind;
  cause: RevocationCause;
  jti?: string;
  sid?: string;
  authorizationId?: string;
  subject?: string;
  clientId?: string;
  /** The clients whose sessions and tokens it ends. */
  clients: string[];
  /** Of a subject or a consent: the authorizations that tokens may still be about. */
  authorizations: string[];
  createdAt: number;
  expiresAt: number;
}

/** The end of the log. */
export interface LogHead extends Position {
  line: string;
}

/** The server that answered is a standby, which may be behind: what it says is no news. */
export class NotPrimaryError extends Error {
  override readonly name = 'NotPrimaryError';
}

/** For whom lines are read. */
export interface Reader {
  clientId: string;
  /** It serves an API: tokens of any client may come to it. */
  servesResource: boolean;
}

const HEAD = statement(`
  SELECT epoch, seq, line, pg_is_in_recovery() AS standby, lineage <> revocation_lineage() AS foreign_lineage
  FROM revocation_head`);
const COLUMNS = `epoch, seq, line, prev, kind, cause, jti, sid, authorization_id, subject, client_id, clients, authorizations,
  created_at, expires_at`;
const SINCE = statement(`
  SELECT h.epoch AS head_epoch, h.seq AS head_seq, h.line AS head_line, pg_is_in_recovery() AS standby,
    h.lineage <> (SELECT revocation_lineage()) AS foreign_lineage, l.*
  FROM revocation_head h LEFT JOIN LATERAL (
    SELECT ${COLUMNS} FROM revocation_log WHERE seq > $1 ORDER BY seq LIMIT $2) l ON true`);
const BEGIN_EPOCH = statement(`SELECT revocation_begin_epoch($1)`);
const AFTER = statement(`SELECT ${COLUMNS} FROM revocation_log WHERE seq > $1 ORDER BY seq LIMIT $2`);
const FIND = statement(`SELECT ${COLUMNS} FROM revocation_log WHERE seq = $1`);
/** As {@link isFor}. */
const IS_FOR = (client: string, serves: string) => `(clients @> ARRAY[${client}::text] OR (${serves}::boolean
  AND (cardinality(authorizations) > 0 OR kind NOT IN ('subject', 'consent', 'claims', 'credential'))))`;
const IN_FORCE = statement(`
  SELECT ${COLUMNS} FROM revocation_log
  WHERE seq > $1 AND seq <= $2 AND expires_at > $3 AND created_at >= $4 AND ${IS_FOR('$5', '$6')}
  ORDER BY seq LIMIT $7`);
const LAST_FOR = statement(`
  SELECT seq FROM revocation_log WHERE seq <= $1 AND ${IS_FOR('$2', '$3')} ORDER BY seq DESC LIMIT 1`);
const OF_SESSION = statement(`SELECT max(seq) AS seq FROM revocation_log WHERE sid = $1`);
const OLDEST = statement(`SELECT min(seq) AS seq FROM revocation_log`);

/** A row of the table, from PostgreSQL's own protocol or from its JSON: so a number is written in two ways. */
export interface LineRow {
  epoch: string | number;
  seq: string | number;
  line: string;
  prev: string;
  kind: RevocationKind;
  cause: RevocationCause;
  jti: string | null;
  sid: string | null;
  authorization_id: string | null;
  subject: string | null;
  client_id: string | null;
  clients: string[];
  authorizations: string[];
  created_at: string | number;
  expires_at: string | number;
}

/** Reads the revocation log. It is written by `Authorizations.revoke` alone. */
@Injectable()
export class RevocationLog {
  private readonly hearers = new Set<(lines: readonly RevocationLine[]) => void>();
  private readonly preparers = new Set<(lines: readonly RevocationLine[]) => void>();
  /** What transactions that are under way have appended. */
  private readonly uncommitted = new WeakMap<Queryable, LineRow[]>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Calls `hear` with lines that this process has appended, once they are committed: once for each transaction, as PostgreSQL notifies. */
  onAppended(hear: (lines: readonly RevocationLine[]) => void): void {
    this.hearers.add(hear);
  }

  /**
   * Calls `prepare` with lines that this process is about to append. They may never be committed: nobody may be told of them
   * yet. `prepare` throws nothing.
   */
  onComing(prepare: (lines: readonly RevocationLine[]) => void): void {
    this.preparers.add(prepare);
  }

  /** Says that these lines are about to be committed. */
  tellComing(lines: readonly LineRow[]): void {
    if (lines.length === 0 || this.preparers.size === 0) return;
    const coming = lines.map(lineOf);
    for (const prepare of this.preparers) prepare(coming);
  }

  /** Says what a statement appended, when that is committed, together with what its transaction appends beyond it. */
  tellAppended(lines: readonly LineRow[], queryable: Queryable): void {
    if (lines.length === 0 || this.hearers.size === 0) return;
    const earlier = this.uncommitted.get(queryable);
    if (earlier) return void earlier.push(...lines);
    const all = [...lines];
    this.uncommitted.set(queryable, all);
    queryable.afterCommit(() => {
      this.uncommitted.delete(queryable);
      const appended = all.map(lineOf);
      for (const hear of this.hearers) hear(appended);
    });
  }

  /**
   * Where the log ends now, on the primary. A database that turns out to be another than the one that wrote the last line
   * (promoted, restored, copied) begins a new epoch here.
   * @throws NotPrimaryError when a standby answers
   */
  async head(queryable: Queryable = this.database): Promise<LogHead> {
    const row = await this.readHead(queryable);
    if (!row.foreign_lineage) return headOf(row);
    await this.beginEpoch(Number(row.epoch));
    return headOf(await this.readHead(queryable));
  }

  /** Leaves `epoch` behind: for who has proof that the log was longer in it than it is. */
  async beginEpoch(epoch: number): Promise<void> {
    await this.database.query(BEGIN_EPOCH, [epoch]);
  }

  /** The head and the lines that follow `seq`, at most `limit`, of one moment. @throws NotPrimaryError as {@link head} */
  async since(
    seq: number,
    limit: number,
    queryable: Queryable = this.database,
  ): Promise<{ head: LogHead; lines: RevocationLine[] }> {
    const rows = await queryable.query<SinceRow>(SINCE, [seq, limit]);
    const first = rows[0];
    if (!first || first.standby) throw new NotPrimaryError(STANDBY);
    if (first.foreign_lineage) {
      await this.beginEpoch(Number(first.head_epoch));
      return this.since(seq, limit);
    }
    const head = { epoch: Number(first.head_epoch), seq: Number(first.head_seq), line: first.head_line };
    return { head, lines: first.seq === null ? [] : rows.map((row) => lineOf(row as LineRow)) };
  }

  /** The lines that follow `seq`, in their order. */
  async after(seq: number, limit: number): Promise<RevocationLine[]> {
    return (await this.database.query<LineRow>(AFTER, [seq, limit])).map(lineOf);
  }

  async find(seq: number): Promise<RevocationLine | undefined> {
    const [row] = await this.database.query<LineRow>(FIND, [seq]);
    return row && lineOf(row);
  }

  /** The line that ended a session. */
  async ofSession(sid: string): Promise<number | undefined> {
    const [row] = await this.database.query<{ seq: string | null }>(OF_SESSION, [sid]);
    return row?.seq ? Number(row.seq) : undefined;
  }

  /** The first line that is still kept. */
  async oldest(): Promise<number | undefined> {
    const [row] = await this.database.query<{ seq: string | null }>(OLDEST);
    return row?.seq ? Number(row.seq) : undefined;
  }

  /**
   * The lines after `after` up to `upTo` that are for `reader` and not older than `since`, at most `limit`. Lines are never
   * changed and are committed in their order, so the pages of one `upTo` are of one state whenever they are read.
   */
  async inForce(
    reader: Reader,
    { after, upTo, since, limit }: { after: number; upTo: number; since: number; limit: number },
    queryable: Queryable = this.database,
  ): Promise<RevocationLine[]> {
    const rows = await queryable.query<LineRow>(IN_FORCE, [
      after,
      upTo,
      this.clock.now(),
      since,
      reader.clientId,
      reader.servesResource,
      limit,
    ]);
    return rows.map(lineOf);
  }

  /** Runs `work` on one state of the database (REPEATABLE READ), together with the head of the log in it. */
  async inSnapshot<T>(work: (head: LogHead, snapshot: Queryable) => Promise<T>): Promise<T> {
    await this.head();
    return this.database.transaction(
      async (snapshot) => work(headOf(await this.readHead(snapshot)), snapshot),
      'REPEATABLE READ',
    );
  }

  /** The last line up to `seq` that is for `reader`; 0 when there is none. */
  async lastFor(
    { clientId, servesResource }: Reader,
    seq: number,
    queryable: Queryable = this.database,
  ): Promise<number> {
    const [row] = await queryable.query<{ seq: string }>(LAST_FOR, [seq, clientId, servesResource]);
    return row ? Number(row.seq) : 0;
  }

  private async readHead(queryable: Queryable): Promise<HeadRow> {
    const [row] = await queryable.query<HeadRow>(HEAD);
    if (!row || row.standby) throw new NotPrimaryError(STANDBY);
    return row;
  }
}

const STANDBY = 'the database is a standby; the revocation log is read on the primary';

interface SinceRow extends Omit<LineRow, 'seq'> {
  head_epoch: string;
  head_seq: string;
  head_line: string;
  standby: boolean;
  foreign_lineage: boolean;
  /** Null when nothing follows. */
  seq: string | null;
}

interface HeadRow {
  epoch: string;
  seq: string;
  line: string;
  standby: boolean;
  foreign_lineage: boolean;
}

function headOf({ epoch, seq, line }: HeadRow): LogHead {
  return { epoch: Number(epoch), seq: Number(seq), line };
}

/**
 * Whether a line is for a reader: it ends what this client has, or the reader serves an API and tokens with what the line
 * names may come to it. People are no name that an API knows: of a person it is told the authorizations.
 */
export function isFor(line: RevocationLine, { clientId, servesResource }: Reader): boolean {
  if (line.clients.includes(clientId)) return true;
  if (!servesResource) return false;
  return line.authorizations.length > 0 || !ABOUT_PEOPLE.has(line.kind);
}

const ABOUT_PEOPLE: ReadonlySet<RevocationKind> = new Set<RevocationKind>([
  'subject',
  'consent',
  'claims',
  'credential',
]);

function lineOf(row: LineRow): RevocationLine {
  const { epoch, seq, line, prev, kind, cause, jti, sid, subject, clients, authorizations } = row;
  return {
    epoch: Number(epoch),
    seq: Number(seq),
    line,
    prev,
    kind,
    cause,
    ...(jti === null ? {} : { jti }),
    ...(sid === null ? {} : { sid }),
    ...(row.authorization_id === null ? {} : { authorizationId: row.authorization_id }),
    ...(subject === null ? {} : { subject }),
    ...(row.client_id === null ? {} : { clientId: row.client_id }),
    clients,
    authorizations,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
  };
}
