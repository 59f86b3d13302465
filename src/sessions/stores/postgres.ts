import { BatchedRead } from '../../platform/database/batched-read.js';
import { arrayOf, type Queryable, statement, type Write } from '../../platform/database/database.js';
import { sweepAll, sweeping } from '../../platform/database/sweep.js';
import { SessionStore, type StoredSession } from '../session-store.js';

export const SESSION_COLUMNS = `sid, subject, started_at, authenticated_at, last_seen_at, expires_at, idle_expires_at, acr, amr, ip,
  user_agent, data`;

const INSERT = statement(`
  INSERT INTO session (realm, id_digest, ${SESSION_COLUMNS})
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14`);
const FIND = statement(
  `SELECT id_digest, ${SESSION_COLUMNS} FROM session WHERE realm = $1 AND id_digest = ANY(${arrayOf('$2', 'bytea')})`,
);
const TOUCH = statement(`
  UPDATE session SET last_seen_at = $3, idle_expires_at = $4
  WHERE realm = $1 AND id_digest = $2 AND expires_at > $3 AND idle_expires_at > $3 RETURNING sid`);
const WRITE = statement(`UPDATE session SET data = $3 WHERE realm = $1 AND id_digest = $2 RETURNING sid`);
const WRITE_CLAIMED = statement(`
  UPDATE session SET data = $3, claimed_until = 0 WHERE realm = $1 AND id_digest = $2 AND claimed_until = $4
  RETURNING sid`);
const CLAIM = statement(`
  UPDATE session SET claimed_until = $3
  WHERE realm = $1 AND id_digest = $2 AND expires_at > $4 AND idle_expires_at > $4 AND claimed_until <= $4
  RETURNING sid`);
const RELEASE = statement(`
  UPDATE session SET claimed_until = 0 WHERE realm = $1 AND id_digest = $2 AND claimed_until = $3`);
const END = statement(`DELETE FROM session WHERE realm = $1 AND id_digest = $2 RETURNING sid`);
const END_BY_SID = statement(`DELETE FROM session WHERE realm = $1 AND sid = $2 RETURNING sid`);
const END_BY_SUBJECT = statement(`DELETE FROM session WHERE realm = $1 AND subject = $2 RETURNING sid`);
const LIST = statement(`
  SELECT ${SESSION_COLUMNS} FROM session WHERE realm = $1 AND subject = $2 AND expires_at > $3 AND idle_expires_at > $3
  ORDER BY started_at DESC`);
const EXPIRED = 'realm = $1 AND (expires_at <= $2 OR idle_expires_at <= $2)';
const SWEEP = sweeping('session', EXPIRED);
const END_EXPIRED = statement(`
  DELETE FROM session WHERE id_digest IN (
    SELECT id_digest FROM session WHERE ${EXPIRED} LIMIT 1000 FOR UPDATE SKIP LOCKED)
  RETURNING sid`);

export interface SessionRow {
  sid: string;
  subject: string;
  started_at: string;
  authenticated_at: string;
  last_seen_at: string;
  expires_at: string;
  idle_expires_at: string;
  acr: string;
  amr: string[];
  ip: string;
  user_agent: string;
  data: Buffer;
}

/** Sessions in PostgreSQL. `realm` keeps the sessions of several owners apart in one table. */
export class PostgresSessionStore extends SessionStore {
  private readonly byDigest = new BatchedRead<Buffer, StoredSession>(
    (idDigest) => idDigest.toString('latin1'),
    async (digests) => {
      const rows = await this.database.query<SessionRow & { id_digest: Buffer }>(FIND, [this.realm, digests]);
      return new Map(rows.map((row) => [row.id_digest.toString('latin1'), sessionOf(row)]));
    },
  );

  constructor(
    private readonly database: Queryable,
    private readonly realm: string,
  ) {
    super();
  }

  async insert(idDigest: Buffer, session: StoredSession): Promise<void> {
    const { statement: insert, values } = sessionInsertion(this.realm, idDigest, session);
    await this.database.query(insert, values);
  }

  async find(idDigest: Buffer, now: number): Promise<StoredSession | undefined> {
    const session = await this.byDigest.get(idDigest);
    return session && session.expiresAt > now && session.idleExpiresAt > now ? session : undefined;
  }

  async touch(idDigest: Buffer, lastSeenAt: number, idleExpiresAt: number): Promise<boolean> {
    return (await this.database.query(TOUCH, [this.realm, idDigest, lastSeenAt, idleExpiresAt])).length > 0;
  }

  async write(idDigest: Buffer, data: Buffer, claim?: number): Promise<boolean> {
    const [verb, values] = claim === undefined ? [WRITE, []] : [WRITE_CLAIMED, [claim]];
    return (await this.database.query(verb, [this.realm, idDigest, data, ...values])).length > 0;
  }

  async claim(idDigest: Buffer, until: number, now: number): Promise<boolean> {
    return (await this.database.query(CLAIM, [this.realm, idDigest, until, now])).length > 0;
  }

  async release(idDigest: Buffer, claim: number): Promise<void> {
    await this.database.query(RELEASE, [this.realm, idDigest, claim]);
  }

  async end(idDigest: Buffer): Promise<string | undefined> {
    const [row] = await this.database.query<SessionRow>(END, [this.realm, idDigest]);
    return row?.sid;
  }

  async endBySid(sid: string): Promise<number> {
    return (await this.database.query(END_BY_SID, [this.realm, sid])).length;
  }

  async endBySubject(subject: string): Promise<number> {
    return (await this.endAllOf(subject)).length;
  }

  /** As {@link endBySubject}, but answers which. */
  async endAllOf(subject: string): Promise<string[]> {
    return sidsOf(await this.database.query<SessionRow>(END_BY_SUBJECT, [this.realm, subject]));
  }

  async list(subject: string, now: number): Promise<StoredSession[]> {
    return (await this.database.query<SessionRow>(LIST, [this.realm, subject, now])).map(sessionOf);
  }

  async sweep(now: number): Promise<number> {
    return sweepAll(this.database, SWEEP, [this.realm, now]);
  }

  /** Ends some of those that are past an end, and answers which; none: there are no more. */
  async endExpired(now: number): Promise<string[]> {
    return sidsOf(await this.database.query<SessionRow>(END_EXPIRED, [this.realm, now]));
  }
}

/** What inserts a session, for whoever writes more at the same moment. */
export function sessionInsertion(realm: string, idDigest: Buffer, session: StoredSession): Write {
  const values = [
    realm,
    idDigest,
    session.sid,
    session.subject,
    session.startedAt,
    session.authenticatedAt,
    session.lastSeenAt,
    session.expiresAt,
    session.idleExpiresAt,
    session.acr,
    session.amr,
    session.ip,
    session.userAgent,
    session.data,
  ];
  return { statement: INSERT, values };
}

function sidsOf(rows: SessionRow[]): string[] {
  return rows.map(({ sid }) => sid);
}

export function sessionOf(row: SessionRow): StoredSession {
  return {
    sid: row.sid,
    subject: row.subject,
    startedAt: Number(row.started_at),
    authenticatedAt: Number(row.authenticated_at),
    lastSeenAt: Number(row.last_seen_at),
    expiresAt: Number(row.expires_at),
    idleExpiresAt: Number(row.idle_expires_at),
    acr: row.acr,
    amr: row.amr,
    ip: row.ip,
    userAgent: row.user_agent,
    data: row.data,
  };
}
