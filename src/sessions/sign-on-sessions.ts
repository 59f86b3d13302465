import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { digest } from '../platform/secret.js';
import { type OpenSession, type SessionLimits, Sessions } from './sessions.js';
import { PostgresSessionStore } from './stores/postgres.js';

const REALM = 'provider';
const COOKIE = '__Host-gatehouse-session';

/**
 * The provider's single sign-on: one session per browser, in PostgreSQL. Sign-in starts it, the authorization endpoint
 * reads it, sign-out ends it. Its cookie lasts as long as the browser; how long the session does is decided here.
 */
@Injectable()
export class SignOnSessions extends Sessions {
  constructor(database: Database, clock: Clock, limits: SessionLimits) {
    super(new PostgresSessionStore(database, REALM), limits, clock);
  }

  /** The cookie's value, if the browser brought one. */
  read(exchange: HttpExchange): string | undefined {
    return exchange.cookies.get(COOKIE);
  }

  set(exchange: HttpExchange, id: string): void {
    exchange.setCookie(hostCookie(COOKIE, id));
  }

  clear(exchange: HttpExchange): void {
    exchange.setCookie(clearedCookie(COOKIE));
  }

  /**
   * The living session of this browser. A dead cookie is left where it is: clearing it could hit the new one that a
   * sign-in in another tab has just set. Whether the person may still be here (disabled?) is for the caller to ask.
   */
  async resumeFrom(exchange: HttpExchange): Promise<OpenSession | undefined> {
    const id = this.read(exchange);
    const session = await this.resume(id);
    return session && { id: id!, session };
  }

  /** Ends the session of this cookie inside a transaction, so that whatever hangs on it can end with it. */
  endWithin(transaction: Queryable, id: string): Promise<string | undefined> {
    return new PostgresSessionStore(transaction, REALM).end(digest(id));
  }

  /** Ends every session of a person inside a transaction; answers how many. */
  endBySubjectWithin(transaction: Queryable, subject: string): Promise<number> {
    return new PostgresSessionStore(transaction, REALM).endBySubject(subject);
  }
}
