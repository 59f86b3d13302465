import { LRUCache } from 'lru-cache';
import type { ApplicationSession } from './application-sessions.js';
import type { Clock } from '../platform/clock.js';

/** Which cached sessions are meant. */
export type Ended = { id: string } | { sid: string } | { subject: string } | 'all';

interface Entry {
  session: ApplicationSession;
  readAt: number;
  /** The same by the monotonic clock: nobody sets that one back. */
  readAtMonotonic: number;
}

/**
 * Characters at the end of an id by which it is looked up, and then compared whole: 72 random bits, or as many of the tag of
 * a sealed one. More would cost more to hash.
 */
const TAIL = 12;

/** How sessions are kept that somebody tells us the ends of. */
export interface Told {
  /** Had this session ended, we would know. */
  vouchesFor(session: ApplicationSession): boolean;
  /** Now and then it is read all the same: that it is in use has to be written down. */
  maxAgeMilliseconds: number;
}

/**
 * Sessions that were read a moment ago, so that a request costs a look into a map. It forgets at a session's ends, and at once
 * what {@link drop} names: whoever learns of an end, by whatever way, says it here. What ends in another process is noticed
 * after `maxAge` at the latest, by default at once because nothing is kept; but where the ends are told, a session is served
 * from here for as long as whoever tells them vouches for it.
 */
export class SessionCache {
  private readonly entries: LRUCache<string, Entry> | undefined;
  /** Counts what was dropped, so that a session which was being read meanwhile is not kept. */
  private drops = 0;

  /** @param maxAgeMilliseconds 0: nothing is kept that nobody vouches for. */
  constructor(
    private readonly clock: Clock,
    private readonly maxAgeMilliseconds: number,
    private readonly told?: Told,
    max = 10_000,
  ) {
    this.entries = maxAgeMilliseconds > 0 || told ? new LRUCache({ max }) : undefined;
  }

  /** @param now epoch milliseconds */
  get(id: string, now: number): ApplicationSession | undefined {
    const key = id.slice(-TAIL);
    const entry = this.entries?.get(key);
    if (entry?.session.id !== id) return undefined;
    const { session, readAt, readAtMonotonic } = entry;
    const age = Math.max(now - readAt, this.clock.monotonic() - readAtMonotonic);
    if (this.isYoung(age, session) && session.idleExpiresAt > now && session.expiresAt > now) return session;
    this.entries!.delete(key);
    return undefined;
  }

  private isYoung(age: number, session: ApplicationSession): boolean {
    if (age < this.maxAgeMilliseconds) return true;
    return this.told !== undefined && age < this.told.maxAgeMilliseconds && this.told.vouchesFor(session);
  }

  /** Take it before reading, and give it to {@link keep}. */
  ticket(): number {
    return this.drops;
  }

  /** Keeps what was read since `ticket`, unless something was dropped meanwhile. */
  keep(ticket: number, session: ApplicationSession): void {
    if (ticket === this.drops) {
      const { clock } = this;
      this.entries?.set(session.id.slice(-TAIL), { session, readAt: clock.now(), readAtMonotonic: clock.monotonic() });
    }
  }

  /** The one door: these sessions have ended, or changed, and are read anew by the next request. */
  drop(ended: Ended): void {
    this.drops += 1;
    if (!this.entries) return;
    if (ended === 'all') return this.entries.clear();
    if ('id' in ended) return void this.entries.delete(ended.id.slice(-TAIL));
    for (const [key, { session }] of this.entries.entries()) {
      const isMeant = 'sid' in ended ? session.sid === ended.sid : session.subject === ended.subject;
      if (isMeant) this.entries.delete(key);
    }
  }
}
