import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../platform/clock.js';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';

/** Wrong secrets for one client from one network within the window (milliseconds), before it is told to wait. */
const MOST_FAILURES = 50;
const WINDOW = 300_000;
/** Whoever makes up client ids must not fill the memory. */
const MOST_KEPT = 20_000;

/**
 * Slows down guessing of client secrets. They are random and long, so a count per process is enough, and an honest client
 * pays no database round trip; elsewhere on the network it is not affected at all.
 */
@Injectable()
export class ClientAuthThrottle {
  private readonly failures = new LRUCache<string, { count: number; until: number }>({ max: MOST_KEPT });

  constructor(private readonly clock: Clock) {}

  /** @throws OAuthError slow_down (429) when there were too many failures. */
  admit(clientId: string, ip: string): void {
    // Nearly always: nobody has to pay for the name of what is not there.
    if (this.failures.size === 0) return;
    const known = this.current(keyOf(clientId, ip));
    if (!known || known.count < MOST_FAILURES) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((known.until - this.clock.now()) / 1000));
    throw new OAuthError('slow_down', 'too many failed attempts; wait before the next one', { retryAfterSeconds });
  }

  failed(clientId: string, ip: string): void {
    const key = keyOf(clientId, ip);
    const known = this.current(key);
    if (known) known.count += 1;
    else this.failures.set(key, { count: 1, until: this.clock.now() + WINDOW });
  }

  private current(key: string): { count: number; until: number } | undefined {
    const known = this.failures.get(key);
    return known && known.until > this.clock.now() ? known : undefined;
  }
}

function keyOf(clientId: string, ip: string): string {
  return digest(`${clientId}\0${networkOf(ip)}`).toString('base64url');
}
