import { Injectable } from '@nestjs/common';
import { clientVersion } from '../clients/client-version.js';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { arrayOf, Database, statement } from '../platform/database/database.js';
import { LOG_POSITION } from '../platform/database/log-position.js';
import type { StoredSession } from '../sessions/session-store.js';
import { SESSION_COLUMNS, type SessionRow, sessionOf } from '../sessions/stores/postgres.js';
import { userVersion } from '../users/user-version.js';

/** Written as look-ups, so that a plan for many visits never reads a whole table. */
const READ = statement(`
  SELECT visit.place, ${clientVersion('visit.client_id')} AS client_version, ${LOG_POSITION},
    ${SESSION_COLUMNS}, k.scopes, ${userVersion('s.subject')} AS user_version
  FROM unnest(${arrayOf('$1', 'text')}, ${arrayOf('$2', 'bytea')}) WITH ORDINALITY AS visit (client_id, id_digest, place)
  LEFT JOIN LATERAL (
    SELECT * FROM session WHERE realm = 'provider' AND id_digest = visit.id_digest LIMIT 1) s ON true
  LEFT JOIN LATERAL (
    SELECT scopes FROM consent WHERE subject = s.subject AND client_id = visit.client_id LIMIT 1) k ON true`);

/** Who comes with what: a client's id, and the digest of a sign-on session's cookie. */
interface Coming {
  clientId: string;
  idDigest: Buffer | undefined;
}

type VisitRow = { place: string; client_version: string | null; position: string; user_version: string | null } & (
  (SessionRow & { scopes: string[] | null }) | { sid: null }
);

/** All that the database knows of somebody who is sent by a client, at one moment. */
export interface Visit {
  /** By the clock that never goes back. */
  readAt: number;
  /** Which version of the client is there, and where the revocation log stood; undefined: there is none. */
  client: { version: string; position: string } | undefined;
  /** The session of the cookie, which may have ended by time; undefined: there is none. */
  session: StoredSession | undefined;
  /** What its person allowed the client so far; undefined: they were never asked. */
  consentedScopes: string[] | undefined;
  /** For `Users.findBySubject`. */
  userVersion: string | undefined;
}

/** Reads what a visit to the authorization endpoint depends on, in one statement for all who come at the same time. */
@Injectable()
export class Visits {
  private readonly reads = new BatchedRead<Coming, Visit>(
    ({ clientId, idDigest }) => `${clientId}\0${idDigest?.toString('latin1') ?? ''}`,
    async (all) => {
      const readAt = this.clock.monotonic();
      const rows = await this.database.query<VisitRow>(READ, [
        all.map(({ clientId }) => clientId),
        all.map(({ idDigest }) => idDigest ?? null),
      ]);
      return new Map(
        rows.map((row) => {
          const { clientId, idDigest } = all[Number(row.place) - 1]!;
          return [`${clientId}\0${idDigest?.toString('latin1') ?? ''}`, visitOf(row, readAt)];
        }),
      );
    },
  );

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @param idDigest of the cookie that may open a sign-on session */
  async read(clientId: string, idDigest: Buffer | undefined): Promise<Visit> {
    // No such client, and nothing that PostgreSQL would take.
    const asked = clientId.includes('\0') ? '' : clientId;
    return (await this.reads.get({ clientId: asked, idDigest }))!;
  }
}

function visitOf(row: VisitRow, readAt: number): Visit {
  const { client_version: version, position, user_version: user } = row;
  const session = row.sid === null ? undefined : sessionOf(row);
  return {
    readAt,
    client: version === null ? undefined : { version, position },
    session,
    consentedScopes: row.sid === null ? undefined : (row.scopes ?? undefined),
    userVersion: user ?? undefined,
  };
}
