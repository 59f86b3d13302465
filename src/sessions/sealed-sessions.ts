import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock.js';
import { randomToken, type Secrets } from '../platform/secret.js';
import type { Session } from './session.js';
import { type SessionCapabilities, type SessionKeeper, SessionTooLargeError } from './session-keeper.js';
import {
  isPastLimits,
  newSession,
  type OpenSession,
  type SessionLimits,
  type SignIn,
  TOUCH_EVERY,
} from './sessions.js';

/** In characters of base64url. With its name and attributes a cookie of this size fills three, of the 16 KB that Node reads of all headers. */
export const LARGEST_SEALED = 8192;

/** A sealed session has a key of its own, so that its end can be remembered without remembering it. */
type SealedSession = Session & { key: string };

/**
 * Sessions without any storage: the cookie holds the whole session, encrypted and authenticated (AES-256-GCM, a key of its
 * own per cookie). Its ends are inside, so the browser cannot move them. What it cannot do: a copy of the cookie is good
 * until its idle end whatever happens, except in the process that was told of the end. So combine it with introspection,
 * or with the revocation feed, where that matters.
 */
export class SealedSessions implements SessionKeeper {
  readonly can: SessionCapabilities = { ends: 'process', lists: false, claims: false };
  private readonly purpose: string;
  /** What was ended here: keys of sessions, names of sessions, and subjects with the moment. */
  private readonly ended = new LRUCache<string, number>({ max: 50_000 });
  private latestStart = 0;

  /** @param realm whose sessions: another owner's cookie is not opened, even under the same secret. */
  constructor(
    realm: string,
    private readonly limits: SessionLimits,
    private readonly clock: Clock,
    private readonly secrets: Secrets,
  ) {
    this.purpose = `sealed session of ${realm}`;
  }

  async start(signIn: SignIn, previousId?: string): Promise<OpenSession> {
    const made = newSession(signIn, this.limits, this.clock.now());
    // After whatever was ended: at the same moment nobody could tell which of the two came first.
    const startedAt = Math.max(made.startedAt, ...this.endsOf(made).map((endedAt) => endedAt + 1));
    this.latestStart = Math.max(this.latestStart, startedAt);
    const session: SealedSession = { ...made, startedAt, key: randomToken(16) };
    const id = this.seal(session);
    if (previousId) await this.end(previousId);
    return { id, session };
  }

  async open(id: string): Promise<OpenSession | undefined> {
    const session = this.unseal(id);
    if (!session) return undefined;
    const now = this.clock.now();
    if (now - session.lastSeenAt < Math.min(TOUCH_EVERY, this.limits.idleMilliseconds / 4)) return { id, session };
    const idleExpiresAt = Math.min(now + this.limits.idleMilliseconds, session.expiresAt);
    const touched: SealedSession = { ...session, lastSeenAt: now, idleExpiresAt };
    return { id: this.seal(touched), session: touched };
  }

  async rewrite(id: string, data: Record<string, unknown>): Promise<string | undefined> {
    const session = this.unseal(id);
    return session && this.seal({ ...session, data });
  }

  async claim(): Promise<boolean> {
    return true;
  }

  async release(): Promise<void> {}

  async end(id: string): Promise<string | undefined> {
    const session = this.unseal(id);
    if (!session) return undefined;
    this.ended.set(`key ${session.key}`, this.momentOfEnd());
    return session.sid;
  }

  /** How many there were is not known: 0. */
  async endBySid(sid: string): Promise<number> {
    this.ended.set(`sid ${sid}`, this.momentOfEnd());
    return 0;
  }

  /** As {@link endBySid}. */
  async endBySubject(subject: string): Promise<number> {
    this.ended.set(`subject ${subject}`, this.momentOfEnd());
    return 0;
  }

  async list(): Promise<never> {
    throw new Error('sessions in sealed cookies cannot be listed: nobody keeps them but the browsers');
  }

  async sweep(): Promise<number> {
    return 0;
  }

  private unseal(id: string): SealedSession | undefined {
    if (id.length > LARGEST_SEALED) return undefined;
    const sealed = Buffer.from(id, 'base64url');
    // Node skips what it does not know; only the canonical form comes back unchanged.
    if (sealed.toString('base64url') !== id) return undefined;
    const text = this.secrets.open(this.purpose, sealed);
    if (!text) return undefined;
    const session = JSON.parse(text.toString()) as SealedSession;
    const now = this.clock.now();
    const isPast = session.expiresAt <= now || session.idleExpiresAt <= now || isPastLimits(session, this.limits, now);
    const isOver = isPast || this.isEnded(session);
    return isOver ? undefined : session;
  }

  private isEnded(session: SealedSession): boolean {
    return this.ended.has(`key ${session.key}`) || this.endsOf(session).some((endedAt) => session.startedAt <= endedAt);
  }

  /** Not before anything that was started here. */
  private momentOfEnd(): number {
    return Math.max(this.clock.now(), this.latestStart);
  }

  /** When sessions of this name, or of this subject, were ended. */
  private endsOf({ sid, subject }: Session): number[] {
    return [this.ended.get(`sid ${sid}`), this.ended.get(`subject ${subject}`)].filter(
      (endedAt) => endedAt !== undefined,
    );
  }

  private seal(session: SealedSession): string {
    const id = this.secrets.seal(this.purpose, JSON.stringify(session)).toString('base64url');
    if (id.length > LARGEST_SEALED) {
      throw new SessionTooLargeError(`a sealed session of ${id.length} characters; a cookie takes ${LARGEST_SEALED}`);
    }
    return id;
  }
}
