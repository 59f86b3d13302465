import { Injectable } from '@nestjs/common';
import { Database, statement } from '../platform/database/database.js';

/**
 * SQL for the authorizations `g` and clients `c` that took part in the sessions `$1` and registered this URI: every client
 * that got tokens in them, however long ago and whatever became of the tokens (Back-Channel Logout 1.0 §2.3). A code that
 * was misused gave none.
 */
export function tookPart(uri: 'backchannel_logout_uri' | 'frontchannel_logout_uri'): string {
  return `FROM authorization_grant g JOIN client c ON c.id = g.client_id
    WHERE g.sid = ANY($1) AND c.disabled_at IS NULL AND c.metadata ? '${uri}'
      AND g.revoked_by IS DISTINCT FROM 'code_misused'`;
}

const FRONT_CHANNEL = statement(`
  SELECT DISTINCT c.id, c.metadata->>'frontchannel_logout_uri' AS uri ${tookPart('frontchannel_logout_uri')} ORDER BY c.id`);

/** The clients that took part in a sign-on session. */
@Injectable()
export class SessionClients {
  constructor(private readonly database: Database) {}

  /** Their registered pages that sign a browser out (Front-Channel Logout 1.0 §2); also of a session that has ended. */
  async frontChannelUris(sid: string): Promise<string[]> {
    return (await this.database.query<{ uri: string }>(FRONT_CHANNEL, [[sid]])).map(({ uri }) => uri);
  }
}
