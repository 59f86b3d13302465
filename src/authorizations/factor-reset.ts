import { AT_THE_COMMAND_LINE, Audit, OPERATOR } from '../audit/audit.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { type PersonEnded, PersonEnds } from '../sessions/person-ends.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { forgetCredentials } from '../users/credentials/forget-credentials.js';
import { SecurityNotices } from '../users/security-notices.js';
import type { User } from '../users/users.js';

/**
 * The operator takes away all that somebody signs in with beyond a password, for a person who lost everything and has proved
 * to the operator who they are. They are signed out everywhere, told by mail, and begin with their password alone.
 */
export class FactorReset {
  constructor(
    private readonly ends: PersonEnds,
    private readonly trust: DeviceTrust,
    private readonly tokens: OneTimeTokens,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  async reset(user: User): Promise<PersonEnded> {
    const { sub } = user;
    const ended = await this.ends.end(sub, 'factors_reset', async (transaction) => {
      await forgetCredentials(sub, transaction);
      await this.trust.end(sub, transaction);
      await this.tokens.endAll(sub, transaction, ['email-undo']);
      await this.notices.tell(user, 'factors_reset', undefined, transaction);
      const event = { name: 'credentials_reset', subject: sub, actor: OPERATOR } as const;
      await this.audit.record(event, AT_THE_COMMAND_LINE, transaction);
      return true;
    });
    return ended!;
  }
}
