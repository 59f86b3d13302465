import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Report, Row } from '../../../src/apps/compare/report.js';
import { STRATEGIES } from '../../../src/apps/compare/strategies.js';
import { runHere } from '../command-line.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const entry = join(import.meta.dirname, '../../../dist/apps/cli/main.js');
const PATIENCE = 400_000;

let database: TestDatabase;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'gatehouse-compare-'));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Without a Redis, since nothing is on the PATH. */
function environment(): NodeJS.ProcessEnv {
  const { HOME, TMPDIR } = process.env;
  return { HOME, TMPDIR, DATABASE_URL: database.url };
}

/** The command as a process of its own. */
function start(args: string[]) {
  const child = spawn(process.execPath, [entry, 'compare', '--output', directory, ...args], {
    cwd: directory,
    env: environment(),
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said, ended };
}

/** The command in this process, where it ends before it measures. */
const refused = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  runHere(['compare', '--output', directory, ...args], { ...environment(), ...env });

async function databasesLeft(): Promise<string[]> {
  return (await query(`SELECT datname FROM pg_database WHERE datname LIKE 'gatehouse\\_compare\\_%'`)).map((row) => row.datname!); // prettier-ignore
}

async function query(text: string, url = database.url): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows;
  } finally {
    await client.end();
  }
}

const kept = async () => JSON.parse(await readFile(join(directory, 'compare.json'), 'utf8')) as Report;
const rowOf = ({ rows }: Report, id: string): Row => rows.find((row) => row.id === id)!;

it(
  'measures every cell, says why it cannot measure some, and writes a page that needs nothing else',
  async () => {
    const only = ['postgres-session', 'redis-session', 'jwt-expiry', 'jwt-feed'];
    const args = ['--quick', '--json', '--only', only.join(','), '--for', 'spa,services', '--apps', '5'];
    const { said, ended } = start(args);
    const code = await ended;
    expect(said.stderr).toContain('compare.html');
    const report = JSON.parse(said.stdout) as Report;
    expect(report.rows.map(({ id }) => id)).toEqual(only);
    const problems = report.rows.map(({ problem }) => problem);
    expect([code, problems]).toEqual([0, [undefined, expect.stringMatching('^There is no Redis: set REDIS_URL'), undefined, undefined]]); // prettier-ignore
    expect(await kept()).toEqual(report);
    const missing = rowOf(report, 'redis-session');
    expect(missing).toEqual({ ...missing, problem: expect.stringMatching(/^There is no Redis: set REDIS_URL/) });
    expect(Object.keys(missing).sort()).toEqual(['id', 'name', 'problem', 'sentence']);
    expect(report).toMatchObject({ complete: false, interrupted: false, needs: { apps: 5, redis: false } });
    for (const id of ['postgres-session', 'jwt-expiry', 'jwt-feed']) {
      const row = rowOf(report, id);
      expect(row.problem).toBeUndefined();
      expect(row.requestsPerSecond).toBeGreaterThan(10);
      expect(row.cpuMicroseconds).toBeGreaterThan(5);
      expect(row.latency!.p99Milliseconds).toBeGreaterThanOrEqual(row.latency!.p50Milliseconds);
      expect(row.octets!.request).toBeGreaterThan(row.octets!.credential);
      expect(row.memory!.people).toBeGreaterThan(0);
    }
    const lookups = (id: string) => rowOf(report, id).lookups!.alone;
    expect(lookups('postgres-session')).toEqual({ postgres: 1, redis: 0, http: 0 });
    expect(lookups('jwt-expiry')).toEqual({ postgres: 0, redis: 0, http: 0 });
    expect(lookups('jwt-feed')).toEqual({ postgres: 0, redis: 0, http: 0 });
    // A session's row in PostgreSQL; a token leaves nothing there.
    expect(rowOf(report, 'postgres-session').memory!.perPerson.store).toBeGreaterThan(500);
    expect(rowOf(report, 'jwt-feed').memory!.perPerson.store).toBe(0);
    expect(rowOf(report, 'postgres-session').revocation).toMatchObject({ kind: 'measured', samples: 3 });
    expect(rowOf(report, 'jwt-feed').revocation).toMatchObject({ kind: 'measured', samples: 3 });
    const bound = { kind: 'bound', milliseconds: 305_000, letInAfterMilliseconds: expect.any(Number) };
    expect(rowOf(report, 'jwt-expiry').revocation).toMatchObject(bound);
    expect(report.unguarded!.cpuMicroseconds).toBeGreaterThan(5);
    expect(report.recommendation.choices.map(({ strategy }) => strategy)).toEqual(['postgres-session-feed', 'jwt-feed']);

    const page = await readFile(join(directory, 'compare.html'), 'utf8');
    for (const { name } of report.rows) expect(page).toContain(name);
    expect(page).toContain('There is no Redis');
    expect(page).not.toMatch(/<script|<link(?! rel="icon" href="data:)|\s(src|href)="(?!data:)|url\((?!#)|@import| style="/);
    expect(await databasesLeft()).toEqual([]);
  },
  PATIENCE,
); // prettier-ignore

it(
  'Ctrl-C: keeps what was measured until then, and leaves nothing running',
  async () => {
    const { child, said, ended } = start(['--only', 'jwt-feed']);
    await new Promise<void>((done) => {
      // Some is measured, and much is not.
      child.stderr.on('data', () => /round \d+ of 20/.test(said.stderr) && done());
      child.once('close', () => done());
    });
    // As npx does it: from the terminal, and passed on.
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect([await ended, said.stderr]).toEqual([130, expect.stringContaining('Interrupted: what was measured')]);
    const report = await kept();
    expect(report).toMatchObject({ complete: false, interrupted: true });
    expect(rowOf(report, 'jwt-feed').requestsPerSecond).toBeGreaterThan(0);
    expect(rowOf(report, 'jwt-feed').revocation).toBeUndefined();
    expect(said.stdout).toContain('JWT + revocation feed');
    expect(await databasesLeft()).toEqual([]);
    // Whoever is asked by them is gone, too: nobody is connected from an application of the comparison.
    expect(await query(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'gatehouse%' AND datname LIKE 'gatehouse_compare%'`)).toEqual([]); // prettier-ignore
  },
  PATIENCE,
);

it('a user who may not make databases is told what to do', async () => {
  const role = `compare_${process.pid}`;
  await query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret' NOCREATEDB`);
  try {
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    const { code, stdout, stderr } = await refused(['--quick'], { DATABASE_URL: url.href });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/DATABASE_URL: the user 'compare_\d+' may not make the database .* CREATEDB/);
    expect(stderr).not.toMatch(/secret|fault/);
  } finally {
    await query(`DROP ROLE ${role}`);
  }
});

it('a port in use, a server that is not there', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  try {
    const busy = await refused(['--quick', '--port-base', String(port)]);
    const away = await refused(['--quick'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/gatehouse' });
    const noRedis = await refused(['--quick'], { REDIS_URL: 'redis://127.0.0.1:1/' });
    expect([busy.code, away.code, noRedis.code]).toEqual([1, 1, 1]);
    expect(busy.stderr).toContain(`--port-base: 127.0.0.1:${port} is in use already`);
    expect(away.stderr).toMatch(/^DATABASE_URL \(127\.0\.0\.1:1\/gatehouse\): nothing answers there/m);
    expect(noRedis.stderr).toMatch(/REDIS_URL: Redis at 127.0.0.1:1 cannot be reached/);
    expect(await databasesLeft()).toEqual([]);
  } finally {
    taken.close();
  }
});

it.each([
  [['--only', 'sessions'], "--only: there is no 'sessions'. There are: memory-session,"],
  [['--for', 'desktop'], "--for: there is no 'desktop'. There are: site, spa, mobile, services."],
  [['--apps', '0'], '--apps: must be a whole number from 1 to 10000.'],
  [['--port-base', '65530'], '--port-base: must be a whole number from 1 to'],
  [['--instant-logout', 'maybe'], 'Allowed choices are yes, no.'],
  [['--serverless'], 'argument missing'],
])('compare %j: a wrong command line', async (args, message) => {
  const { code, stdout, stderr } = await runHere(['compare', ...args], {});
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
});

it('every strategy says what it is', () => {
  for (const { name, sentence, bound, mode, store } of STRATEGIES) {
    expect([name, sentence.endsWith('.'), name.length <= 25]).toEqual([name, true, true]);
    // Who is told by nobody says so, and nobody else.
    expect([name, bound !== undefined]).toEqual([name, mode === 'expiry' && (!store || store === 'sealed-cookie')]);
  }
});
