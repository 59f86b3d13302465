import { Injectable } from '@nestjs/common';
import { Database, type Queryable, statement } from '../../platform/database/database.js';
import { verifiedEmail } from '../canonical-email.js';
import { type User, Users } from '../users.js';
import { DeviceTrust } from './device-trust.js';
import { FederatedIdentities } from './federated-identities.js';
import { Passkeys } from './passkeys.js';
import { RecoveryCodes } from './recovery-codes.js';
import { TotpCredentials } from './totp.js';

/** What a person may take away by themselves. */
export type RemovableKind = 'passkey' | 'totp' | 'federated';

/** What may begin a sign-in. */
export interface WaysIn {
  password: boolean;
  mail: boolean;
  passkey: boolean;
  upstream: boolean;
}

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
    private readonly federated: FederatedIdentities,
    private readonly codes: RecoveryCodes,
    private readonly trust: DeviceTrust,
  ) {}

  /**
   * @param ways what may begin a sign-in here; a mail, where the person's address is proved.
   * @param record what belongs to it, in the same transaction.
   * @returns `last` when nothing would be left to sign in with, `gone` when the person has no such credential.
   */
  remove(
    user: User,
    kind: RemovableKind,
    id: string,
    ways: WaysIn,
    record: (transaction: Queryable) => Promise<void>,
  ): Promise<'removed' | 'last' | 'gone'> {
    return this.database.transaction(async (transaction) => {
      await transaction.query(ONE_AT_A_TIME, [user.sub]);
      const { sub } = user;
      const [passkeys, authenticators, federated] = [
        await this.passkeys.list(sub),
        await this.totp.list(sub),
        await this.federated.list(sub),
      ];
      const kept = { passkey: passkeys, totp: authenticators, federated }[kind];
      if (!kept.some((one) => one.id === id)) return 'gone';
      if (kind !== 'totp') {
        const left = [
          ...(ways.passkey ? passkeys : []),
          ...federated.filter((one) => ways.upstream && this.federated.isUsable(one)),
        ].filter((one) => one.id !== id);
        if (left.length === 0 && !(await this.hasAnother(user, ways))) return 'last';
      }
      if (kind === 'federated') await this.federated.unlink(sub, id, transaction);
      else await (kind === 'passkey' ? this.passkeys : this.totp).remove(sub, id, transaction);
      const hadOneFactor = passkeys.length + authenticators.length === 1;
      if (kind !== 'federated' && hadOneFactor) await this.codes.forget(sub, transaction);
      await this.trust.end(sub, transaction);
      await record(transaction);
      return 'removed';
    });
  }

  private async hasAnother(user: User, { password, mail }: WaysIn): Promise<boolean> {
    if (mail && verifiedEmail(user) !== undefined) return true;
    if (!password) return false;
    const { sub, username } = user;
    const found = await this.users.findByUsername(username);
    return found?.user.sub === sub && found.passwordHash !== undefined;
  }
}
