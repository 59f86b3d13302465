import { Redis } from 'ioredis';
import { startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { embeddedServer, FrontDoor } from '../apps/front-door.js';
import type { Visitor } from '../apps/visitor.js';
import { eventually } from '../relying-party/feed-world.js';
import { createTestDatabase } from '../support/database.js';
import { describeWithRedis } from '../support/redis.js';
import { freePort, SECRETS } from '../support/house.js';
import { hasEnded } from '../support/processes.js';
import { mayMount } from './disk.js';
import { TcpProxy } from './tcp-proxy.js';
import { type Family, FaultWorld } from './world.js';

/** `npm run test:faults`: every write is a kill -9, and what is done once here is done ten times. */
const LONG = process.env['GATEHOUSE_FAULTS'] === 'long';
/** For what a machine that is busy takes its time for, in milliseconds. */
const PATIENCE = 120_000;
/** For twenty processes, one after the other, on a machine that does ten things at once; in milliseconds. */
const LONG_PATIENCE = 600_000;

describeWithRedis('after a fault', () => {
  let world: FaultWorld;
  let visitor: Visitor;
  beforeAll(async () => {
    world = await FaultWorld.open();
    visitor = await world.signedIn();
    await world.begin(visitor);
  });
  afterAll(() => world.close());

  const both = () => (world.front.targets = world.providers.map(({ origin }) => origin));

  type Operation = (family: Family, origin: string) => Promise<unknown>;
  const operations: Record<string, { prepare: () => Promise<Family>; run: Operation }> = {
    issuance: { prepare: () => world.lend(visitor), run: (family, origin) => world.redeem(family, origin) },
    rotation: { prepare: () => world.begin(visitor), run: (family, origin) => world.refresh(family, origin) },
    revocation: { prepare: () => world.begin(visitor), run: (family, origin) => world.revoke(family, origin) },
  };

  const isWrite = (sql: string) => /\b(INSERT|UPDATE|DELETE|COMMIT)\b/.test(sql);

  /** The writes that an operation sends, by their text. */
  async function writesOf({ prepare, run }: (typeof operations)[string]): Promise<string[]> {
    const [victim] = world.providers;
    const family = await prepare();
    victim.wire.seen = [];
    await run(family, victim.origin);
    const seen = victim.wire.seen;
    victim.wire.seen = undefined;
    return [...new Set(seen.filter(isWrite))];
  }

  describe.each(Object.keys(operations))('at each write of %s', (name) => {
    it.each(['before', 'after'] as const)(
      '%s it arrives the connection is cut: wholly done or absent',
      async (moment) => {
        const operation = operations[name]!;
        const [victim] = world.providers;
        const writes = await writesOf(operation);
        expect(writes.length).toBeGreaterThan(0);
        const touched: Family[] = [];
        for (const write of writes) {
          const family = await operation.prepare();
          touched.push(family);
          victim.wire.trap = { at: (sql) => sql === write, moment };
          await operation.run(family, victim.origin);
          victim.wire.trap = undefined;
        }
        await world.check(touched);
      },
    );

    it('kill -9: wholly done or absent', async () => {
      const operation = operations[name]!;
      const [victim, survivor] = world.providers;
      const touched: Family[] = [];
      for (const write of await writesOf(operation)) {
        for (const moment of LONG ? (['before', 'after'] as const) : (['after'] as const)) {
          const family = await operation.prepare();
          touched.push(family);
          let sprung = false;
          const spring = () => {
            sprung = true;
            victim.signal('SIGKILL');
          };
          victim.wire.trap = { at: (sql) => sql === write, moment, spring };
          world.front.targets = [survivor.origin];
          await operation.run(family, victim.origin);
          victim.wire.trap = undefined;
          if (sprung) await victim.revive();
          both();
        }
      }
      await world.check(touched);
    });
  });

  it('a code whose answer was lost with the commit gives nothing twice', async () => {
    const [victim, survivor] = world.providers;
    const family = await world.lend(visitor);
    victim.wire.trap = { at: (sql) => sql.includes('INSERT INTO authorization_grant'), moment: 'after' };
    expect((await world.redeem(family, victim.origin)).status).toBe(503);
    // It is spent: whoever brings it again cannot be told from a thief.
    expect((await world.redeem(family, survivor.origin)).json['error']).toBe('invalid_grant');
    await world.check([family]);
  });

  it('a rotation whose answer was lost with the commit is answered again, the same', async () => {
    const [victim, survivor] = world.providers;
    const family = await world.begin(visitor);
    victim.wire.trap = { at: (sql) => sql.includes('UPDATE refresh_token'), moment: 'after' };
    expect((await world.refresh(family, victim.origin)).status).toBe(503);
    expect((await world.refresh(family, survivor.origin)).status).toBe(200);
    await world.check([family]);
  });

  it('a sign-in and a consent that are cut at each write leave no line missing', async () => {
    const [victim, survivor] = world.providers;
    world.front.targets = [victim.origin];
    victim.wire.seen = [];
    await world.begin(await world.signedIn());
    const writes = [...new Set(victim.wire.seen.filter(isWrite))];
    victim.wire.seen = undefined;
    expect(writes.some((sql) => sql.includes('audit_event'))).toBe(true);
    for (const write of writes) {
      for (const moment of ['before', 'after'] as const) {
        victim.wire.trap = { at: (sql) => sql === write, moment };
        await world
          .signedIn()
          .then((other) => world.begin(other))
          .catch(() => undefined);
        victim.wire.trap = undefined;
      }
    }
    world.front.targets = [survivor.origin, victim.origin];
    await world.check();
  });

  it('PostgreSQL is slow: slow answers, and no wrong ones', async () => {
    const family = await world.lend(visitor);
    for (const { wire } of world.providers) wire.delay = 150;
    expect((await world.redeem(family)).status).toBe(200);
    expect((await world.refresh(family)).status).toBe(200);
    for (const { wire } of world.providers) wire.delay = 0;
    await world.check([family]);
  });

  it('PostgreSQL is gone without a word: 503, and the connections that lead nowhere are given up', async () => {
    const [victim] = world.providers;
    const family = await world.begin(visitor);
    victim.wire.silence();
    const answers = await Promise.all(Array.from({ length: 12 }, () => world.refresh(family, victim.origin)));
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([503]);
    victim.wire.heal();
    await world.check([family]);
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'PostgreSQL is ended by %s: nothing is promised meanwhile, nothing is lost',
    async (signal) => {
      const families: Family[] = [];
      for (let count = 0; count < 4; count += 1) families.push(await world.lend(visitor));
      const [redeemed, revoked, refreshed, late] = families as [Family, Family, Family, Family];
      for (const family of [redeemed, revoked, refreshed]) expect((await world.redeem(family)).status).toBe(200);
      expect((await world.revoke(revoked)).status).toBe(200);
      const { path } = world.directory;
      const pid = (await embeddedServer(path))!;
      process.kill(pid, signal);
      await eventually(() => hasEnded(pid), 'PostgreSQL has ended', PATIENCE);
      const meanwhile = [await world.refresh(refreshed), await world.redeem(late), await world.revoke(redeemed)];
      expect(meanwhile.map(({ status }) => status)).toEqual([503, 503, 503]);
      const again = await startEmbeddedPostgres({ directory: path });
      try {
        await world.check(families);
      } finally {
        await again.stop();
      }
    },
  );

  it('the disk is full (SQLSTATE 53100): 503, and nothing is half written', async () => {
    const families = [await world.lend(visitor), await world.begin(visitor), await world.begin(visitor)] as const;
    await world.database.query(`CREATE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$`);
    const tables = ['authorization_grant', 'refresh_token', 'revocation_log', 'session', 'audit_event'];
    for (const table of tables) {
      await world.database.query(
        `CREATE TRIGGER test_full BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION test_full()`,
      );
    }
    const answers = [
      await world.redeem(families[0]),
      await world.refresh(families[1]),
      await world.revoke(families[2]),
    ];
    await world.database.query('DROP FUNCTION test_full() CASCADE');
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    await world.check(families);
  });

  const whereDisksCanBeMade = mayMount ? it : it.skip;
  const unless = mayMount ? '' : ' (skipped: this user may not mount a tmpfs)';

  whereDisksCanBeMade(
    `the disk is full: 503, nothing half written, and it goes on when there is room${unless}`,
    async () => {
      const families = [await world.begin(visitor)];
      const answers: number[] = [];
      world.disk!.fill();
      try {
        // What still fits into pages that exist is written; nothing more.
        for (let isFull = false; !isFull && families.length < 500;) {
          const family = await world.lend(visitor).catch(() => undefined);
          if (family) families.push(family);
          if (family) answers.push((await world.redeem(family)).status);
          isFull = !family || answers.at(-1) !== 200;
        }
        answers.push((await world.revoke(families[0]!)).status);
      } finally {
        world.disk!.clear();
      }
      expect(families.length).toBeLessThan(500);
      expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      await theServerIsThere();
      await world.check(families);
    },
  );

  whereDisksCanBeMade(`its write-ahead log finds no room, so that PostgreSQL gives up: 503${unless}`, async () => {
    const families = [await world.lend(visitor), await world.begin(visitor), await world.begin(visitor)] as const;
    world.disk!.fill();
    try {
      for (let isThere = true; isThere;) {
        // Each needs another segment of the log; those that were used before are used first.
        isThere = await world.database
          .query(`SELECT pg_logical_emit_message(true, 'a fault', 'x'), pg_switch_wal()`)
          .then(() => true)
          .catch(() => false);
      }
      const answers = [
        await world.redeem(families[0]),
        await world.refresh(families[1]),
        await world.revoke(families[2]),
      ];
      expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    } finally {
      world.disk!.clear();
    }
    await theServerHasEnded();
    await theServerIsThere();
    await world.check(families);
  });

  /** Starts it, as whoever runs it would, where it gave up. */
  async function theServerIsThere(): Promise<void> {
    const again = await startEmbeddedPostgres({ directory: world.directory.path });
    // The world is a user of it, too.
    await again.stop();
  }

  /** What is left of the server that found no room may still be trying to recover: whoever has made room does not wait for it. */
  async function theServerHasEnded(): Promise<void> {
    const pid = await embeddedServer(world.directory.path);
    if (pid === undefined || hasEnded(pid)) return;
    process.kill(pid, 'SIGQUIT');
    await eventually(() => hasEnded(pid), 'PostgreSQL has ended', PATIENCE);
  }

  describe('of Redis', () => {
    it('cut: the portal says so, and knows its sessions afterwards', async () => {
      const mine = await world.signedIn();
      world.redisWire.cut();
      const during = await world.portal(mine);
      world.redisWire.heal();
      // What it holds in memory may answer.
      expect(['200', '503']).toContain(during);
      await eventually(async () => (await world.portal(mine)) === '200', 'the portal knows its session', PATIENCE);
      await world.check();
    });

    it('flushed: people sign in again, and nobody meets an error', async () => {
      const mine = await world.signedIn();
      const redis = new Redis(world.redis.url);
      await redis.flushall();
      redis.disconnect();
      expect(['200', 'sign in']).toContain(await world.portal(mine));
      await eventually(async () => world.works(world.providers[0]), 'people sign in', PATIENCE);
      await world.check();
    });

    it('restored stale: a session that ended meanwhile does not come back', async () => {
      const mine = await world.signedIn();
      const redis = new Redis(world.redis.url);
      const kept = new Map<string, Buffer>();
      for (const key of await redis.keys('*')) kept.set(key, (await redis.dumpBuffer(key))!);
      const thief = await signOutLeavingACopy(mine);
      await redis.flushall();
      for (const [key, value] of kept) await redis.restore(key, 0, value, 'REPLACE');
      redis.disconnect();
      for (let visit = 0; visit < 5; visit += 1) expect(await world.portal(thief)).toBe('sign in');
      await world.check();
    });

    it('killed (SIGKILL), and started again with nothing: people sign in again, and nobody meets an error', async () => {
      const mine = await world.signedIn();
      await world.redis.crash();
      const during = await world.portal(mine);
      await world.redis.revive();
      // What it holds in memory may answer.
      expect(['200', '503']).toContain(during);
      await eventually(async () => (await world.portal(mine)) !== '503', 'the portal reaches Redis again', PATIENCE);
      // What it has in memory may answer before it has reached Redis again.
      const works = () => world.works(world.providers[0]).catch(() => false);
      await eventually(works, 'people sign in', PATIENCE);
      await world.check();
    });

    it('killed, and started again from an old copy: a session that ended meanwhile does not come back', async () => {
      const mine = await world.signedIn();
      const redis = new Redis(world.redis.url);
      await redis.save();
      redis.disconnect();
      const thief = await signOutLeavingACopy(mine);
      await world.redis.crash();
      await world.redis.revive();
      await eventually(async () => (await world.portal(thief)) !== '503', 'the portal reaches Redis again', PATIENCE);
      for (let visit = 0; visit < 5; visit += 1) expect(await world.portal(thief)).toBe('sign in');
      await world.check();
    });

    /** Signs out, and answers a browser that has the cookies of before. */
    async function signOutLeavingACopy(mine: Visitor): Promise<Visitor> {
      const thief = Object.assign(Object.create(Object.getPrototypeOf(mine) as object), mine, {
        cookies: new Map(mine.cookies),
      }) as Visitor;
      await mine.submit(await mine.get(`${world.at.portal}/profile`), {});
      await eventually(async () => (await world.portal(thief)) === 'sign in', 'the session has ended', PATIENCE);
      return thief;
    }
  });

  it('a provider that was stopped (SIGSTOP) and goes on believes nothing that has ended', async () => {
    const [stopped, other] = world.providers;
    const [spent, revoked] = [await world.lend(visitor), await world.begin(visitor)];
    stopped.signal('SIGSTOP');
    world.front.targets = [other.origin];
    const late = [world.redeem(spent, stopped.origin), world.refresh(revoked, stopped.origin)];
    expect((await world.redeem(spent, other.origin)).status).toBe(200);
    expect((await world.revoke(revoked, other.origin)).status).toBe(200);
    stopped.signal('SIGCONT');
    for (const answer of late) expect((await answer).status).toBe(400);
    both();
    await world.check([spent, revoked]);
  });

  it('SIGTERM under load, one provider after the other: whoever was let in is answered', async () => {
    for (const provider of world.providers.slice(LONG ? 0 : 1)) {
      const families = [];
      for (let count = 0; count < 8; count += 1) families.push(await world.begin(visitor));
      provider.wire.delay = 100;
      provider.wire.seen = [];
      const answers = families.map((family) => world.refresh(family, provider.origin));
      const under = () => provider.wire.seen!.filter((sql) => sql.includes('FROM refresh_token r')).length >= 8;
      await eventually(under, 'every refresh is under way', PATIENCE);
      world.front.targets = world.providers.filter((one) => one !== provider).map(({ origin }) => origin);
      provider.signal('SIGTERM');
      for (const answer of answers) expect((await answer).status).toBe(200);
      provider.wire.seen = undefined;
      provider.wire.heal();
      expect(await provider.exited).toBe(0);
      await provider.revive();
      both();
      await world.check(families);
    }
  });

  it.each(LONG ? [90_000, -90_000] : [90_000])(
    'the clock of one provider is %i ms off: what ended has ended, and no answer is a fault',
    async (ahead) => {
      const [skewed, right] = world.providers;
      world.front.targets = [right.origin];
      skewed.signal('SIGKILL');
      await skewed.revive(ahead);
      const families = [await world.lend(visitor), await world.begin(visitor), await world.begin(visitor)] as const;
      // A code of a provider whose clock is behind has run out for one that is a minute and a half ahead.
      expect([200, 400]).toContain((await world.redeem(families[0], skewed.origin)).status);
      expect((await world.refresh(families[1], skewed.origin)).status).toBe(200);
      expect((await world.revoke(families[2], skewed.origin)).status).toBe(200);
      expect((await world.refresh(families[2], right.origin)).status).toBe(400);
      skewed.signal('SIGKILL');
      await skewed.revive();
      both();
      await world.check(families);
    },
  );

  it(
    `the keys are turned ${LONG ? '10 times' : 'once'}, and whoever turns them is killed`,
    async () => {
      const { database, directory, providers } = world;
      const before = await world.begin(visitor);
      const wire = await TcpProxy.before(databaseUrl());
      try {
        for (let turn = 0; turn < (LONG ? 10 : 1); turn += 1) {
          const written = [/UPDATE signing_key SET state = 'retired'/, /INSERT INTO signing_key/, /^COMMIT/][turn % 3]!;
          const command = new FrontDoor('cli', settingsOf(wire.through(databaseUrl())), ['keys', 'rotate', '--force']);
          wire.trap = { at: (sql) => written.test(sql), moment: 'before', spring: () => command.kill('SIGKILL') };
          expect(await command.exited).toBeNull();
          const whole = new FrontDoor('cli', settingsOf(databaseUrl()), ['keys', 'rotate', '--force']);
          expect([await whole.exited, whole.output]).toEqual([0, expect.stringContaining('rotated')]);
        }
      } finally {
        await wire.close();
      }
      const { rows } = await database.query(`SELECT 1 FROM signing_key WHERE state = 'active'`);
      expect(rows.length).toBeGreaterThan(0);
      expect(await world.orders(before.accessTokens[0]!)).toBe(200);
      expect(providers).toHaveLength(2);
      await world.check([before]);

      function settingsOf(DATABASE_URL: string) {
        return {
          DATABASE_URL,
          GATEHOUSE_DIRECTORY: directory.path,
          GATEHOUSE_SECRET: SECRETS[0]!,
          ISSUER: world.at.provider,
        };
      }
      function databaseUrl() {
        return (database.options as { connectionString: string }).connectionString;
      }
    },
    LONG_PATIENCE,
  );

  it('a migration is killed half-way, and two migrate at once', async () => {
    const empty = await createTestDatabase();
    const wire = await TcpProxy.before(empty.url);
    const start = async (DATABASE_URL: string) => {
      const PORT = String(await freePort());
      const settings = { DATABASE_URL, PORT, GATEHOUSE_DIRECTORY: world.directory.path, GATEHOUSE_SECRET: SECRETS[0]! };
      return { door: new FrontDoor('identity-provider', settings), url: `http://localhost:${PORT}` };
    };
    const { door } = await start(wire.through(empty.url));
    wire.trap = {
      at: (sql) => sql.includes('CREATE TABLE refresh_token'),
      moment: 'after',
      spring: () => door.kill('SIGKILL'),
    };
    expect(await door.exited).toBeNull();
    const two = await Promise.all([start(empty.url), start(empty.url)]);
    try {
      for (const { door: migrator, url } of two) await migrator.ready(url);
    } finally {
      for (const { door: migrator } of two) await migrator.stop();
      await wire.close();
      await empty.drop();
    }
  });
});
