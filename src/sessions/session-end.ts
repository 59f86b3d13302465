import type { Queryable } from '../platform/database/database.js';

/** Why somebody ended a sign-on session; the session that another person's sign-in replaces was signed out of. */
export type SessionEndCause = 'sign_out' | 'administrative';

/** What hangs on sign-on sessions and ends with them, in the same transaction. */
export interface SessionEndObserver {
  /**
   * @param sids of the sessions that have just been deleted; never empty.
   * @param cause what hangs on them is to be revoked for. Absent: there is no need (they expired), or whoever ended them
   * revokes more than that.
   */
  sessionsEnded(transaction: Queryable, sids: readonly string[], cause?: SessionEndCause): Promise<void>;
}
