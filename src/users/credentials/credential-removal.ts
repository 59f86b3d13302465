import { Injectable } from '@nestjs/common';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { verifiedEmail } from '../canonical-email.js';
import { type User, Users } from '../users.js';
import { DeviceTrust } from './device-trust.js';
import { Passkeys } from './passkeys.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpCredentials } from './totp.js';

/** What a person may take away by themselves. */
export type RemovableKind = 'passkey' | 'totp';

/** Two removals at once must not each count on what the other removes. */
const ONE_AT_A_TIME = statement(`SELECT pg_advisory_xact_lock(hashtextextended('credentials ' || $1, 0))`);

/**
 * Takes a way to sign in away, but never the last one. With the last second factor its recovery codes go, too, which stand
 * in for nothing any more; and no browser is known any more by a factor that was given there.
 */
@Injectable()
export class CredentialRemoval {
  constructor(
    private readonly database: Database,
    private readonly users: Users,
    private readonly passkeys: Passkeys,
    private readonly totp: TotpCredentials,
    private readonly codes: RecoveryCodes,
    private readonly trust: DeviceTrust,
  ) {}

  /**
   * @param others what else may begin a sign-in here: a password, or a mail to an address that is proved.
   * @param record what belongs to it, in the same transaction.
   * @returns `last` when nothing would be left to sign in with, `gone` when the person has no such credential.
   */
  remove(
    user: User,
    kind: RemovableKind,
    id: string,
    others: { password: boolean; mail: boolean },
    record: (transaction: Queryable) => Promise<void>,
  ): Promise<'removed' | 'last' | 'gone'> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(ONE_AT_A_TIME, [user.sub]);
      const { sub } = user;
      const [passkeys, authenticators] = [await this.passkeys.list(sub), await this.totp.list(sub)];
      const kept = kind === 'passkey' ? passkeys : authenticators;
      if (!kept.some((one) => one.id === id)) return 'gone';
      if (kind === 'passkey' && passkeys.length === 1 && !(await this.hasAnother(user, others))) return 'last';
      await (kind === 'passkey' ? this.passkeys : this.totp).remove(sub, id, transaction);
      if (passkeys.length + authenticators.length === 1) await this.codes.forget(sub, transaction);
      await this.trust.end(sub, transaction);
      await record(transaction);
      return 'removed';
    });
  }

  private async hasAnother(user: User, { password, mail }: { password: boolean; mail: boolean }): Promise<boolean> {
    if (mail && verifiedEmail(user) !== undefined) return true;
    if (!password) return false;
    const { sub, username } = user;
    const found = await this.users.findByUsername(username);
    return found?.user.sub === sub && found.passwordHash !== undefined;
  }
}
