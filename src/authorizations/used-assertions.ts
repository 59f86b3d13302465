import { Injectable } from '@nestjs/common';
import { Database, statement } from '../platform/database/database.js';
import { digest } from '../platform/secret.js';

const USE = statement(`
  INSERT INTO used_assertion (client_id, jti_digest, expires_at) VALUES ($1, $2, $3)
  ON CONFLICT DO NOTHING RETURNING 1 AS used`);

/** An assertion is made for one request (RFC 7523 §3): who made it, its `jti`, and until when it could come again. */
export interface SpentAssertion {
  issuer: { client: string } | { trusted: string };
  jti: string;
  /** Seconds since the epoch. */
  until: number;
}

/** Remembers which assertions were used, until they end. */
@Injectable()
export class UsedAssertions {
  constructor(private readonly database: Database) {}

  /** Of any number of presentations of an assertion, in any number of processes, one gets true. */
  async use({ issuer, jti, until }: SpentAssertion): Promise<boolean> {
    // No client id has a space in it, so one kind of issuer is never taken for the other.
    const name = 'client' in issuer ? issuer.client : `trusted ${issuer.trusted}`;
    return (await this.database.query(USE, [name, digest(jti), Math.ceil(until * 1000)])).length > 0;
  }
}
