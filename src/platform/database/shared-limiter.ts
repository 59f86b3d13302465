import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from './database.js';

/** `points` within `duration` seconds for each key. The prefix keeps one limit's keys from another's. */
export interface Limit {
  keyPrefix: string;
  points: number;
  duration: number;
}

/**
 * Counts in PostgreSQL, for all processes together, each time in one atomic statement. When the database does not answer,
 * each process counts in memory with the same limit. rate-limiter-flexible reads the machine's own time, which is fine for
 * windows that decide nothing else.
 */
export function sharedLimiter(database: Database, limit: Limit): RateLimiterPostgres {
  return new RateLimiterPostgres({
    ...limit,
    storeClient: database.dataSource,
    storeType: 'typeorm',
    tableName: 'rate_limit',
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(limit),
  });
}

/** Takes one point; answers how many seconds to wait when there is none left, else undefined. */
export async function secondsToWait(limiter: RateLimiterPostgres, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
  }
}
