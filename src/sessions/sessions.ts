import { Clock } from '../platform/clock.js';
import { digest, randomToken, type Secrets } from '../platform/secret.js';
import type { Session } from './session.js';
import type { SessionCapabilities, SessionKeeper } from './session-keeper.js';
import type { SessionStore, StoredSession } from './session-store.js';

/** How long sessions last, in milliseconds. */
export interface SessionLimits {
  idleMilliseconds: number;
  absoluteMilliseconds: number;
}

/** What is known when a person has just proved who they are. */
export interface SignIn {
  subject: string;
  acr: string;
  amr: string[];
  ip: string;
  userAgent: string;
  data?: Record<string, unknown>;
  /** Keeps the name of an earlier session: a re-authentication of the same person renews, it does not begin anew. */
  sid?: string;
  /** `auth_time` in epoch milliseconds, when it is not this moment. */
  authenticatedAt?: number;
}

/** A session together with the cookie value that opens it. */
export interface OpenSession {
  id: string;
  session: Session;
}

/** Activity is written down at most this often, in milliseconds: a session read costs no write. */
export const TOUCH_EVERY = 60_000;

/** What a sign-in makes, wherever it is kept. */
export function newSession(signIn: SignIn, limits: SessionLimits, now: number): Session {
  return {
    sid: signIn.sid ?? randomToken(16),
    subject: signIn.subject,
    startedAt: now,
    authenticatedAt: signIn.authenticatedAt ?? now,
    lastSeenAt: now,
    expiresAt: now + limits.absoluteMilliseconds,
    idleExpiresAt: now + Math.min(limits.idleMilliseconds, limits.absoluteMilliseconds),
    acr: signIn.acr,
    amr: signIn.amr,
    ip: signIn.ip,
    userAgent: signIn.userAgent,
    data: signIn.data ?? {},
  };
}

/** Under what a session is kept; undefined when the value was not made here: our ids are 43 characters. */
export function digestOf(id: string | undefined): Buffer | undefined {
  return id?.length === 43 ? digest(id) : undefined;
}

/** Whether limits that were shortened since it began end a session: a policy counts for the sessions that are there, too. */
export function isPastLimits({ startedAt, lastSeenAt }: SessionTimes, limits: SessionLimits, now: number): boolean {
  return now >= Math.min(startedAt + limits.absoluteMilliseconds, lastSeenAt + limits.idleMilliseconds);
}

type SessionTimes = Pick<Session, 'startedAt' | 'lastSeenAt'>;

/** The verbs of browser sessions over any store. */
export class Sessions implements SessionKeeper {
  readonly can: SessionCapabilities = { ends: 'everywhere', lists: true, claims: true };

  constructor(
    private readonly store: SessionStore,
    private readonly limits: SessionLimits,
    protected readonly clock: Clock,
    private readonly secrets?: Secrets,
  ) {}

  /**
   * Starts a session under a fresh 256-bit id. Give the cookie the browser came with: the session behind it ends, so an
   * id fixed before sign-in is worth nothing after it (session fixation).
   */
  async start(signIn: SignIn, previousId?: string): Promise<OpenSession> {
    const opened = this.make(signIn);
    await this.store.insert(digest(opened.id), this.stored(opened.session));
    if (previousId) await this.store.end(digest(previousId));
    return opened;
  }

  /** What a sign-in makes; it is not kept yet. */
  protected make(signIn: SignIn): OpenSession {
    return { id: randomToken(), session: newSession(signIn, this.limits, this.clock.now()) };
  }

  /** The living session of a cookie value, or undefined. Notes the activity, at most once a minute. */
  async resume(id: string | undefined): Promise<Session | undefined> {
    const idDigest = digestOf(id);
    return idDigest && this.resumeStored(id!, await this.store.find(idDigest, this.clock.now()));
  }

  /** As {@link resume}, for whoever has just read what is kept under the digest of `id`. */
  protected async resumeStored(id: string, stored: StoredSession | undefined): Promise<Session | undefined> {
    const now = this.clock.now();
    if (!stored || stored.expiresAt <= now || stored.idleExpiresAt <= now) return undefined;
    if (isPastLimits(stored, this.limits, now)) return undefined;
    if (now - stored.lastSeenAt >= Math.min(TOUCH_EVERY, this.limits.idleMilliseconds / 4)) {
      const idleExpiresAt = Math.min(now + this.limits.idleMilliseconds, stored.expiresAt);
      if (!(await this.store.touch(digest(id), now, idleExpiresAt))) return undefined;
    }
    return this.opened(stored);
  }

  /** As {@link resume}, with the id. */
  async open(id: string): Promise<OpenSession | undefined> {
    const session = await this.resume(id);
    return session && { id, session };
  }

  /** Replaces what is kept in a session; undefined when it has ended meanwhile, or `claim` was lost. */
  async rewrite(id: string, data: Record<string, unknown>, claim?: number): Promise<string | undefined> {
    return (await this.store.write(digest(id), this.seal(data), claim)) ? id : undefined;
  }

  claim(id: string, until: number): Promise<boolean> {
    return this.store.claim(digest(id), until, this.clock.now());
  }

  release(id: string, claim: number): Promise<void> {
    return this.store.release(digest(id), claim);
  }

  /** Ends one session; its cookie is dead everywhere when this returns. */
  end(id: string): Promise<string | undefined> {
    return this.store.end(digest(id));
  }

  endBySid(sid: string): Promise<number> {
    return this.store.endBySid(sid);
  }

  endBySubject(subject: string): Promise<number> {
    return this.store.endBySubject(subject);
  }

  async list(subject: string): Promise<Session[]> {
    const now = this.clock.now();
    const living = (await this.store.list(subject, now)).filter((one) => !isPastLimits(one, this.limits, now));
    return living.flatMap((session) => this.opened(session) ?? []);
  }

  sweep(): Promise<number> {
    return this.store.sweep(this.clock.now());
  }

  protected stored(session: Session): StoredSession {
    return { ...session, data: this.seal(session.data) };
  }

  private seal(data: Record<string, unknown>): Buffer {
    const text = JSON.stringify(data);
    return this.secrets ? this.secrets.seal('session', text) : Buffer.from(text);
  }

  private opened(stored: StoredSession): Session | undefined {
    const data = this.secrets ? this.secrets.open('session', stored.data) : stored.data;
    return data && { ...stored, data: JSON.parse(data.toString()) as Record<string, unknown> };
  }
}
