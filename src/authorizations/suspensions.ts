import { Injectable } from '@nestjs/common';
import { AT_THE_COMMAND_LINE, Audit, OPERATOR } from '../audit/audit.js';
import type { AuditEvent } from '../audit/audit-event.js';
import { Clients } from '../clients/clients.js';
import { endTokensOf } from '../interactions/one-time-tokens.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { DatabaseUsers } from '../users/database-users.js';
import type { RevocationCause } from './authorization.js';
import { Authorizations, type Revoked } from './authorizations.js';

/** What ended together with its cause. */
export interface Ended extends Revoked {
  sessions: number;
}

/**
 * The operator takes away: a client or a person is disabled, removed, or has a new password, and everything that hangs on them ends in
 * the same transaction, what was granted offline too. There is no moment at which one is done and the other is not.
 * Every verb answers undefined when there is no such client or person.
 */
@Injectable()
export class Suspensions {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly users: DatabaseUsers,
    private readonly sessions: SignOnSessions,
    private readonly authorizations: Authorizations,
    private readonly audit: Audit,
  ) {}

  disableClient(id: string): Promise<Ended | undefined> {
    return this.endClient(id, 'client_disabled', (transaction) => this.clients.disable(id, transaction));
  }

  removeClient(id: string): Promise<Ended | undefined> {
    return this.endClient(id, 'client_removed', (transaction) => this.clients.remove(id, transaction));
  }

  disableUser(subject: string): Promise<Ended | undefined> {
    return this.endUser({ name: 'user_suspended', subject }, 'user_disabled', (transaction) =>
      this.users.disable(subject, transaction),
    );
  }

  /** Lets a disabled person in again; false when there is no such person. */
  enableUser(subject: string): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const found = await this.users.enable(subject, transaction);
      if (found) await this.record({ name: 'user_restored', subject }, transaction);
      return found;
    });
  }

  /** Signs a person out everywhere; they may sign in again. */
  async signOut(subject: string): Promise<Ended | undefined> {
    if (!(await this.users.findBySubject(subject))) return undefined;
    const sessions = (await this.sessions.list(subject)).length;
    return this.endUser({ name: 'signed_out_everywhere', subject, sessions }, 'administrative', async () => true);
  }

  /** Tokens that say the old roles are refused from then on; nobody is signed out. The same roles again change nothing. */
  setRoles(subject: string, roles: string[]): Promise<Ended | undefined> {
    return this.database.transaction(async (transaction) => {
      const changed = await this.users.setRoles(subject, roles, transaction);
      if (changed === undefined) return undefined;
      if (!changed) return { authorizations: 0, sessions: 0 };
      await this.record({ name: 'roles_changed', subject, roles }, transaction);
      return { ...(await this.authorizations.revoke({ claims: subject }, 'claims_change', transaction)), sessions: 0 };
    });
  }

  /** @throws PasswordError for an empty or over-long password; nothing has ended then. */
  setPassword(subject: string, password: string): Promise<Ended | undefined> {
    return this.endUser({ name: 'password_changed', subject, by: 'operator' }, 'password_set', (transaction) =>
      this.users.setPassword(subject, password, transaction),
    );
  }

  private endClient(
    client: string,
    cause: RevocationCause,
    change: (transaction: Queryable) => Promise<boolean>,
  ): Promise<Ended | undefined> {
    return this.database.transaction(async (transaction) => {
      if (!(await change(transaction))) return undefined;
      return { ...(await this.authorizations.revoke({ client }, cause, transaction)), sessions: 0 };
    });
  }

  private endUser(
    event: AuditEvent & { subject: string },
    cause: RevocationCause,
    change: (transaction: Queryable) => Promise<boolean>,
  ): Promise<Ended | undefined> {
    return this.database.transaction(async (transaction) => {
      const { subject } = event;
      if (!(await change(transaction))) return undefined;
      await this.users.distrustDevices(subject, transaction);
      // What was mailed before opens nothing any more, but the way back to an address that was taken.
      await endTokensOf(subject, transaction, ['email-undo']);
      await this.record(event, transaction);
      // The sessions first: a code lent in one of them is not redeemed any more.
      const sessions = await this.sessions.endBySubjectWithin(transaction, subject);
      return { ...(await this.authorizations.revoke({ subject }, cause, transaction)), sessions };
    });
  }

  private record(event: AuditEvent, transaction: Queryable): Promise<void> {
    return this.audit.record({ ...event, actor: OPERATOR }, AT_THE_COMMAND_LINE, transaction);
  }
}
