import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { Authorizations, type Revoked } from './authorizations.js';

const FIND = statement(`
  SELECT subject, client_id, scopes FROM consent
  WHERE (subject, client_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`);
const GRANT = statement(`
  INSERT INTO consent (subject, client_id, scopes, granted_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (subject, client_id) DO UPDATE SET granted_at = EXCLUDED.granted_at,
    scopes = ARRAY(SELECT DISTINCT unnest(consent.scopes || EXCLUDED.scopes))`);
const FORGET = statement(`DELETE FROM consent WHERE subject = $1`);
const WITHDRAW = statement(`DELETE FROM consent WHERE subject = $1 AND client_id = $2`);

/** What people allowed clients, remembered per client and scope. */
@Injectable()
export class Consents {
  private readonly byPair = new BatchedRead<{ subject: string; clientId: string }, string[]>(
    ({ subject, clientId }) => `${subject}\0${clientId}`,
    async (pairs) => {
      const rows = await this.database.query<{ subject: string; client_id: string; scopes: string[] }>(FIND, [
        pairs.map(({ subject }) => subject),
        pairs.map(({ clientId }) => clientId),
      ]);
      return new Map(rows.map((row) => [`${row.subject}\0${row.client_id}`, row.scopes]));
    },
  );

  constructor(
    private readonly database: Database,
    private readonly authorizations: Authorizations,
    private readonly clock: Clock,
  ) {}

  /** The scopes this person allowed this client so far; undefined when they never allowed it anything. */
  scopes(subject: string, clientId: string): Promise<string[] | undefined> {
    return this.byPair.get({ subject, clientId });
  }

  async grant(subject: string, clientId: string, scopes: string[]): Promise<void> {
    await this.database.query(GRANT, [subject, clientId, scopes, this.clock.now()]);
  }

  /** Forgets what a person allowed, whose authorizations end in the same transaction. */
  async forget(subject: string, transaction: Queryable): Promise<void> {
    await transaction.query(FORGET, [subject]);
  }

  /**
   * Takes everything back: the consent, and all that the client was authorized to do for this person.
   * @param record what belongs to it, in the same transaction.
   */
  withdraw(
    subject: string,
    clientId: string,
    record: (transaction: Queryable) => Promise<void> = async () => {},
  ): Promise<Revoked> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(WITHDRAW, [subject, clientId]);
      await record(transaction);
      return this.authorizations.revoke({ consent: { subject, clientId } }, 'consent_withdrawn', transaction);
    });
  }
}
