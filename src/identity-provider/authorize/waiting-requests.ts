import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../platform/clock.js';
import { isLoopback, networkOf } from '../../platform/network.js';
import { PageError } from '../../platform/http/page-error.js';
import { OAuthError } from '../../protocol/oauth-error.js';

/** Requests put aside for one network within the window (milliseconds): ten people a second, all the time. */
const MOST = 6_000;
const WINDOW = 10 * 60_000;
const MOST_NETWORKS = 20_000;

/**
 * A request that waits for a person is kept for an hour, and anybody may send one; so may they push one in the name of a
 * public client. So it is counted by network how many wait, in each process: enough for a campus behind one address, too
 * little to fill a disk. Loopback is not counted: it is this machine, or a proxy that TRUST_PROXY does not name, behind which
 * is everybody.
 */
@Injectable()
export class WaitingRequests {
  private readonly counts = new LRUCache<string, { count: number; until: number }>({ max: MOST_NETWORKS });

  constructor(private readonly clock: Clock) {}

  /** One more is about to be put aside. @throws PageError 429 when there are too many. */
  admit(ip: string): void {
    if (this.secondsToWait('aside', ip) === undefined) return;
    throw new PageError(429, 'slow_down', 'Too many sign-ins begin from your network. Try again in a few minutes.', {
      detail: `more than ${MOST} requests wait for ${networkOf(ip)}`,
    });
  }

  /** One more is about to be pushed by somebody who proved nothing. @throws OAuthError slow_down (429) */
  admitPushed(ip: string): void {
    const retryAfterSeconds = this.secondsToWait('pushed', ip);
    if (retryAfterSeconds === undefined) return;
    throw new OAuthError('slow_down', 'too many requests are pushed from this network; wait before the next one', {
      retryAfterSeconds,
    });
  }

  /** Counts one more; undefined when there is room for it. */
  private secondsToWait(kind: 'aside' | 'pushed', ip: string): number | undefined {
    if (isLoopback(ip)) return undefined;
    const name = `${kind} ${networkOf(ip)}`;
    const now = this.clock.now();
    const known = this.counts.get(name);
    if (!known || known.until <= now) {
      this.counts.set(name, { count: 1, until: now + WINDOW });
      return undefined;
    }
    known.count += 1;
    return known.count <= MOST ? undefined : Math.max(1, Math.ceil((known.until - now) / 1000));
  }
}
