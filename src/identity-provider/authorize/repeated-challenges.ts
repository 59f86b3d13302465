import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** A page that is loaded again asks again; a challenge that brought this many codes is a constant in somebody's program. */
const TOO_MANY = 5;
const MOST_KEPT = 5_000;

/**
 * Notices clients that send the same PKCE challenge again and again (RFC 9700 §2.1.1: it must be specific to the
 * transaction), and says so in the log, once each. Nothing is refused: from outside, a reload looks the same.
 */
@Injectable()
export class RepeatedChallenges {
  private readonly logger = new Logger(RepeatedChallenges.name);
  private readonly seen = new LRUCache<string, number>({ max: MOST_KEPT });

  /** A code is about to be lent for this challenge. */
  note(clientId: string, challenge: string): void {
    const key = `${clientId} ${challenge}`;
    const times = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, times);
    if (times !== TOO_MANY) return;
    this.logger.warn(
      `client ${clientId} has sent one code_challenge ${TOO_MANY} times: with a constant one, PKCE protects nothing`,
    );
  }
}
