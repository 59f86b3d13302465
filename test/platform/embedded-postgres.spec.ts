import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { makeLinks } from '../../src/platform/database/embedded-binaries.js';
import { withLock } from '../../src/platform/database/embedded-lock.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';

const isRoot = process.getuid?.() === 0;

let directory: string;
const cleanUp: (() => Promise<unknown>)[] = [];

/** Starts in this process; given up after the test at the latest. */
async function start(options: { log?: (line: string) => void } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ directory, ...options });
  cleanUp.push(() => postgres.stop());
  return postgres;
}

/** Starts in a process of its own, and waits for the line it prints: the URL, or what went wrong. */
async function startInAnotherProcess(...nodeOptions: string[]) {
  const program = join(import.meta.dirname, '../support/embedded-postgres-user.ts');
  const loader = join(import.meta.dirname, '../support/typescript.mjs');
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    [...nodeOptions, '--import', loader, program, directory],
    { env: { ...process.env, NODE_OPTIONS: '' } },
  );
  const exited = once(child, 'exit');
  child.stderr.pipe(process.stderr);
  const [said] = (await once(createInterface(child.stdout), 'line')) as [string];
  const end = async (kill: () => unknown) => {
    kill();
    await exited;
  };
  cleanUp.push(() => end(() => child.stdin.end()));
  return { said, giveUp: () => end(() => child.stdin.end()), kill: () => end(() => child.kill('SIGKILL')) };
}

async function query(url: string, sql: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

const path = (name: string) => join(directory, name);
const postmasterPid = async () => Number((await readFile(path('postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
const isUp = () => postmasterPid().then(Boolean, () => false);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gatehouse it's "));
  const postgres = await start();
  await query(postgres.url, 'CREATE TABLE kept (what text)');
  await query(postgres.url, `INSERT INTO kept VALUES ('data')`);
  await postgres.stop();
});

afterEach(async () => {
  for (const step of cleanUp.splice(0)) await step();
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('the server', () => {
  it('is durable, roomy, and answers on the loopback address only', async () => {
    const { url } = await start();
    const { hostname, pathname } = new URL(url);
    expect([hostname, pathname]).toEqual(['127.0.0.1', '/gatehouse']);
    for (const [setting, value] of [
      ['fsync', 'on'],
      ['synchronous_commit', 'on'],
      ['full_page_writes', 'on'],
      ['max_connections', '200'],
      ['listen_addresses', '127.0.0.1'],
      ['unix_socket_directories', ''],
      ['server_encoding', 'UTF8'],
    ]) {
      expect([setting, ...(await query(url, `SHOW ${setting}`))]).toEqual([setting, value]);
    }
  });

  it('lets nobody in without the password, which only its owner can read', async () => {
    const { url } = await start();
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(path('postgres.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(path('postgres'))).mode & 0o777).toBe(0o700);
    expect(await readdir(directory)).not.toContain('postgres.password');
  });

  it('moves to another port when its own was taken meanwhile', async () => {
    const before = await start();
    await before.stop();
    const port = Number(new URL(before.url).port);
    const squatter: Server = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    cleanUp.push(async () => squatter.close());
    const after = await start();
    expect(Number(new URL(after.url).port)).not.toBe(port);
    expect(await query(after.url, 'SELECT what FROM kept')).toEqual(['data']);
  });
});

describe('several users', () => {
  it('share one server when they start at once, and the last one stops it', async () => {
    const [first, second, here] = await Promise.all([startInAnotherProcess(), startInAnotherProcess(), start()]);
    expect(first.said).toBe(here.url);
    expect(second.said).toBe(here.url);

    await first.giveUp();
    expect(await query(here.url, 'SELECT what FROM kept')).toEqual(['data']);
    await here.stop();
    expect(await query(second.said, 'SELECT what FROM kept')).toEqual(['data']);
    await second.giveUp();
    expect(await isUp()).toBe(false);
    await expect(query(here.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('may be one process twice, and giving up twice counts once', async () => {
    const [one, two] = [await start(), await start()];
    await one.stop();
    await one.stop();
    expect(await query(two.url, 'SELECT 1')).toEqual([1]);
    await two.stop();
    expect(await isUp()).toBe(false);
  });

  it('initialise one server when they are first at once', async () => {
    const used = directory;
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-'));
    cleanUp.push(async () => {
      await rm(directory, { recursive: true });
      directory = used;
    });
    const users = await Promise.all([startInAnotherProcess(), startInAnotherProcess()]);
    expect(users[0].said).toMatch(/^postgres:/);
    expect(users[1].said).toBe(users[0].said);
    await Promise.all(users.map((user) => user.giveUp()));
    expect(await isUp()).toBe(false);
  });
});

describe('after a crash', () => {
  it('of a user, the server runs on, is attached to, and the dead user does not keep it from stopping', async () => {
    const victim = await startInAnotherProcess();
    await query(victim.said, `INSERT INTO kept VALUES ('before the crash')`);
    const pid = await postmasterPid();
    await victim.kill();
    expect(await isUp()).toBe(true);

    const survivor = await start();
    expect(survivor.url).toBe(victim.said);
    expect(await postmasterPid()).toBe(pid);
    expect(await query(survivor.url, `DELETE FROM kept WHERE what <> 'data' RETURNING what`)).toEqual([
      'before the crash',
    ]);
    await survivor.stop();
    expect(await isUp()).toBe(false);
  });

  it('of the server, the next start recovers what was committed', async () => {
    const { url } = await start();
    await query(url, `INSERT INTO kept VALUES ('committed')`);
    process.kill(await postmasterPid(), 'SIGKILL');
    await expect(waitUntilRefused(url)).resolves.toBeUndefined();

    const again = await start();
    expect(await query(again.url, `DELETE FROM kept WHERE what <> 'data' RETURNING what`)).toEqual(['committed']);
  });

  it('of the machine, a postmaster.pid that names another program by now is removed', async () => {
    // A program of the user that PostgreSQL runs as: as to another user's, it sees by itself that it is no postmaster.
    const { uid, gid } = await stat(path('postgres'));
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { uid, gid, cwd: '/' });
    cleanUp.push(async () => other.kill());
    await writeFile(
      path('postgres/postmaster.pid'),
      [other.pid, await realpath(path('postgres')), 1, 1, ''].join('\n'),
    );

    const log: string[] = [];
    const { url } = await start({ log: (line) => log.push(line) });
    expect(log).toEqual([expect.stringContaining('Removing the postmaster.pid')]);
    expect(await query(url, 'SELECT what FROM kept')).toEqual(['data']);
  });

  it('of whoever held the lock, the next one takes it', async () => {
    const victim = await startInAnotherProcess();
    await victim.kill();
    const turns = (await readdir(directory)).filter((name) => name.startsWith('lock.'));
    expect(turns).toHaveLength(1);
    // The same pid, but of a process that began at another time.
    await writeFile(path(turns[0]!), `${process.pid}\nlong ago`);
    expect(await query((await start()).url, 'SELECT 1')).toEqual([1]);
  });
});

describe('postgres.json', () => {
  it.each([
    ['missing', () => rm(path('postgres.json'))],
    ['empty', () => writeFile(path('postgres.json'), '')],
    ['not JSON', () => writeFile(path('postgres.json'), '{"port":')],
    ['without its password', () => writeFile(path('postgres.json'), '{"port":5432}')],
  ])('%s: a new password is set and the data stay', async (_, damage) => {
    const before = await start();
    await before.stop();
    await damage();
    const after = await start();
    expect(new URL(after.url).password).not.toBe(new URL(before.url).password);
    expect(await query(after.url, 'SELECT what FROM kept')).toEqual(['data']);
  });

  it('damaged while the server is used: refused by name, and the user is left in peace', async () => {
    const user = await start();
    const good = await readFile(path('postgres.json'));
    await writeFile(path('postgres.json'), '');
    await expect(start()).rejects.toThrow(/postgres\.json is missing or damaged while process \d+ uses/);
    expect(await query(user.url, 'SELECT 1')).toEqual([1]);
    await writeFile(path('postgres.json'), good);
  });

  it('with another password: refused by name, and no server is left running', async () => {
    const good = await readFile(path('postgres.json'), 'utf8');
    await writeFile(path('postgres.json'), JSON.stringify({ ...(JSON.parse(good) as object), password: 'other' }));
    await expect(start()).rejects.toThrow(/refuses the password in .*postgres\.json/);
    expect(await isUp()).toBe(false);
    await writeFile(path('postgres.json'), good);
  });
});

describe('a directory that does not serve', () => {
  it('holding a copy of a running server is refused, and that server left in peace', async () => {
    const original = await start();
    const used = directory;
    directory = await mkdtemp(join(tmpdir(), 'gatehouse-copy-'));
    cleanUp.unshift(async () => {
      await rm(directory, { recursive: true });
      directory = used;
    });
    await mkdir(path('postgres'));
    for (const name of ['postgres.json', 'postgres/PG_VERSION', 'postgres/postmaster.pid']) {
      await copyFile(join(used, name), path(name));
    }
    await expect(start()).rejects.toThrow(/was copied from .* while its server ran/);
    expect(await query(original.url, 'SELECT 1')).toEqual([1]);
  });

  it('with something else where the data belong is refused, and nothing in it touched', async () => {
    const other = await mkdtemp(join(tmpdir(), 'gatehouse-other-'));
    cleanUp.push(() => rm(other, { recursive: true }));
    await mkdir(join(other, 'postgres'));
    await writeFile(join(other, 'postgres/diary'), 'dear');
    await expect(startEmbeddedPostgres({ directory: other })).rejects.toThrow(/postgres is in the way[^]*DATABASE_URL/);
    expect(await readFile(join(other, 'postgres/diary'), 'utf8')).toBe('dear');
  });

  it('that cannot be made is refused by name', async () => {
    await writeFile(path('file'), '');
    await expect(startEmbeddedPostgres({ directory: path('file/x') })).rejects.toThrow(
      /cannot be kept in .*DATABASE_URL/,
    );
  });

  const asRoot = isRoot ? it : it.skip;
  asRoot(
    `that only root may enter has its data elsewhere, behind a link${isRoot ? '' : ' (skipped: we are not root)'}`,
    async () => {
      const home = await mkdtemp(join(tmpdir(), 'gatehouse-root-'));
      const closed = { directory: join(home, '.gatehouse') };
      const first = await startEmbeddedPostgres(closed);
      const data = await realpath(join(closed.directory, 'postgres'));
      cleanUp.push(() => Promise.all([home, dirname(data)].map((made) => rm(made, { recursive: true }))));
      await query(first.url, 'CREATE TABLE here ()');
      await first.stop();
      expect(data.startsWith(home)).toBe(false);

      const second = await startEmbeddedPostgres(closed);
      expect(await query(second.url, 'SELECT 1 FROM here')).toEqual([]);
      await second.stop();
    },
  );
});

describe('the programs', () => {
  it('not being installed for this platform is said, with both ways out', async () => {
    const { said } = await startInAnotherProcess(
      '--import',
      'data:text/javascript,Object.defineProperty(process,"arch",{value:"abacus"})',
    );
    expect(said).toMatch(/@embedded-postgres\/\w+-abacus\) is not installed.*DATABASE_URL.*--include=optional/);
  });

  it('get the links that an install without scripts left out, also when two processes make them at once', async () => {
    const package_ = await mkdtemp(join(tmpdir(), 'gatehouse-links-'));
    cleanUp.push(() => rm(package_, { recursive: true }));
    const lib = join(package_, 'native/lib');
    await mkdir(lib, { recursive: true });
    await writeFile(join(lib, 'libpq.so.5.18'), 'library');
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    await writeFile(join(package_, 'native/pg-symlinks.json'), JSON.stringify(links));
    await symlink('libpq.so.5.18', join(lib, 'libpq.so'));

    await Promise.all([makeLinks(join(package_, 'native')), makeLinks(join(package_, 'native'))]);
    expect(await readFile(join(lib, 'libpq.so.5'), 'utf8')).toBe('library');
  });
});

describe('the lock', () => {
  it('lets one at a time work, however many come', async () => {
    const place = await mkdtemp(join(tmpdir(), 'gatehouse-lock-'));
    cleanUp.push(() => rm(place, { recursive: true }));
    let working = 0;
    const seen: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock(place, async () => {
          seen.push(++working);
          await setTimeout(5);
          working--;
        }),
      ),
    );
    expect(seen).toEqual(Array<number>(20).fill(1));
    expect(await readdir(place)).toEqual(['lock.20']);
  });

  it('is free again after work that failed', async () => {
    await expect(withLock(directory, () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    await expect(withLock(directory, async () => 'next')).resolves.toBe('next');
  });
});

/** A postmaster that was killed is gone only when its listening socket is. */
async function waitUntilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await query(url, 'SELECT 1');
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') return;
    }
    await setTimeout(20);
  }
}
