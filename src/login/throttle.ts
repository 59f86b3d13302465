import { Injectable, Logger } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Database } from '../platform/database/database.js';
import { secondsToWait, sharedLimiter } from '../platform/database/shared-limiter.js';
import { digest } from '../platform/secret.js';
import { LoginSettings } from './login.options.js';
import { networkOf } from '../platform/network.js';

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
  private readonly limiters: Record<'device' | 'network' | 'accountAndNetwork' | 'account', RateLimiterPostgres>;

  constructor(database: Database, { throttle }: LoginSettings) {
    const limiter = (keyPrefix: string, points: number) =>
      sharedLimiter(database, { keyPrefix, points, duration: throttle.windowSeconds });
    this.limiters = {
      device: limiter('sign-in-device', throttle.perAccountAndNetwork),
      network: limiter('sign-in-network', throttle.perNetwork),
      accountAndNetwork: limiter('sign-in-account-network', throttle.perAccountAndNetwork),
      account: limiter('sign-in-account', throttle.perAccount),
    };
  }

  /**
   * Counts an attempt; answers how to give it back.
   * @throws TooManyAttempts when a limit is reached; the password must not be looked at then.
   */
  async admit(attempt: Attempt): Promise<() => Promise<void>> {
    const counted = this.countersOf(attempt);
    // The narrowest last but one: who is stopped by their own network's share does not use up the account's.
    for (const [limiter, key] of counted) await this.count(limiter, key);
    return async () => {
      await Promise.all(counted.map(([limiter, key]) => limiter.reward(key)));
    };
  }

  private countersOf({ account, ip, device }: Attempt): [RateLimiterPostgres, string][] {
    const { limiters } = this;
    if (device) return [[limiters.device, keyOf(account, device)]];
    const network = networkOf(ip);
    return [
      [limiters.network, keyOf(network)],
      [limiters.accountAndNetwork, keyOf(account, network)],
      [limiters.account, keyOf(account)],
    ];
  }

  private async count(limiter: RateLimiterPostgres, key: string): Promise<void> {
    const retryAfterSeconds = await secondsToWait(limiter, key);
    if (retryAfterSeconds === undefined) return;
    this.logger.warn(`sign-in throttled by the limit ${limiter.keyPrefix}`);
    throw new TooManyAttempts(retryAfterSeconds);
  }
}

/** People type passwords into name fields, and the table's keys are short: only digests are kept. */
function keyOf(...parts: string[]): string {
  return digest(parts.join('\0')).toString('base64url');
}
