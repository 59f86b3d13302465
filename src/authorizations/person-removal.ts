import { Injectable } from '@nestjs/common';
import { Audit, type AuditOrigin } from '../audit/audit.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { type PersonEnded, PersonEnds } from '../sessions/person-ends.js';
import type { Language } from '../platform/languages/language.js';
import { forgetCredentials } from '../users/credentials/forget-credentials.js';
import { SecurityNotices } from '../users/security-notices.js';
import { type User, Users } from '../users/users.js';

/**
 * Removes a person for good: the account, what they signed in with, their links that wait in mailboxes, their sessions,
 * consents, and everything they authorized, in one transaction. What was recorded about the account is kept as long as all
 * records are.
 */
@Injectable()
export class PersonRemoval {
  constructor(
    private readonly users: Users,
    private readonly ends: PersonEnds,
    private readonly tokens: OneTimeTokens,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  /** Whether people can be removed here. */
  get possible(): boolean {
    return this.users.remove !== undefined;
  }

  /**
   * @param by the operator, or the person themselves on a page in this language.
   * @returns what ended; undefined when there was no such person any more. Nothing has changed then.
   */
  async remove(
    user: User,
    origin: AuditOrigin,
    by: { actor: string } | { page: Language },
  ): Promise<PersonEnded | undefined> {
    const { sub } = user;
    const actor = 'actor' in by ? by.actor : sub;
    const page = 'page' in by ? by.page : undefined;
    return this.ends.end(sub, 'user_removed', async (transaction) => {
      if (!(await this.users.remove?.(sub, transaction))) return false;
      await forgetCredentials(sub, transaction);
      await this.tokens.endAll(sub, transaction);
      await this.notices.tell(user, 'account_removed', page, transaction);
      await this.audit.record({ name: 'user_removed', subject: sub, actor }, origin, transaction);
      return true;
    });
  }
}
