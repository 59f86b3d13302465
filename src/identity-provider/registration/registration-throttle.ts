import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { Database } from '../../platform/database/database.js';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';

/** Well above what a test suite or a fleet behind one address does, and few enough rows for a day of trying. */
const LIMIT = { keyPrefix: 'registration', points: 300, duration: 15 * 60 };

/**
 * How many clients strangers may register or change from one network: each is a row that stays, and may be a fetch. Counted
 * in PostgreSQL for all processes together; when that fails, in each process.
 */
@Injectable()
export class RegistrationThrottle {
  private readonly limiter: RateLimiterPostgres;

  constructor(database: Database) {
    this.limiter = new RateLimiterPostgres({
      ...LIMIT,
      storeClient: database.dataSource,
      storeType: 'typeorm',
      tableName: 'rate_limit',
      tableCreated: true,
      insuranceLimiter: new RateLimiterMemory(LIMIT),
    });
  }

  /** @throws OAuthError slow_down (429) */
  async admit(ip: string): Promise<void> {
    try {
      await this.limiter.consume(digest(networkOf(ip)).toString('base64url'));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new OAuthError('slow_down', 'too many registrations from this network; wait before the next one', {
        retryAfterSeconds,
      });
    }
  }
}
