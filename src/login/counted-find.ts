import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { type Queryable, type Row, type Statement, statement } from '../platform/database/database.js';
import { lastEnding } from '../users/credentials/device-trust.js';
import { counting, UNHURRIED } from '../platform/database/joint-limits.js';

/** What an attempt counts against: a device that the person is known by alone, any other by the rest, in this order. */
export type FindLimits = Record<'device' | 'network' | 'accountAndNetwork' | 'account', RateLimiterPostgres>;

/** Who tries, before anybody was found. */
export interface Finder {
  /** Epoch milliseconds. */
  now: number;
  /** The account that counts when there is nobody. */
  account: string;
  network: string;
  /** A device, and whom it is known by: it counts for nobody else. */
  device: { id: string; sub: string } | undefined;
}

/** `rows` have the subject as their `id`. */
type Found = { id: string | null; place: number | null; expire: string | null; ending: string | null };

const statements = new WeakMap<FindLimits, Map<string, Statement>>();

/**
 * In place of the database for whoever finds a person by name: it finds them and counts the attempt in one statement, as
 * `JointLimits.take` does, because whose account it is follows from who is found.
 */
export class CountedFind implements Pick<Queryable, 'query'> {
  /** Whether it was asked, and has counted. */
  counted = false;
  /** Which limit is used up, and when it ends, in epoch milliseconds. */
  full?: { limiter: RateLimiterPostgres; endsAt: number };
  /** The last end of what whoever was found had proved before; null for none. */
  ending?: string | null;

  constructor(
    private readonly database: Queryable,
    private readonly limits: FindLimits,
    private readonly finder: Finder,
  ) {}

  async query<T extends object = Row>(find: Statement, values: unknown[] = []): Promise<T[]> {
    const { now, account, network, device } = this.finder;
    const parameters = [...values, now, account, network, device?.sub ?? null, device?.id ?? null];
    let rows: (T & Found)[];
    try {
      rows = await this.database.query<T & Found>(this.statementOf(find, values.length), parameters);
    } catch {
      // Who counts by another statement finds out whether it is the counts that fail.
      return this.database.query<T>(find, values);
    }
    const { place, expire, ending } = rows[0]!;
    this.counted = true;
    this.ending = ending;
    if (place !== null) this.full = { limiter: orderOf(this.limits)[place]!, endsAt: Number(expire) };
    return rows.filter(({ id }) => id !== null);
  }

  private statementOf(find: Statement, values: number): Statement {
    const known = statements.get(this.limits) ?? new Map<string, Statement>();
    statements.set(this.limits, known);
    const made = known.get(find.name) ?? statement(textOf(find.text, values, this.limits));
    known.set(find.name, made);
    return made;
  }
}

function orderOf({ device, network, accountAndNetwork, account }: FindLimits): RateLimiterPostgres[] {
  return [device, network, accountAndNetwork, account];
}

function textOf(find: string, values: number, limits: FindLimits): string {
  const [now, account, network, sub, device] = [1, 2, 3, 4, 5].map((place) => `$${values + place}`);
  const share = (limiter: RateLimiterPostgres, ...parts: string[]) => ({
    key: `'${limiter.keyPrefix}:' || ${keyOf(parts)}`,
    limit: String(limiter.points),
    window: String(limiter.duration * 1000),
  });
  const ofDevice = [share(limits.device, 'account', `${device}::text`)];
  const ofOthers = [
    share(limits.network, `${network}::text`),
    share(limits.accountAndNetwork, 'account', `${network}::text`),
    share(limits.account, 'account'),
  ];
  const byDevice = counting('device', now!, 'who', 'known', ofDevice);
  const byOthers = counting('other', now!, 'who', 'NOT known', ofOthers);
  const full = [...byDevice.full, ...byOthers.full].map((text, place) =>
    text.replace('SELECT', `SELECT ${place} AS place,`),
  );
  return `WITH found AS (${find}), ${UNHURRIED},
    who AS (SELECT coalesce('sub:' || found.id, ${account}::text) AS account, coalesce(found.id = ${sub}, false) AS known
      FROM unhurried LEFT JOIN found ON true LIMIT 1),
    ${[...byDevice.counts, ...byOthers.counts].join(', ')},
    full_one AS (${full.join(' UNION ALL ')})
    SELECT found.*, full_one.place, full_one.expire, ${lastEnding('found.id')} AS ending
    FROM unhurried LEFT JOIN found ON true LEFT JOIN full_one ON true`;
}

/** As the throttle makes keys: digests of what was typed, in base64url. */
function keyOf(parts: string[]): string {
  const octets = parts.map((part) => `convert_to(${part}, 'UTF8')`).join(` || '\\x00'::bytea || `);
  return `translate(encode(sha256(${octets}), 'base64'), '+/=', '-_')`;
}
