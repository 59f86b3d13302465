import { Injectable } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { Clock } from '../clock.js';
import { arrayOf, Database, type Statement, statement } from './database.js';
import { secondsToWait } from './shared-limiter.js';
import type { Taken } from './taken.js';

/** A limit, and whose share of it is counted. */
export type Share = readonly [limiter: RateLimiterPostgres, key: string];

/** The limit that is used up, and how long that lasts. */
export interface UsedUp {
  limiter: RateLimiterPostgres;
  retryAfterSeconds: number;
}

/** Counts decide nothing that a crash must not forget, so nobody waits for the disk: neither we nor whoever wants the row next. */
export const UNHURRIED = `unhurried AS (SELECT set_config('synchronous_commit', 'off', true) AS set)`;

/** A share as SQL says it. */
interface ShareText {
  key: string;
  limit: string;
  /** Milliseconds. */
  window: string;
}

/**
 * Takes a point of each share in turn, until one is used up: what comes after that one stays as it is. Rows are locked in the
 * shares' order, here and in {@link GIVING}, so that no two attempts wait for each other.
 * @param name of these counts in the statement
 * @param now epoch milliseconds, as SQL says it
 * @param from what of the statement has a row if, under the condition `where`, there is something to count; keys may name its columns
 * @returns the parts of the statement that count, and for each share what answers when it is used up.
 */
export function counting(
  name: string,
  now: string,
  from: string,
  where: string,
  shares: readonly ShareText[],
): { counts: string[]; full: string[] } {
  const counts = shares.map(({ key, window }, index) => {
    const before = shares[index - 1];
    const source = before
      ? `${from}, ${name}_${index - 1} AS before WHERE before.points <= ${before.limit}`
      : `${from} WHERE ${where}`;
    return `${name}_${index} AS (
      INSERT INTO rate_limit AS held (key, points, expire) SELECT ${key}, 1, ${now}::bigint + ${window} FROM ${source}
      ON CONFLICT (key) DO UPDATE SET
        points = CASE WHEN held.expire <= ${now} THEN 1 ELSE held.points + 1 END,
        expire = CASE WHEN held.expire <= ${now} THEN excluded.expire ELSE held.expire END
      RETURNING points, expire)`;
  });
  const full = shares.map(({ limit }, index) => `SELECT expire FROM ${name}_${index} WHERE points > ${limit}`);
  return { counts, full };
}

/** A share is three parameters: its key, the limit, and the window in milliseconds. */
function taking(shares: number): Statement {
  const texts = Array.from({ length: shares }, (_, index) => {
    const first = 2 + 3 * index;
    return { key: `$${first}`, limit: `$${first + 1}::int`, window: `$${first + 2}::bigint` };
  });
  const { counts, full } = counting('count', '$1', 'unhurried', 'true', texts);
  const answers = full.map((text, place) => text.replace('SELECT', `SELECT ${place} AS place,`));
  return statement(`WITH ${[UNHURRIED, ...counts].join(', ')} ${answers.join(' UNION ALL ')}`);
}

/** Gives a point of each key back; nothing of a window that has ended meanwhile. */
const GIVING = `
  UPDATE rate_limit SET points = greatest(points - 1, 0) FROM (
    SELECT rate_limit.key FROM unnest(${arrayOf('$2', 'text')}) WITH ORDINALITY AS share (key, place)
    JOIN rate_limit USING (key) WHERE expire > $1 ORDER BY place FOR UPDATE OF rate_limit) AS share
  WHERE rate_limit.key = share.key`;
const GIVE = statement(GIVING);
const GIVE_UNHURRIED = statement(`WITH ${UNHURRIED} ${GIVING} AND (SELECT set FROM unhurried) = 'off'`);

const MOST_SHARES = 4;
const TAKE = Array.from({ length: MOST_SHARES }, (_, index) => taking(index + 1));

/**
 * One attempt that counts against several limits of rate-limiter-flexible: one statement takes a point of each, one gives
 * them back, atomically, where the library would send one for each limit and wait for the disk each time. When the
 * database does not answer, the library counts in its own way, in memory.
 */
@Injectable()
export class JointLimits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Takes a point of each share, in their order, until one is used up.
   * @returns how to give them back, or which one is used up.
   */
  async take(shares: readonly Share[]): Promise<UsedUp | Taken> {
    const now = this.clock.now();
    const values = shares.flatMap(([limiter, key]) => [limiter.getKey(key), limiter.points, limiter.duration * 1000]);
    let full: { place: number; expire: string } | undefined;
    try {
      [full] = await this.database.query<{ place: number; expire: string }>(TAKE[shares.length - 1]!, [now, ...values]);
    } catch {
      return takeOneByOne(shares);
    }
    if (!full) return this.taken(shares);
    const retryAfterSeconds = Math.max(1, Math.ceil((Number(full.expire) - now) / 1000));
    return { limiter: shares[full.place]![0], retryAfterSeconds };
  }

  /** How to give back what was taken of these shares. */
  taken(shares: readonly Share[]): Taken {
    const values = () => [this.clock.now(), shares.map(([limiter, key]) => limiter.getKey(key))];
    return {
      giveBack: async () => void (await this.database.query(GIVE_UNHURRIED, values())),
      giving: () => ({ statement: GIVE, values: values() }),
    };
  }
}

async function takeOneByOne(shares: readonly Share[]): Promise<UsedUp | Taken> {
  for (const [limiter, key] of shares) {
    const retryAfterSeconds = await secondsToWait(limiter, key);
    if (retryAfterSeconds !== undefined) return { limiter, retryAfterSeconds };
  }
  return { giveBack: async () => void (await Promise.all(shares.map(([limiter, key]) => limiter.reward(key)))) };
}
