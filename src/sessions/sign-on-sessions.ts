import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { type Writes, writeTogether } from '../platform/database/write-together.js';
import { clearedCookie, framedCookie, hostCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { digest } from '../platform/secret.js';
import type { Session } from './session.js';
import type { SessionEndCause, SessionEndObserver } from './session-end.js';
import type { StoredSession } from './session-store.js';
import { digestOf, type OpenSession, type SessionLimits, Sessions, type SignIn } from './sessions.js';
import { PostgresSessionStore, sessionInsertion } from './stores/postgres.js';

const REALM = 'provider';
const COOKIE = '__Host-gatehouse-session';

/** Shows the page at `path`, in whatever frame, that the session has changed: not whose it is, nor which. */
export const BROWSER_STATE = { cookie: '__Secure-gatehouse-state', path: '/check-session' };
/** What a browser without a session shows. */
const NOBODY = 'nobody';

/**
 * The provider's single sign-on: one session per browser, in PostgreSQL. Sign-in starts it, the authorization endpoint
 * reads it, sign-out ends it. Its cookie lasts as long as the browser; how long the session does is decided here.
 *
 * It is also the one door through which such a session ends, whatever the cause: what hangs on it ({@link observe}) is told
 * in the same transaction, so there is no moment at which one is over and the other is not.
 */
@Injectable()
export class SignOnSessions extends Sessions {
  private readonly observers: SessionEndObserver[] = [];

  constructor(
    private readonly database: Database,
    clock: Clock,
    limits: SessionLimits,
  ) {
    super(new PostgresSessionStore(database, REALM), limits, clock);
  }

  /** Whatever hangs on sign-on sessions asks here to be told of their end. */
  observe(observer: SessionEndObserver): void {
    this.observers.push(observer);
  }

  /** The cookie's value, if the browser brought one. */
  read(exchange: HttpExchange): string | undefined {
    return exchange.cookies.get(COOKIE);
  }

  set(exchange: HttpExchange, id: string): void {
    exchange.setCookie(hostCookie(COOKIE, id));
    this.show(exchange, id);
  }

  clear(exchange: HttpExchange): void {
    exchange.setCookie(clearedCookie(COOKIE));
    this.show(exchange, undefined);
  }

  /**
   * Keeps {@link BROWSER_STATE} right, and answers what it shows: another value for each session, from which nobody gets back
   * to the session.
   * @param id the cookie of the session that lives, if one does.
   */
  show(exchange: HttpExchange, id: string | undefined): string {
    const state = id === undefined ? NOBODY : digest(`browser state\0${id}`).toString('base64url');
    exchange.setCookie(framedCookie(BROWSER_STATE.cookie, state, BROWSER_STATE.path));
    return state;
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

  /** Under what the session of this browser's cookie is kept, if the cookie can be one of ours. */
  digestIn(exchange: HttpExchange): Buffer | undefined {
    return digestOf(this.read(exchange));
  }

  /**
   * As {@link resumeFrom}, for whoever has just read what is kept under {@link digestIn}.
   * @param stored undefined: there was none.
   */
  async resumeRead(exchange: HttpExchange, stored: StoredSession | undefined): Promise<Session | undefined> {
    const id = this.read(exchange);
    return id === undefined ? undefined : this.resumeStored(id, stored);
  }

  /**
   * A session that is renewed under its own name does not end; one that another replaces does.
   */
  override async start(signIn: SignIn, previousId?: string): Promise<OpenSession> {
    return (await this.startUnless(signIn, previousId, () => ({ insert: [] }))) as OpenSession;
  }

  /**
   * As {@link start}, together with what else is written then: its record.
   * @returns what `unless` answered, if that is a row: nothing has begun, and the earlier session goes on.
   */
  async startUnless<T extends object>(
    signIn: SignIn,
    previousId: string | undefined,
    along: (session: Session) => Writes,
  ): Promise<OpenSession | T[]> {
    const opened = this.make(signIn);
    const begin = async (queryable: Queryable) => {
      const { insert, ...rest } = along(opened.session);
      const session = sessionInsertion(REALM, digest(opened.id), this.stored(opened.session));
      const found = await writeTogether<T>(queryable, { ...rest, insert: [session, ...insert] });
      return found.length > 0 ? found : opened;
    };
    if (!previousId) return begin(this.database);
    return this.database.transaction(async (transaction) => {
      const begun = await begin(transaction);
      if (begun !== opened) return begun;
      const replaced = await new PostgresSessionStore(transaction, REALM).end(digest(previousId));
      if (replaced !== undefined && replaced !== opened.session.sid) {
        await this.tell(transaction, [replaced], 'sign_out');
      }
      return opened;
    });
  }

  override end(id: string, cause: SessionEndCause = 'sign_out'): Promise<string | undefined> {
    return this.database.transaction((transaction) => this.endWithin(transaction, id, cause));
  }

  override endBySid(sid: string, cause: SessionEndCause = 'sign_out'): Promise<number> {
    return this.database.transaction((transaction) => this.endBySidWithin(transaction, sid, cause));
  }

  /** Ends the session of this name, if there is one, together with what `record` writes about it. */
  async endRecorded(sid: string, record: (transaction: Queryable) => Promise<void>): Promise<void> {
    await this.database.transaction(async (transaction) => {
      if ((await new PostgresSessionStore(transaction, REALM).endBySid(sid)) === 0) return;
      await record(transaction);
      await this.tell(transaction, [sid], 'sign_out');
    });
  }

  override endBySubject(subject: string, cause: SessionEndCause = 'sign_out'): Promise<number> {
    return this.database.transaction((transaction) => this.endBySubjectWithin(transaction, subject, cause));
  }

  override async sweep(): Promise<number> {
    for (let total = 0; ;) {
      const ended = await this.database.transaction(async (transaction) => {
        const sids = await new PostgresSessionStore(transaction, REALM).endExpired(this.clock.now());
        return this.tell(transaction, sids);
      });
      if (ended === 0) return total;
      total += ended;
    }
  }

  /** Ends the session of this cookie in a transaction of the caller's. */
  async endWithin(transaction: Queryable, id: string, cause: SessionEndCause): Promise<string | undefined> {
    const sid = await new PostgresSessionStore(transaction, REALM).end(digest(id));
    if (sid !== undefined) await this.tell(transaction, [sid], cause);
    return sid;
  }

  /** Ends the session of this name in a transaction of the caller's; answers how many there were. */
  async endBySidWithin(transaction: Queryable, sid: string, cause: SessionEndCause): Promise<number> {
    const count = await new PostgresSessionStore(transaction, REALM).endBySid(sid);
    return count > 0 ? this.tell(transaction, [sid], cause) : 0;
  }

  /**
   * Ends every session of a person in a transaction of the caller's; answers how many there were.
   * @param cause left out: the caller revokes everything of this person itself, and does it last.
   */
  async endBySubjectWithin(transaction: Queryable, subject: string, cause?: SessionEndCause): Promise<number> {
    const sids = await new PostgresSessionStore(transaction, REALM).endAllOf(subject);
    return this.tell(transaction, sids, cause);
  }

  private async tell(transaction: Queryable, sids: readonly string[], cause?: SessionEndCause): Promise<number> {
    if (sids.length === 0) return 0;
    for (const observer of this.observers) await observer.sessionsEnded(transaction, sids, cause);
    return sids.length;
  }
}
