import { Injectable } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Database } from '../../platform/database/database.js';
import { secondsToWait, sharedLimiter } from '../../platform/database/shared-limiter.js';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** Well above what a fleet behind one address does, and few enough rows for a day of trying. */
const MOST = 300;
/** The certification suite registers a client or two for each of its tests, several plans at a time, from one address. */
const MOST_IN_CERTIFICATION = 900;
const WINDOW_SECONDS = 15 * 60;

/** How many clients strangers may register or change from one network: each is a row that stays, and may be a fetch. */
@Injectable()
export class RegistrationThrottle {
  private readonly limiter: RateLimiterPostgres;

  constructor(database: Database, { policy }: IdentityProviderSettings) {
    const points = policy === 'certification' ? MOST_IN_CERTIFICATION : MOST;
    this.limiter = sharedLimiter(database, { keyPrefix: 'registration', points, duration: WINDOW_SECONDS });
  }

  /** @throws OAuthError slow_down (429) */
  async admit(ip: string): Promise<void> {
    const retryAfterSeconds = await secondsToWait(this.limiter, digest(networkOf(ip)).toString('base64url'));
    if (retryAfterSeconds === undefined) return;
    throw new OAuthError('slow_down', 'too many registrations from this network; wait before the next one', {
      retryAfterSeconds,
    });
  }
}
