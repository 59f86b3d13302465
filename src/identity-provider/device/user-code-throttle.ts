import { Injectable, Logger } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Database } from '../../platform/database/database.js';
import { JointLimits, type Share } from '../../platform/database/joint-limits.js';
import type { Taken } from '../../platform/database/taken.js';
import { sharedLimiter } from '../../platform/database/shared-limiter.js';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';

/** Wrong codes within the window, in seconds, before the next one must wait. */
const WINDOW = 15 * 60;
const PER_NETWORK = 20;
const PER_PERSON = 10;
/** From everybody who has not signed in: of 2^34 codes so many guesses hit nothing. Who has signed in is not affected. */
const OF_STRANGERS = 1_000;

/** Too many wrong codes. */
export class TooManyGuesses extends Error {
  override readonly name = 'TooManyGuesses';

  constructor(
    readonly retryAfterSeconds: number,
    /** The share of the strangers is used up: whoever signs in has one of their own. */
    readonly signInHelps: boolean,
  ) {
    super('too many wrong user codes');
  }
}

/**
 * Slows down guessing of user codes (RFC 8628 §5.1). A try is counted before the code is looked up, and given back when
 * the code is good, so that of any number of guesses at once only so many are evaluated.
 */
@Injectable()
export class UserCodeThrottle {
  private readonly logger = new Logger(UserCodeThrottle.name);
  private readonly network: RateLimiterPostgres;
  private readonly person: RateLimiterPostgres;
  private readonly strangers: RateLimiterPostgres;

  constructor(
    database: Database,
    private readonly limits: JointLimits,
  ) {
    const limiter = (keyPrefix: string, points: number) =>
      sharedLimiter(database, { keyPrefix, points, duration: WINDOW });
    this.network = limiter('user-code-network', PER_NETWORK);
    this.person = limiter('user-code-person', PER_PERSON);
    this.strangers = limiter('user-code-strangers', OF_STRANGERS);
  }

  /**
   * Counts a try; answers how to give it back.
   * @param subject who is signed in. @throws TooManyGuesses: the code must not be looked up then.
   */
  async admit(ip: string, subject: string | undefined): Promise<Taken> {
    const counted: Share[] = [
      [this.network, digest(networkOf(ip)).toString('base64url')],
      subject === undefined ? [this.strangers, 'all'] : [this.person, subject],
    ];
    const taken = await this.limits.take(counted);
    if (!('limiter' in taken)) return taken;
    this.logger.warn(`user codes throttled by the limit ${taken.limiter.keyPrefix}`);
    throw new TooManyGuesses(taken.retryAfterSeconds, taken.limiter === this.strangers);
  }
}
