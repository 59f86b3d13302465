import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';
import type { SessionEndCause, SessionEndObserver } from '../sessions/session-end.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { Authorizations } from './authorizations.js';
import { LogoutOutbox } from './logout-outbox.js';

/**
 * What ends together with a sign-on session: the authorizations that hang on it are revoked, and every client that got
 * tokens in it is to be told. What was granted offline is told too, and lives on (Back-Channel Logout 1.0 §2.7).
 */
@Injectable()
export class SessionEnds implements SessionEndObserver, OnModuleInit {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly authorizations: Authorizations,
    private readonly outbox: LogoutOutbox,
  ) {}

  onModuleInit(): void {
    this.sessions.observe(this);
  }

  async sessionsEnded(transaction: Queryable, sids: readonly string[], cause?: SessionEndCause): Promise<void> {
    await this.outbox.enqueue(transaction, sids);
    // Last, because revocations queue: nobody should wait in line for what comes after.
    if (cause) await this.authorizations.revoke({ sessions: sids }, cause, transaction);
  }
}
