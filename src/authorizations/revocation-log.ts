import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import type { Position } from '../protocol/position.js';
import type { RevocationCause } from './authorization.js';

/** The channel of PostgreSQL's NOTIFY. Anybody who may connect can notify: it is a hint to read, and says nothing. */
export const REVOCATION_CHANNEL = 'gatehouse_revocation';

/** What a line is about. */
export type RevocationKind = 'token' | 'session' | 'authorization' | 'subject' | 'client' | 'consent';

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
const BEGIN_EPOCH = statement(`SELECT revocation_begin_epoch($1)`);
const COLUMNS = `epoch, seq, line, prev, kind, cause, jti, sid, authorization_id, subject, client_id, clients, authorizations,
  created_at, expires_at`;
const AFTER = statement(`SELECT ${COLUMNS} FROM revocation_log WHERE seq > $1 ORDER BY seq LIMIT $2`);
const FIND = statement(`SELECT ${COLUMNS} FROM revocation_log WHERE seq = $1`);
const IN_FORCE = statement(`
  SELECT ${COLUMNS} FROM revocation_log
  WHERE seq > $1 AND seq <= $2 AND expires_at > $3 AND created_at >= $4 AND (clients @> ARRAY[$5] OR $6)
  ORDER BY seq LIMIT $7`);
const LAST_FOR = statement(`
  SELECT seq FROM revocation_log WHERE seq <= $1 AND clients @> ARRAY[$2] ORDER BY seq DESC LIMIT 1`);
const OLDEST = statement(`SELECT min(seq) AS seq FROM revocation_log`);

interface LineRow {
  epoch: string;
  seq: string;
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
  created_at: string;
  expires_at: string;
}

/** Reads the revocation log. It is written by `Authorizations.revoke` alone. */
@Injectable()
export class RevocationLog {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

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

  /** The lines that follow `seq`, in their order. */
  async after(seq: number, limit: number): Promise<RevocationLine[]> {
    return (await this.database.query<LineRow>(AFTER, [seq, limit])).map(lineOf);
  }

  async find(seq: number): Promise<RevocationLine | undefined> {
    const [row] = await this.database.query<LineRow>(FIND, [seq]);
    return row && lineOf(row);
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

  /** The last line up to `seq` that is for a client which serves no API. */
  async lastFor(clientId: string, seq: number): Promise<number | undefined> {
    const [row] = await this.database.query<{ seq: string }>(LAST_FOR, [seq, clientId]);
    return row && Number(row.seq);
  }

  private async readHead(queryable: Queryable): Promise<HeadRow> {
    const [row] = await queryable.query<HeadRow>(HEAD);
    if (!row || row.standby)
      throw new NotPrimaryError('the database is a standby; the revocation log is read on the primary');
    return row;
  }
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

/** Whether a line is for a reader. */
export function isFor({ clients }: Pick<RevocationLine, 'clients'>, { clientId, servesResource }: Reader): boolean {
  return servesResource || clients.includes(clientId);
}

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
