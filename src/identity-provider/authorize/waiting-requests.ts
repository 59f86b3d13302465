import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../platform/clock.js';
import { isLoopback, networkOf } from '../../platform/network.js';
import { PageError } from '../../platform/http/page-error.js';

/** Requests put aside for one network within the window (milliseconds): ten people a second, all the time. */
const MOST = 6_000;
const WINDOW = 10 * 60_000;
const MOST_NETWORKS = 20_000;

/**
 * A request that waits for a person is kept for an hour, and anybody may send one. So it is counted by network how many
 * wait, in each process: enough for a campus behind one address, too little to fill a disk. Loopback is not counted: it is
 * this machine, or a proxy that TRUST_PROXY does not name, behind which is everybody.
 */
@Injectable()
export class WaitingRequests {
  private readonly counts = new LRUCache<string, { count: number; until: number }>({ max: MOST_NETWORKS });

  constructor(private readonly clock: Clock) {}

  /** One more is about to be put aside. @throws PageError 429 when there are too many. */
  admit(ip: string): void {
    if (isLoopback(ip)) return;
    const network = networkOf(ip);
    const now = this.clock.now();
    const known = this.counts.get(network);
    if (!known || known.until <= now) {
      this.counts.set(network, { count: 1, until: now + WINDOW });
      return;
    }
    known.count += 1;
    if (known.count <= MOST) return;
    throw new PageError(429, 'slow_down', 'Too many sign-ins begin from your network. Try again in a few minutes.', {
      detail: `more than ${MOST} requests wait for ${network}`,
    });
  }
}
