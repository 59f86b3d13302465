import { LRUCache } from 'lru-cache';
import type { ApplicationSession } from './application-sessions.js';
import type { Clock } from '../platform/clock.js';

/** Which cached sessions are meant. */
export type Ended = { id: string } | { sid: string } | { subject: string } | 'all';

interface Entry {
  session: ApplicationSession;
  readAt: number;
}

/**
 * Sessions that were read a moment ago, so that a request costs a look into a map. It forgets at a session's ends, and at once
 * what {@link drop} names: whoever learns of an end, by whatever way, says it here. What ends in another process is noticed
 * after `maxAge` at the latest; without a way to learn of it sooner that is at most a second, and by default nothing is kept.
 */
export class SessionCache {
  private readonly entries: LRUCache<string, Entry> | undefined;
  /** Counts what was dropped, so that a session which was being read meanwhile is not kept. */
  private drops = 0;

  /** @param maxAgeMilliseconds 0: nothing is kept. */
  constructor(
    private readonly clock: Clock,
    private readonly maxAgeMilliseconds: number,
    max = 10_000,
  ) {
    this.entries = maxAgeMilliseconds > 0 ? new LRUCache({ max }) : undefined;
  }

  get(id: string): ApplicationSession | undefined {
    const entry = this.entries?.get(id);
    if (!entry) return undefined;
    const now = this.clock.now();
    const { session, readAt } = entry;
    if (now - readAt < this.maxAgeMilliseconds && session.idleExpiresAt > now && session.expiresAt > now)
      return session;
    this.entries!.delete(id);
    return undefined;
  }

  /** Take it before reading, and give it to {@link keep}. */
  ticket(): number {
    return this.drops;
  }

  /** Keeps what was read since `ticket`, unless something was dropped meanwhile. */
  keep(ticket: number, session: ApplicationSession): void {
    if (ticket === this.drops) this.entries?.set(session.id, { session, readAt: this.clock.now() });
  }

  /** The one door: these sessions have ended, or changed, and are read anew by the next request. */
  drop(ended: Ended): void {
    this.drops += 1;
    if (!this.entries) return;
    if (ended === 'all') return this.entries.clear();
    if ('id' in ended) return void this.entries.delete(ended.id);
    for (const [id, { session }] of this.entries.entries()) {
      const isMeant = 'sid' in ended ? session.sid === ended.sid : session.subject === ended.subject;
      if (isMeant) this.entries.delete(id);
    }
  }
}
