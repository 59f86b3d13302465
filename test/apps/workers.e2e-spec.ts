import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { failedStart, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let database: Awaited<ReturnType<typeof createProviderDatabase>>;
let base: number;

beforeAll(async () => {
  directory = await temporaryDirectory();
  database = await createProviderDatabase();
  base = await freePortBase();
});
afterAll(async () => {
  await directory.remove();
  await database.drop();
});

const settings = () => ({
  GATEHOUSE_DIRECTORY: directory.path,
  GATEHOUSE_SECRET: SECRETS[0],
  DATABASE_URL: database.url,
  PORT: String(base),
});
const url = (path: string) => `http://localhost:${base}${path}`;
const metrics = async () => (await fetch(`http://127.0.0.1:${base + 1}/metrics`)).text();
/** Its port is opened after the provider's own. */
const metricsAnswer = () => until(() => metrics().then(Boolean, () => false));

/** What the line of this metric says, whatever else stands in its labels. */
async function measured(name: string, label = ''): Promise<number> {
  const line = (await metrics()).split('\n').find((one) => one.startsWith(name) && one.includes(label));
  return Number(line?.split(' ').at(-1));
}

function workersOf(door: FrontDoor): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return parent === door.pid ? [pid!] : [];
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2000 && !(await condition()); tries += 1) await setTimeout(50);
  expect(await condition()).toBe(true);
}

describe('WORKERS=2', () => {
  it('serves one port from two processes, sums up what they measured, and replaces one that dies', async () => {
    const door = new FrontDoor('identity-provider', { ...settings(), WORKERS: '2', METRICS_PORT: String(base + 1) });
    try {
      await door.ready(`http://localhost:${base}`);
      await metricsAnswer();
      await until(() => workersOf(door).length === 2);
      const before = workersOf(door);

      // Each connection may reach the other worker; the sum must not care.
      for (let asked = 0; asked < 6; asked += 1) {
        const answer = await fetch(url('/.well-known/openid-configuration'), { headers: { connection: 'close' } });
        expect(answer.status).toBe(200);
        await answer.arrayBuffer();
      }
      await until(
        async () => (await measured('gatehouse_http_request_duration_seconds_count', 'openid-configuration')) === 6,
      );
      expect(await measured('gatehouse_database_connections')).toBeGreaterThanOrEqual(2);

      process.kill(before[0]!, 'SIGKILL');
      await until(() => workersOf(door).filter((pid) => !before.includes(pid)).length === 1);
      await until(async () => (await fetch(url('/health/ready'))).ok);
      expect(door.output).toContain('is replaced');
    } finally {
      door.kill('SIGTERM');
    }
    expect(await door.exited).toBe(0);
    expect(workersOf(door)).toEqual([]);
  });

  it('ends with the worker’s own words when a worker cannot start', async () => {
    const elsewhere = new URL(database.url);
    elsewhere.pathname = '/no_such';
    const { code, output } = await failedStart('identity-provider', {
      ...settings(),
      DATABASE_URL: elsewhere.href,
      WORKERS: '2',
    });
    expect(code).toBe(1);
    expect(output).toMatch(/DATABASE_URL \(.*does not exist/);
    expect(output).toMatch(/WORKERS: a worker could not start/);
  });
});

describe('METRICS_PORT', () => {
  it('measures requests by route, and tells nothing about people or paths', async () => {
    const door = new FrontDoor('identity-provider', { ...settings(), METRICS_PORT: String(base + 1) });
    try {
      await door.ready(`http://localhost:${base}`);
      await metricsAnswer();
      await (await fetch(url('/no/such/page?secret=hunter2'))).arrayBuffer();
      await (await fetch(url('/register/some-client'))).arrayBuffer();
      const text = await metrics();
      expect(text).toMatch(/route="\/register\/:id",status="\d{3}"/);
      expect(text).not.toMatch(/hunter2|some-client|no\/such/);
      for (const name of ['argon2_running', 'argon2_waiting', 'database_idle', 'database_waiting']) {
        expect(text).toMatch(new RegExp(`^gatehouse_${name} \\d+$`, 'm'));
      }
      expect((await fetch(`http://127.0.0.1:${base + 1}/`)).status).toBe(404);
      // Not where people sign in.
      expect((await fetch(url('/metrics'))).status).toBe(404);
    } finally {
      expect(await door.stop()).toBe(0);
    }
  });

  it('says which setting is at fault when it cannot listen there', async () => {
    const { code, output } = await failedStart('identity-provider', {
      ...settings(),
      METRICS_PORT: String(base + 1),
      METRICS_HOST: '192.0.2.1',
    });
    expect([code, output]).toEqual([1, expect.stringContaining('METRICS_PORT: cannot listen on 192.0.2.1')]);
  });
});
