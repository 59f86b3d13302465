import type { Session } from './session.js';

/** A session as a store keeps it: its data are text, sealed when the sessions have a secret. */
export type StoredSession = Omit<Session, 'data'> & { data: Buffer };

/**
 * Where sessions are kept. Every verb is one atomic step. The cookie's value never reaches a store, only its SHA-256.
 * `now` is epoch milliseconds; a session past either of its ends must not be found.
 * All stores are held to `test/sessions/session-store.contract.ts`.
 */
export abstract class SessionStore {
  abstract insert(idDigest: Buffer, session: StoredSession): Promise<void>;
  abstract find(idDigest: Buffer, now: number): Promise<StoredSession | undefined>;
  /** Moves the idle end; false when the session is no more. */
  abstract touch(idDigest: Buffer, lastSeenAt: number, idleExpiresAt: number): Promise<boolean>;
  /** Replaces the data, and gives `claim` back when there is one; false when the session is no more, or the claim is another's now. */
  abstract write(idDigest: Buffer, data: Buffer, claim?: number): Promise<boolean>;
  /**
   * Claims a living session until `until` (epoch milliseconds, which also names the claim), so that of all processes one
   * renews its tokens; false when an earlier claim still holds at `now`.
   */
  abstract claim(idDigest: Buffer, until: number, now: number): Promise<boolean>;
  /** Gives a claim back before its time; nothing when it is another's now. */
  abstract release(idDigest: Buffer, claim: number): Promise<void>;
  /** Ends one session by its cookie and answers its `sid`, or undefined when there was none. */
  abstract end(idDigest: Buffer): Promise<string | undefined>;
  /** Ends every session with this `sid`; answers how many. */
  abstract endBySid(sid: string): Promise<number>;
  /** Ends every session of this subject; answers how many. */
  abstract endBySubject(subject: string): Promise<number>;
  /** The living sessions of a subject, newest first. */
  abstract list(subject: string, now: number): Promise<StoredSession[]>;
  /** Removes what has ended; answers how many. Called now and then, never needed for correctness. */
  abstract sweep(now: number): Promise<number>;
}
