import type { RedisClient } from '../../platform/redis.js';
import { SessionStore, type StoredSession } from '../session-store.js';

/** A session's key outlives its idle end by this much; until then reading decides, by the clock that is injected. In milliseconds. */
const SLACK = 10 * 60_000;

// Every verb is one script, so it happens wholly or not at all. A session is a hash; two sorted sets per name and per subject
// find it, scored by its absolute end. All keys of an owner share a hash tag, so on a cluster they are in one place.
// KEYS: the owner's prefix. ARGV: the digest of the cookie, then what the verb needs.
const HEAD = `
local prefix, id = KEYS[1], ARGV[1]
local key = prefix .. 's:' .. id
local function living(now)
  local ends = redis.call('HMGET', key, 'expiresAt', 'idleExpiresAt')
  return ends[1] and tonumber(ends[1]) > now and tonumber(ends[2]) > now
end
local function drop(digest)
  local k = prefix .. 's:' .. digest
  local names = redis.call('HMGET', k, 'sid', 'subject')
  if not names[1] then return false end
  redis.call('DEL', k)
  redis.call('ZREM', prefix .. 'sid:' .. names[1], digest)
  redis.call('ZREM', prefix .. 'subject:' .. names[2], digest)
  return names[1]
end
`;

const SCRIPTS = {
  // ARGV: id, now, milliseconds to keep, milliseconds to keep the indexes, expiresAt, sid, subject, then the hash
  gatehouseInsert: `${HEAD}
if redis.call('EXISTS', key) == 1 then return 0 end
redis.call('HSET', key, unpack(ARGV, 8))
redis.call('PEXPIRE', key, ARGV[3])
for _, index in ipairs({ 'sid:' .. ARGV[6], 'subject:' .. ARGV[7] }) do
  local k = prefix .. index
  redis.call('ZREMRANGEBYSCORE', k, '-inf', ARGV[2])
  redis.call('ZADD', k, ARGV[5], id)
  if redis.call('PTTL', k) < tonumber(ARGV[4]) then redis.call('PEXPIRE', k, ARGV[4]) end
end
return 1`,
  // ARGV: id, lastSeenAt, idleExpiresAt, milliseconds to keep
  gatehouseTouch: `${HEAD}
if not living(tonumber(ARGV[2])) then return 0 end
redis.call('HSET', key, 'lastSeenAt', ARGV[2], 'idleExpiresAt', ARGV[3])
redis.call('PEXPIRE', key, ARGV[4])
return 1`,
  // ARGV: id, data, claim or ''
  gatehouseWrite: `${HEAD}
if redis.call('EXISTS', key) == 0 then return 0 end
if ARGV[3] ~= '' then
  if redis.call('HGET', key, 'claim') ~= ARGV[3] then return 0 end
  redis.call('HDEL', key, 'claim')
end
redis.call('HSET', key, 'data', ARGV[2])
return 1`,
  // ARGV: id, until, now
  gatehouseClaim: `${HEAD}
local now = tonumber(ARGV[3])
if not living(now) or tonumber(redis.call('HGET', key, 'claim') or 0) > now then return 0 end
redis.call('HSET', key, 'claim', ARGV[2])
return 1`,
  // ARGV: id, claim
  gatehouseRelease: `${HEAD}
if redis.call('HGET', key, 'claim') == ARGV[2] then redis.call('HDEL', key, 'claim') end
return 1`,
  gatehouseEnd: `${HEAD}
return drop(id)`,
  // ARGV: the index's name after the prefix
  gatehouseEndAll: `${HEAD}
local count = 0
for _, digest in ipairs(redis.call('ZRANGE', prefix .. id, 0, -1)) do
  if drop(digest) then count = count + 1 end
end
redis.call('DEL', prefix .. id)
return count`,
} as const;

type Scripts = {
  [Name in keyof typeof SCRIPTS]: (prefix: string, ...values: (string | number | Buffer)[]) => Promise<unknown>;
};

/** Sessions in Redis 6 or later. `realm` keeps the sessions of several owners apart in one database. */
export class RedisSessionStore extends SessionStore {
  private readonly prefix: string;
  private readonly scripts: Scripts;

  constructor(
    private readonly redis: RedisClient,
    realm: string,
  ) {
    super();
    this.prefix = `gatehouse:{${realm}}:`;
    for (const [name, lua] of Object.entries(SCRIPTS)) redis.defineCommand(name, { numberOfKeys: 1, lua });
    this.scripts = redis as unknown as Scripts;
  }

  async insert(idDigest: Buffer, session: StoredSession): Promise<void> {
    const { data, amr, ...rest } = session;
    const fields = Object.entries({ ...rest, amr: JSON.stringify(amr) }).flat();
    const now = session.lastSeenAt;
    const inserted = await this.scripts.gatehouseInsert(
      this.prefix,
      nameOf(idDigest),
      now,
      timeToKeep(session.idleExpiresAt, now),
      timeToKeep(session.expiresAt, now),
      session.expiresAt,
      session.sid,
      session.subject,
      ...fields,
      'data',
      data,
    );
    if (inserted !== 1) throw new Error('there is a session with this id already');
  }

  async find(idDigest: Buffer, now: number): Promise<StoredSession | undefined> {
    const session = sessionOf(await this.redis.hgetallBuffer(this.keyOf(nameOf(idDigest))));
    return session && isLiving(session, now) ? session : undefined;
  }

  async touch(idDigest: Buffer, lastSeenAt: number, idleExpiresAt: number): Promise<boolean> {
    const keep = timeToKeep(idleExpiresAt, lastSeenAt);
    return (await this.scripts.gatehouseTouch(this.prefix, nameOf(idDigest), lastSeenAt, idleExpiresAt, keep)) === 1;
  }

  async write(idDigest: Buffer, data: Buffer, claim?: number): Promise<boolean> {
    return (await this.scripts.gatehouseWrite(this.prefix, nameOf(idDigest), data, claim ?? '')) === 1;
  }

  async claim(idDigest: Buffer, until: number, now: number): Promise<boolean> {
    return (await this.scripts.gatehouseClaim(this.prefix, nameOf(idDigest), until, now)) === 1;
  }

  async release(idDigest: Buffer, claim: number): Promise<void> {
    await this.scripts.gatehouseRelease(this.prefix, nameOf(idDigest), claim);
  }

  async end(idDigest: Buffer): Promise<string | undefined> {
    return ((await this.scripts.gatehouseEnd(this.prefix, nameOf(idDigest))) as string | null) ?? undefined;
  }

  async endBySid(sid: string): Promise<number> {
    return (await this.scripts.gatehouseEndAll(this.prefix, `sid:${sid}`)) as number;
  }

  async endBySubject(subject: string): Promise<number> {
    return (await this.scripts.gatehouseEndAll(this.prefix, `subject:${subject}`)) as number;
  }

  async list(subject: string, now: number): Promise<StoredSession[]> {
    const names = await this.redis.zrange(`${this.prefix}subject:${subject}`, 0, -1);
    const found = await Promise.all(names.map((name) => this.redis.hgetallBuffer(this.keyOf(name))));
    return found
      .flatMap((fields) => sessionOf(fields) ?? [])
      .filter((session) => isLiving(session, now))
      .sort((a, b) => b.startedAt - a.startedAt);
  }

  /** Nothing to do: Redis forgets by itself. */
  async sweep(): Promise<number> {
    return 0;
  }

  private keyOf(name: string): string {
    return `${this.prefix}s:${name}`;
  }
}

function nameOf(idDigest: Buffer): string {
  return idDigest.toString('base64url');
}

/** Redis counts by its own clock, so it is told a time span; never none, which would be for ever. */
function timeToKeep(until: number, now: number): number {
  return Math.max(0, Math.ceil(until - now)) + SLACK;
}

function isLiving(session: StoredSession, now: number): boolean {
  return session.expiresAt > now && session.idleExpiresAt > now;
}

function sessionOf(fields: Record<string, Buffer>): StoredSession | undefined {
  const text = (name: string) => fields[name]?.toString() ?? '';
  const number = (name: string) => Number(text(name));
  const { data } = fields;
  if (!data) return undefined;
  return {
    sid: text('sid'),
    subject: text('subject'),
    startedAt: number('startedAt'),
    authenticatedAt: number('authenticatedAt'),
    lastSeenAt: number('lastSeenAt'),
    expiresAt: number('expiresAt'),
    idleExpiresAt: number('idleExpiresAt'),
    acr: text('acr'),
    amr: JSON.parse(text('amr')) as string[],
    ip: text('ip'),
    userAgent: text('userAgent'),
    data,
  };
}
