import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';

/** Wrong secrets for one client from one network within the window, before it is told to wait. */
const MOST_FAILURES = 50;
const WINDOW_SECONDS = 300;

/**
 * Slows down guessing of client secrets. They are random and long, so a count per process is enough, and an honest client
 * pays no database round trip; elsewhere on the network it is not affected at all.
 */
@Injectable()
export class ClientAuthThrottle {
  private readonly failures = new RateLimiterMemory({ points: MOST_FAILURES, duration: WINDOW_SECONDS });

  /** @throws OAuthError slow_down (429) when there were too many failures. */
  async admit(clientId: string, ip: string): Promise<void> {
    const state = await this.failures.get(keyOf(clientId, ip));
    if (state && state.consumedPoints >= MOST_FAILURES) {
      const retryAfterSeconds = Math.max(1, Math.ceil(state.msBeforeNext / 1000));
      throw new OAuthError('slow_down', 'too many failed attempts; wait before the next one', { retryAfterSeconds });
    }
  }

  async failed(clientId: string, ip: string): Promise<void> {
    await this.failures.penalty(keyOf(clientId, ip));
  }
}

function keyOf(clientId: string, ip: string): string {
  return digest(`${clientId}\0${networkOf(ip)}`).toString('base64url');
}
