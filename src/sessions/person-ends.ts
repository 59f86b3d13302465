import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '../platform/database/database.js';
import { SignOnSessions } from './sign-on-sessions.js';

/** Why everything of a person ends. */
export type PersonEndCause =
  | 'credential_change'
  | 'factors_reset'
  | 'address_recovered'
  | 'user_disabled'
  | 'user_removed'
  | 'sign_out_everywhere';

/** What came or went that a person signs in with. */
export type CredentialChange = `${'passkey' | 'authenticator' | 'federated'}_${'added' | 'removed'}`;

/** Something that holds more of a person than sessions, and ends it with them. */
export interface PersonEndObserver {
  /** In the transaction of the cause; answers how many authorizations ended, and the line of the revocation log. */
  personEnded(
    transaction: Queryable,
    subject: string,
    cause: PersonEndCause,
  ): Promise<{ authorizations: number; seq?: number }>;
  /** Something that they sign in with came or went; nothing ends by it. */
  credentialChanged(transaction: Queryable, subject: string, change: CredentialChange): Promise<void>;
}

/** What ended. */
export interface PersonEnded {
  sessions: number;
  authorizations: number;
  /** The line of the revocation log that says so, to ask for receipts. */
  seq?: number;
}

/**
 * The door through which a person is signed out everywhere, together with the cause: a new password, a suspension, their
 * own wish. Sessions and whatever {@link observe | observes} end in one transaction with it, or nothing does.
 */
@Injectable()
export class PersonEnds {
  private readonly observers: PersonEndObserver[] = [];

  constructor(
    private readonly database: Database,
    private readonly sessions: SignOnSessions,
  ) {}

  observe(observer: PersonEndObserver): void {
    this.observers.push(observer);
  }

  /** Tells whoever has to do with the person. Last in the transaction of the change: what is told is told in a line. */
  async credentialChanged(transaction: Queryable, subject: string, change: CredentialChange): Promise<void> {
    for (const observer of this.observers) await observer.credentialChanged(transaction, subject, change);
  }

  /** @param change the cause itself; when it answers false nothing ends, and the answer is undefined. */
  end(
    subject: string,
    cause: PersonEndCause,
    change: (transaction: Queryable) => Promise<boolean> = async () => true,
  ): Promise<PersonEnded | undefined> {
    return this.database.transaction(async (transaction) => {
      if (!(await change(transaction))) return undefined;
      // The sessions first: a code lent in one of them is not redeemed any more.
      const sessions = await this.sessions.endBySubjectWithin(transaction, subject);
      const ended: PersonEnded = { sessions, authorizations: 0 };
      for (const observer of this.observers) {
        const { authorizations, seq } = await observer.personEnded(transaction, subject, cause);
        ended.authorizations += authorizations;
        if (seq !== undefined) ended.seq = seq;
      }
      return ended;
    });
  }
}
