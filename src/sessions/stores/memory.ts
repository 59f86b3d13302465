import { SessionStore, type StoredSession } from '../session-store.js';

/** Sessions of one process, gone when it ends: for tests and for trying things out. */
export class MemorySessionStore extends SessionStore {
  private readonly sessions = new Map<string, StoredSession>();
  private readonly claims = new WeakMap<StoredSession, number>();

  async insert(idDigest: Buffer, session: StoredSession): Promise<void> {
    const key = keyOf(idDigest);
    if (this.sessions.has(key)) throw new Error('there is a session with this id already');
    this.sessions.set(key, structuredCopy(session));
  }

  async find(idDigest: Buffer, now: number): Promise<StoredSession | undefined> {
    const session = this.sessions.get(keyOf(idDigest));
    return session && isLiving(session, now) ? structuredCopy(session) : undefined;
  }

  async touch(idDigest: Buffer, lastSeenAt: number, idleExpiresAt: number): Promise<boolean> {
    const session = this.sessions.get(keyOf(idDigest));
    if (!session || !isLiving(session, lastSeenAt)) return false;
    Object.assign(session, { lastSeenAt, idleExpiresAt });
    return true;
  }

  async write(idDigest: Buffer, data: Buffer, claim?: number): Promise<boolean> {
    const session = this.sessions.get(keyOf(idDigest));
    if (!session || (claim !== undefined && this.claims.get(session) !== claim)) return false;
    session.data = Buffer.from(data);
    if (claim !== undefined) this.claims.delete(session);
    return true;
  }

  async claim(idDigest: Buffer, until: number, now: number): Promise<boolean> {
    const session = this.sessions.get(keyOf(idDigest));
    if (!session || !isLiving(session, now) || (this.claims.get(session) ?? 0) > now) return false;
    this.claims.set(session, until);
    return true;
  }

  async release(idDigest: Buffer, claim: number): Promise<void> {
    const session = this.sessions.get(keyOf(idDigest));
    if (session && this.claims.get(session) === claim) this.claims.delete(session);
  }

  async end(idDigest: Buffer): Promise<string | undefined> {
    const sid = this.sessions.get(keyOf(idDigest))?.sid;
    this.sessions.delete(keyOf(idDigest));
    return sid;
  }

  async endBySid(sid: string): Promise<number> {
    return this.remove((session) => session.sid === sid);
  }

  async endBySubject(subject: string): Promise<number> {
    return this.remove((session) => session.subject === subject);
  }

  async list(subject: string, now: number): Promise<StoredSession[]> {
    return [...this.sessions.values()]
      .filter((session) => session.subject === subject && isLiving(session, now))
      .sort((a, b) => b.startedAt - a.startedAt)
      .map(structuredCopy);
  }

  async sweep(now: number): Promise<number> {
    return this.remove((session) => !isLiving(session, now));
  }

  private remove(isMeant: (session: StoredSession) => boolean): number {
    const before = this.sessions.size;
    for (const [key, session] of this.sessions) if (isMeant(session)) this.sessions.delete(key);
    return before - this.sessions.size;
  }
}

function keyOf(idDigest: Buffer): string {
  return idDigest.toString('base64url');
}

function isLiving(session: StoredSession, now: number): boolean {
  return session.expiresAt > now && session.idleExpiresAt > now;
}

/** Nobody outside holds what is stored, as with a database. */
function structuredCopy(session: StoredSession): StoredSession {
  return { ...session, amr: [...session.amr], data: Buffer.from(session.data) };
}
