import { Injectable } from '@nestjs/common';
import { Database, statement } from '../../platform/database/database.js';
import { digest } from '../../platform/secret.js';
import type { Once } from './request-parameters.js';

const ANSWER = statement(`
  INSERT INTO used_assertion (client_id, jti_digest, expires_at) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING 1 AS used`);

/** For how much longer than the request lives it is remembered, in milliseconds: clocks differ. */
const MARGIN = 60_000;

/** Remembers the requests that may be answered once. One is used up by its answer, not at first sight: browsers come twice. */
@Injectable()
export class AnsweredRequests {
  constructor(private readonly database: Database) {}

  /** Uses the request up: of any number of answers, in any number of processes, one gets true. */
  async use(clientId: string, { name, expiresAt }: Once): Promise<boolean> {
    const values = [clientId, digest(`request object\0${name}`), Math.ceil(expiresAt * 1000) + MARGIN];
    return (await this.database.query(ANSWER, values)).length > 0;
  }
}
