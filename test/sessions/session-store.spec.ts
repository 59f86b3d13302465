import type { Cluster } from 'ioredis';
import { sessionMigrations } from '../../src/migrations/sessions.js';
import type { Database } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { statement } from '../../src/platform/database/database.js';
import { connectRedis } from '../../src/platform/redis.js';
import { DenyList } from '../../src/relying-party/revocation/deny-list.js';
import { RevocationRedis } from '../../src/relying-party/revocation/revocation-redis.js';
import type { Settings } from '../../src/relying-party/relying-party.options.js';
import { SealedSessions } from '../../src/sessions/sealed-sessions.js';
import { Sessions } from '../../src/sessions/sessions.js';
import { MemorySessionStore } from '../../src/sessions/stores/memory.js';
import { PostgresSessionStore } from '../../src/sessions/stores/postgres.js';
import { RedisSessionStore } from '../../src/sessions/stores/redis.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeWithRedis, startRedis, startRedisCluster, type TestRedis } from '../support/redis.js';
import { Secrets } from '../../src/platform/secret.js';
import { TestClock } from '../support/test-clock.js';
import { LIMITS, sessionKeeperContract, sessionStoreContract } from './session-store.contract.js';

const SERVER_SIDE = { ends: 'everywhere', lists: true, claims: true } as const;

describe('what is wrong with a Redis is said', () => {
  it.each([
    ['nobody answers', 'redis://127.0.0.1:1/', 'cannot be reached'],
    ['the host does not exist', 'redis://:hush@nowhere.invalid:6379/', 'cannot be reached'],
  ])('%s', async (_, url, message) => {
    const refused = connectRedis({ url, setting: 'session.url', name: 'test' });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow('session.url');
    await expect(refused).rejects.not.toThrow('hush');
  });
});

describe('sessions in memory', () => {
  sessionStoreContract(async () => ({ store: new MemorySessionStore() }));
  const store = new MemorySessionStore();
  sessionKeeperContract(async (clock, secrets) => new Sessions(store, LIMITS, clock, secrets), SERVER_SIDE);
});

describe('sessions in PostgreSQL', () => {
  let file: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    file = await createTestDatabase();
    database = await openDatabase({ url: file.url, migrations: sessionMigrations });
  });
  afterAll(async () => {
    await database?.onApplicationShutdown();
    await file?.drop();
  });
  sessionStoreContract(async () => {
    await database.query(statement('DELETE FROM session'));
    return {
      store: new PostgresSessionStore(database, '__Host-one'),
      other: new PostgresSessionStore(database, '__Host-two'),
    };
  });
  sessionKeeperContract(
    async (clock, secrets) => new Sessions(new PostgresSessionStore(database, '__Host-keeper'), LIMITS, clock, secrets),
    SERVER_SIDE,
  );
});

describeWithRedis('sessions in Redis', () => {
  let server: TestRedis;
  let redis: Awaited<ReturnType<typeof connectRedis>>;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis({ url: server.url, setting: 'session.url', name: 'test' });
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });
  sessionStoreContract(
    async () => {
      await redis.flushdb();
      return { store: new RedisSessionStore(redis, '__Host-one'), other: new RedisSessionStore(redis, '__Host-two') };
    },
    { forgetsByItself: true },
  );
  sessionKeeperContract(
    async (clock, secrets) => new Sessions(new RedisSessionStore(redis, '__Host-keeper'), LIMITS, clock, secrets),
    SERVER_SIDE,
  );

  it('leaves nothing behind for ever', async () => {
    await redis.flushdb();
    const store = new RedisSessionStore(redis, '__Host-one');
    const sessions = new Sessions(store, LIMITS, new TestClock());
    const { id } = await sessions.start({ subject: 'alice', acr: '', amr: [], ip: '', userAgent: '', sid: 'a' });
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
    await sessions.end(id);
    expect(await redis.keys('*')).toEqual([]);
  });
});

describe('sessions in sealed cookies', () => {
  const open = async (clock: TestClock, secrets: Secrets) => new SealedSessions('__Host-one', LIMITS, clock, secrets);
  sessionKeeperContract((clock, secrets) => open(clock as TestClock, secrets), {
    ends: 'process',
    lists: false,
    claims: false,
  });

  it('are opened by their owner only, under whatever secret they share', async () => {
    const clock = new TestClock();
    const secrets = new Secrets(['a secret that two applications share']);
    const one = await open(clock, secrets);
    const { id } = await one.start({ subject: 'alice', acr: '', amr: [], ip: '', userAgent: '' });
    expect(await one.open(id)).toBeDefined();
    expect(await new SealedSessions('__Host-two', LIMITS, clock, secrets).open(id)).toBeUndefined();
    // What the same secret sealed for another purpose is no session.
    const other = secrets.seal('session', JSON.stringify({ sid: 'x', subject: 'root' })).toString('base64url');
    expect(await one.open(other)).toBeUndefined();
  });

  it('a copy is good in another process after the end: that is what the store cannot do', async () => {
    const clock = new TestClock();
    const secrets = new Secrets(['a secret that two processes share']);
    const [here, there] = [await open(clock, secrets), await open(clock, secrets)];
    const { id } = await here.start({ subject: 'alice', acr: '', amr: [], ip: '', userAgent: '' });
    await here.end(id);
    expect([await here.open(id), (await there.open(id))?.session.subject]).toEqual([undefined, 'alice']);
  });
});

describeWithRedis('a Redis Cluster, known by one of its nodes', () => {
  let server: TestRedis;
  let redis: Awaited<ReturnType<typeof connectRedis>>;
  beforeAll(async () => {
    server = await startRedisCluster();
    redis = await connectRedis({ url: server.url, setting: 'session.url', name: 'test' });
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  it('is one place for keys of both nodes', async () => {
    if (!redis.isCluster) throw new Error('it was taken for one server');
    const names = Array.from({ length: 32 }, (_, index) => `one-${index}`);
    await Promise.all(names.map((name) => redis.set(name, name)));
    expect(await Promise.all(names.map((name) => redis.get(name)))).toEqual(names);
    const sizes = await Promise.all((redis as Cluster).nodes('master').map((node) => node.dbsize()));
    expect([sizes.length, sizes.every((size) => size > 0)]).toEqual([2, true]);
  });

  describe('sessions there', () => {
    sessionStoreContract(
      async () => {
        await Promise.all((redis as Cluster).nodes('master').map((node) => node.flushdb()));
        return { store: new RedisSessionStore(redis, '__Host-one'), other: new RedisSessionStore(redis, '__Host-two') };
      },
      { forgetsByItself: true },
    );
  });

  it('holds a deny list that is asked for several names at once', async () => {
    const settings = { revocationRedis: server.url, issuer: 'https://id.test', clock: new TestClock() };
    const connection = new RevocationRedis(settings as unknown as Settings);
    await connection.onModuleInit();
    const list = new DenyList(connection, settings as unknown as Settings);
    await list.deny({ sid: 'gone' }, 60_000);
    const found = await list.find([['sid', 'gone'], ['sid', 'other'], ['subject', 'alice']]); // prettier-ignore
    expect(found).toEqual([settings.clock.seconds(), undefined, undefined]);
    await connection.beforeApplicationShutdown();
  });
});
