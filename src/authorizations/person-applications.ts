import { Injectable } from '@nestjs/common';
import { type Client, viewOf } from '../clients/client.js';
import { Clock } from '../platform/clock.js';
import { Database, statement } from '../platform/database/database.js';
import type { ClientView } from '../platform/pages/client-view.js';

const LIVING_SESSION = `EXISTS (
  SELECT 1 FROM session s
  WHERE s.realm = 'provider' AND s.sid = g.sid AND s.expires_at > $2 AND s.idle_expires_at > $2)`;
const OF_PERSON = statement(`
  WITH allowed AS (SELECT client_id, scopes, granted_at FROM consent WHERE subject = $1),
  living AS (
    SELECT client_id, min(created_at) AS since, max(created_at) AS latest, bool_or(offline) AS offline
    FROM authorization_grant g
    WHERE subject = $1 AND revoked_at IS NULL AND expires_at > $2 AND (offline OR ${LIVING_SESSION})
    GROUP BY client_id)
  SELECT c.id, c.metadata, coalesce(a.scopes, '{}') AS scopes, coalesce(a.granted_at, l.since) AS since, l.latest,
    coalesce(l.offline, false) AS offline
  FROM allowed a FULL JOIN living l USING (client_id) JOIN client c ON c.id = client_id
  ORDER BY coalesce(l.latest, a.granted_at) DESC, c.id`);
const OF_SESSIONS = statement(`
  SELECT DISTINCT g.sid, c.id, c.metadata FROM authorization_grant g JOIN client c ON c.id = g.client_id
  WHERE g.sid = ANY($1) AND g.revoked_by IS DISTINCT FROM 'code_misused' ORDER BY g.sid, c.id`);
const NAMES = statement(`SELECT id, metadata FROM client WHERE id = ANY($1)`);

interface ClientRow {
  id: string;
  metadata: Client['metadata'];
}

/** An application that a person let in. Times are epoch milliseconds. */
export interface PersonApplication {
  clientId: string;
  view: ClientView;
  /** What the person allowed; empty for an application of the house, which does not ask. */
  scopes: string[];
  since: number;
  /** When it was last let in, of what still lives; absent: nothing does, but the consent stands. */
  latest?: number;
  /** It may act while the person is away. */
  offline: boolean;
}

/** The applications that a person let in, as the person's own pages show them. */
@Injectable()
export class PersonApplications {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those that hold a consent, or something that still lives; the latest first. */
  async list(subject: string): Promise<PersonApplication[]> {
    const rows = await this.database.query<
      ClientRow & { scopes: string[]; since: string; latest: string | null; offline: boolean }
    >(OF_PERSON, [subject, this.clock.now()]);
    return rows.map(({ id, metadata, scopes, since, latest, offline }) => ({
      clientId: id,
      view: viewOf({ id, metadata }),
      scopes,
      since: Number(since),
      ...(latest === null ? {} : { latest: Number(latest) }),
      offline,
    }));
  }

  /** What applications are called, by their ids; of those that are no more there is nothing. */
  async names(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.database.query<ClientRow>(NAMES, [[...new Set(ids)]]);
    return new Map(rows.map((row) => [row.id, viewOf(row).name]));
  }

  /** The names of those that were let in in each of these sessions. */
  async namesBySession(sids: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.database.query<ClientRow & { sid: string }>(OF_SESSIONS, [sids]);
    const names = new Map<string, string[]>();
    for (const { sid, ...client } of rows) names.set(sid, [...(names.get(sid) ?? []), viewOf(client).name]);
    return names;
  }
}
