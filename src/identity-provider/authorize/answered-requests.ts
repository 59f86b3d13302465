import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../platform/database/database.js';
import { digest } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { Once } from './request-parameters.js';

const ANSWER = statement(`
  INSERT INTO used_assertion (client_id, jti_digest, expires_at) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING 1 AS used`);
const FIND = statement(`SELECT 1 AS used FROM used_assertion WHERE client_id = $1 AND jti_digest = $2`);

/** For how much longer than the request lives it is remembered, in milliseconds: clocks differ. */
const MARGIN = 60_000;

/** Remembers the requests that may be answered once. One is used up by its answer, not at first sight: browsers come twice. */
@Injectable()
export class AnsweredRequests {
  constructor(private readonly database: Database) {}

  /**
   * Uses the request up: of any number of answers, in any number of processes, one passes.
   * @throws OAuthError invalid_request_object or invalid_request_uri
   */
  async use(clientId: string, once: Once): Promise<void> {
    const values = [clientId, digestOf(once), Math.ceil(once.expiresAt * 1000) + MARGIN];
    if ((await this.database.query(ANSWER, values)).length === 0) throw answered(once);
  }

  /** So that nobody is asked to sign in for nothing. @throws as {@link use} */
  async refuseAnswered(clientId: string, once: Once): Promise<void> {
    if ((await this.database.query(FIND, [clientId, digestOf(once)])).length > 0) throw answered(once);
  }
}

/** Apart from client assertions, which may have the same names. */
function digestOf({ parameter, name }: Once): Buffer {
  return digest(`${parameter}\0${name}`);
}

function answered({ parameter }: Once): OAuthError {
  const code = parameter === 'request' ? 'invalid_request_object' : 'invalid_request_uri';
  return new OAuthError(code, 'this request was answered before', { parameter });
}
