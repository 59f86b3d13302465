import { Injectable, Logger } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Clock } from '../platform/clock.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { JointLimits, type Share } from '../platform/database/joint-limits.js';
import type { Taken } from '../platform/database/taken.js';
import { sharedLimiter } from '../platform/database/shared-limiter.js';
import { digest } from '../platform/secret.js';
import type { UserWithPassword } from '../users/users.js';
import { CountedFind, type Finder } from './counted-find.js';
import { LoginSettings } from './login.options.js';
import { networkOf } from '../platform/network.js';

/** Wrong codes for one account from devices it does not know, within the window and within a day (NIST SP 800-63B-4 §3.2.2: at most 100). */
const SECOND_FACTORS = 20;
const SECOND_FACTORS_A_DAY = 60;

/** Who tries, as far as it is known before the password is looked at. */
export interface Attempt {
  /** The account: the person's `sub`, or the canonical form of a name that nobody has. */
  account: string;
  ip: string;
  /** A device that this very account has signed in from before. */
  device?: string;
}

/** Too many wrong passwords. The same for accounts that exist and for those that do not. */
export class TooManyAttempts extends Error {
  override readonly name = 'TooManyAttempts';

  constructor(readonly retryAfterSeconds: number) {
    super('too many failed attempts');
  }
}

/**
 * Counts failed sign-ins in PostgreSQL, for all processes together. An attempt is counted before the password is looked at,
 * in one atomic statement, and given back when it succeeds: of any number of guesses at once only so many are evaluated,
 * and honest sign-ins leave no trace. A success gives back its own point only, so an attacker's own account launders nothing.
 *
 * Nobody can lock an owner out: a known device counts by itself, an unknown one by account and network, so an attacker
 * uses up only their own network's share; the limit over all networks is wider.
 */
@Injectable()
export class SignInThrottle {
  private readonly logger = new Logger(SignInThrottle.name);
  private readonly limiters: Record<
    'device' | 'network' | 'accountAndNetwork' | 'account' | 'secondFactor' | 'secondFactorDay' | 'mailFrom' | 'mailTo',
    RateLimiterPostgres
  >;

  constructor(
    private readonly database: Database,
    private readonly limits: JointLimits,
    private readonly clock: Clock,
    { throttle }: LoginSettings,
  ) {
    const limiter = (keyPrefix: string, points: number, duration = throttle.windowSeconds) =>
      sharedLimiter(database, { keyPrefix, points, duration });
    this.limiters = {
      device: limiter('sign-in-device', throttle.perAccountAndNetwork),
      network: limiter('sign-in-network', throttle.perNetwork),
      accountAndNetwork: limiter('sign-in-account-network', throttle.perAccountAndNetwork),
      account: limiter('sign-in-account', throttle.perAccount),
      secondFactor: limiter('second-factor', SECOND_FACTORS),
      mailFrom: limiter('mail-network', throttle.mailsPerNetwork),
      mailTo: limiter('mail-account', throttle.mailsPerAccount),
      secondFactorDay: limiter('second-factor-day', SECOND_FACTORS_A_DAY, 86_400),
    };
  }

  /**
   * Counts an attempt; answers how to give it back.
   * @throws TooManyAttempts when a limit is reached; the password must not be looked at then.
   */
  async admit(attempt: Attempt): Promise<Taken> {
    return this.countAll(this.countersOf(attempt));
  }

  /**
   * As {@link admit}, for an account that is to be found: where `find` asks by the database that it is given, it finds and
   * counts in one statement.
   * @param nobody the account when nobody is found
   * @param device one that is known by the account `sub`
   * @returns `ending` as `lastEnding` has it, where it is known
   */
  async admitFound(
    find: (queryable: Pick<Queryable, 'query'>) => Promise<UserWithPassword | undefined>,
    { nobody, ip, device }: { nobody: string; ip: string; device: Finder['device'] },
  ): Promise<{ found: UserWithPassword | undefined; counted: Taken; ending?: string | null }> {
    const now = this.clock.now();
    const finder = { now, account: nobody, network: networkOf(ip), device };
    const counting = new CountedFind(this.database, this.limiters, finder);
    const found = await find(counting);
    const sub = found?.user.sub;
    const attempt = {
      account: sub === undefined ? nobody : `sub:${sub}`,
      ip,
      device: device && device.sub === sub ? device.id : undefined,
    };
    if (!counting.counted) return { found, counted: await this.admit(attempt) };
    if (counting.full) {
      const { limiter, endsAt } = counting.full;
      throw this.tooMany(limiter, Math.max(1, Math.ceil((endsAt - now) / 1000)));
    }
    const { ending } = counting;
    return { found, counted: this.limits.taken(this.countersOf(attempt)), ...(ending === undefined ? {} : { ending }) };
  }

  /** Counts a mail that a network asks for. @throws TooManyAttempts */
  async admitMailFrom(ip: string): Promise<void> {
    await this.countAll([[this.limiters.mailFrom, keyOf(networkOf(ip))]]);
  }

  /** Counts a mail to one account or address, whoever asks for it. @throws TooManyAttempts */
  async admitMailTo(account: string): Promise<void> {
    await this.countAll([[this.limiters.mailTo, keyOf(account)]]);
  }

  /** Counts an attempt of a network alone: for proofs that cannot be guessed, whose account is not known before. */
  admitFrom(ip: string): Promise<Taken> {
    return this.countAll([[this.limiters.network, keyOf(networkOf(ip))]]);
  }

  /**
   * As {@link admit}, for a code that stands for the second factor. Who tries has the first one, and six digits are few:
   * from unknown devices the limits over all networks are narrow.
   */
  async admitSecond(attempt: Attempt): Promise<Taken> {
    const { network, accountAndNetwork, secondFactor, secondFactorDay, device } = this.limiters;
    const account = `second:${attempt.account}`;
    const from = networkOf(attempt.ip);
    const counted: Share[] = attempt.device
      ? [[device, keyOf(account, attempt.device)]]
      : [
          [network, keyOf(from)],
          [accountAndNetwork, keyOf(account, from)],
          [secondFactor, keyOf(account)],
          [secondFactorDay, keyOf(account)],
        ];
    return this.countAll(counted);
  }

  private countersOf({ account, ip, device }: Attempt): Share[] {
    const { limiters } = this;
    if (device) return [[limiters.device, keyOf(account, device)]];
    const network = networkOf(ip);
    return [
      [limiters.network, keyOf(network)],
      [limiters.accountAndNetwork, keyOf(account, network)],
      [limiters.account, keyOf(account)],
    ];
  }

  private async countAll(shares: Share[]): Promise<Taken> {
    // The account's own come last: who is stopped by their network's share does not use up the account's.
    const taken = await this.limits.take(shares);
    if (!('limiter' in taken)) return taken;
    throw this.tooMany(taken.limiter, taken.retryAfterSeconds);
  }

  private tooMany({ keyPrefix }: RateLimiterPostgres, retryAfterSeconds: number): TooManyAttempts {
    this.logger.warn(`sign-in throttled by the limit ${keyPrefix}`);
    return new TooManyAttempts(retryAfterSeconds);
  }
}

/** People type passwords into name fields, and the table's keys are short: only digests are kept. */
function keyOf(...parts: string[]): string {
  return digest(parts.join('\0')).toString('base64url');
}
