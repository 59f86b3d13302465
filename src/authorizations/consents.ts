import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { arrayOf, Database, type Queryable, statement } from '../platform/database/database.js';
import { userVersion } from '../users/user-version.js';
import { Authorizations, type Revoked } from './authorizations.js';

const FIND = statement(`
  SELECT subject, client_id, scopes, ${userVersion('consent.subject')} AS user_version FROM consent
  WHERE (subject, client_id) IN (SELECT * FROM unnest(${arrayOf('$1', 'text')}, ${arrayOf('$2', 'text')}))`);
const GRANT = statement(`
  INSERT INTO consent (subject, client_id, scopes, granted_at) VALUES ($1, $2, $3, $4)
  ON CONFLICT (subject, client_id) DO UPDATE SET granted_at = EXCLUDED.granted_at,
    scopes = ARRAY(SELECT DISTINCT unnest(consent.scopes || EXCLUDED.scopes))`);
const FORGET = statement(`DELETE FROM consent WHERE subject = $1`);
const WITHDRAW = statement(`DELETE FROM consent WHERE subject = $1 AND client_id = $2`);

interface ConsentRow {
  subject: string;
  client_id: string;
  scopes: string[];
  user_version: string | null;
}

/** What a person allowed a client. */
export interface Consent {
  scopes: string[];
  /** For `Users.findBySubject`. */
  userVersion?: string;
}

/** What people allowed clients, remembered per client and scope. */
@Injectable()
export class Consents {
  private readonly byPair = new BatchedRead<{ subject: string; clientId: string }, Consent>(
    ({ subject, clientId }) => `${subject}\0${clientId}`,
    async (pairs) => {
      const rows = await this.database.query<ConsentRow>(FIND, [
        pairs.map(({ subject }) => subject),
        pairs.map(({ clientId }) => clientId),
      ]);
      return new Map(rows.map((row) => [`${row.subject}\0${row.client_id}`, consentOf(row)]));
    },
  );

  constructor(
    private readonly database: Database,
    private readonly authorizations: Authorizations,
    private readonly clock: Clock,
  ) {}

  /** What this person allowed this client so far; undefined when they never allowed it anything. */
  find(subject: string, clientId: string): Promise<Consent | undefined> {
    return this.byPair.get({ subject, clientId });
  }

  /** @param record what belongs to it, in the same transaction: no consent without its line in the audit. */
  async grant(
    subject: string,
    clientId: string,
    scopes: string[],
    record: (transaction: Queryable) => Promise<void> = async () => {},
  ): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await transaction.query(GRANT, [subject, clientId, scopes, this.clock.now()]);
      await record(transaction);
    });
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

function consentOf({ scopes, user_version: version }: ConsentRow): Consent {
  return { scopes, ...(version === null ? {} : { userVersion: version }) };
}
