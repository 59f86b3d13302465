import type { Session } from './session.js';
import type { OpenSession, SignIn } from './sessions.js';

/** What a way of keeping sessions can do beyond keeping them; `docs/relying-party.md` has the table. */
export interface SessionCapabilities {
  /** Ending a session takes effect everywhere at once; `process`: only where it was ended, others believe the cookie until its end. */
  ends: 'everywhere' | 'process';
  /** The sessions of a subject can be listed. */
  lists: boolean;
  /** One process can keep all others from renewing a session's tokens at the same time. */
  claims: boolean;
}

/** The verbs of an application's sessions, wherever they are kept. `id` is the value of the cookie, whatever is in it. */
export interface SessionKeeper {
  readonly can: SessionCapabilities;
  /** @throws SessionTooLargeError */
  start(signIn: SignIn, previousId?: string): Promise<OpenSession>;
  /** The living session of a cookie, and what the cookie must hold from now on. */
  open(id: string): Promise<OpenSession | undefined>;
  /**
   * Replaces what is kept in a session. Answers what its cookie must hold from now on; undefined when it has ended, or when
   * `claim` was lost to another.
   * @throws SessionTooLargeError
   */
  rewrite(id: string, data: Record<string, unknown>, claim?: number): Promise<string | undefined>;
  /** Claims the right to renew until then (epoch milliseconds, which also names the claim); false when somebody else has it. */
  claim(id: string, until: number): Promise<boolean>;
  release(id: string, claim: number): Promise<void>;
  end(id: string): Promise<string | undefined>;
  endBySid(sid: string): Promise<number>;
  endBySubject(subject: string): Promise<number>;
  /** Newest first. @throws Error where `can.lists` is false */
  list(subject: string): Promise<Session[]>;
  sweep(): Promise<number>;
}

/** What is to be kept does not fit where it is kept. */
export class SessionTooLargeError extends Error {
  override readonly name = 'SessionTooLargeError';
}
