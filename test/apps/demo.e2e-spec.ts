import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from '../support/database.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { addressesFrom, embeddedServer, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';
import { Visitor } from './visitor.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let base: number;
let at: ReturnType<typeof addressesFrom>;
let demo: FrontDoor;

async function startDemo(): Promise<FrontDoor> {
  demo = new FrontDoor('demo', { PORT_BASE: String(base), GATEHOUSE_DIRECTORY: directory.path });
  return demo.ready(...Object.values(at));
}

beforeAll(async () => {
  directory = await temporaryDirectory();
  await moveToFreePorts();
});
afterAll(async () => {
  await demo.stop();
  await directory.remove();
});

async function moveToFreePorts(): Promise<void> {
  base = await freePortBase();
  at = addressesFrom(base);
}

/** A request that is under way: the provider has its head and waits for the rest of its body. */
async function requestUnderWay() {
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }).toString();
  const socket = connect(base, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /token HTTP/1.1\r\nhost: localhost:${base}\r\nauthorization: Basic ${btoa('demo-service:demo-service-secret')}\r\n` +
      // It is under way when the server says that it goes on reading (RFC 9110 §10.1.1).
      `content-type: application/x-www-form-urlencoded\r\nexpect: 100-continue\r\ncontent-length: ${body.length}\r\n\r\n`,
  );
  await once(socket, 'data');
  socket.write(body.slice(0, 5));
  return async () => {
    socket.write(body.slice(5));
    return text(socket);
  };
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const { readFile } = await import('node:fs/promises');
  const { port, password } = JSON.parse(await readFile(`${directory.path}/postgres.json`, 'utf8'));
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'gatehouse', database: 'gatehouse', password });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

// One story: a start takes seconds, so each test goes on with what the one before it left.
describe('npm start', () => {
  it('HD-14: prints one screen with what a newcomer needs, and everything on it answers', async () => {
    await startDemo();
    for (const said of [...Object.values(at), 'alice / wonderland', 'Ctrl-C', 'demo-service']) {
      expect(demo.output).toContain(said);
    }
    expect(demo.output.split('\n').length).toBeLessThan(30);
    for (const url of Object.values(at)) {
      for (const path of ['/health/live', '/health/ready']) {
        const response = await fetch(`${url}${path}`);
        expect([url, path, response.status, await response.json()]).toEqual([url, path, 200, { status: 'ok' }]);
      }
    }
  });

  it('ends with 0 at Ctrl-C, and works again in a used folder at other ports', async () => {
    const visitor = new Visitor();
    const form = await visitor.get(`${at.portal}/profile`);
    const consent = await visitor.submit(form, { username: 'alice', password: 'wonderland' });
    expect((await visitor.submit(consent, { decision: 'allow' })).url).toBe(`${at.portal}/profile`);
    demo.kill('SIGINT');
    expect(await demo.exited).toBe(0);
    expect(await embeddedServer(directory.path)).toBeUndefined();

    await moveToFreePorts();
    const begun = performance.now();
    await startDemo();
    process.stderr.write(`The demo's second start took ${Math.round(performance.now() - begun)} ms.\n`);
    // The same database and secret, so this browser is still signed in; the portal's session asks a provider anew.
    const profile = await visitor.get(`${at.portal}/auth/login?returnTo=/profile`);
    expect([profile.url, profile.status]).toEqual([`${at.portal}/profile`, 200]);
    expect(profile.body).toContain('Alice Liddell');
    expect((await visitor.get(`${at.desk}/`)).body).toContain('Looking glass');
    // Desk exchanged Alice's token for one that names it as who acts, and orders believes it.
    expect(JSON.parse((await visitor.get(`${at.desk}/api/orders`)).body)).toMatchObject({
      actor: 'desk',
      orders: [{}, {}],
    });
  });

  it('killed with -9 during a sign-in, and started again, it goes on with it, believes the cookies from before, and has nothing half written', async () => {
    const before = new Visitor();
    const desk = await before.get(`${at.desk}/`);
    expect((await before.submit(desk, { username: 'alice', password: 'wonderland' })).url).toBe(`${at.desk}/`);
    await query('DELETE FROM consent');

    const visitor = new Visitor();
    const form = await visitor.get(`${at.portal}/profile`);
    const consent = await visitor.submit(form, { username: 'bob', password: 'builder' });
    expect(consent.url).toMatch(/\/consent\?/);
    demo.kill('SIGKILL');
    expect(await demo.exited).toBeNull();

    await startDemo();
    // The form that was open when it died is good, and so is the page at its address.
    expect((await visitor.get(consent.url)).url).toBe(consent.url);
    const profile = await visitor.submit(consent, { decision: 'allow' });
    expect([profile.url, profile.status]).toEqual([`${at.portal}/profile`, 200]);
    expect(profile.body).toContain('Bob Builder');
    // Sessions from before, the application's and the provider's.
    expect((await before.get(`${at.desk}/`)).body).toContain('Looking glass');
    expect((await before.get(`${at.provider}/`)).body).toContain('Alice Liddell');

    const [counts] = await query(`
      SELECT (SELECT count(*)::int FROM refresh_token WHERE authorization_id NOT IN (SELECT id FROM authorization_grant)) AS orphans,
        (SELECT count(*)::int FROM signing_key WHERE state = 'active') AS active_keys,
        (SELECT count(DISTINCT algorithm)::int FROM signing_key) AS algorithms,
        (SELECT count(*)::int FROM consent) AS consents`);
    expect(counts).toEqual({
      orphans: 0,
      active_keys: counts!['algorithms'],
      algorithms: counts!['algorithms'],
      consents: 1,
    });
  });

  it('finishes what is under way at SIGTERM, however often it is told, then stops its PostgreSQL and ends with 0', async () => {
    expect(await embeddedServer(directory.path)).toBeGreaterThan(0);
    const finish = await requestUnderWay();
    demo.kill('SIGTERM');
    await setTimeout(100);
    demo.kill('SIGTERM');
    demo.kill('SIGINT');
    await setTimeout(200);
    expect(await finish()).toMatch(/^HTTP\/1.1 200 [^]*"access_token"/);
    expect(await demo.exited).toBe(0);
    expect(await embeddedServer(directory.path)).toBeUndefined();
  });

  it('stops when it is told to while it is still starting', async () => {
    demo = new FrontDoor('demo', { PORT_BASE: String(base), GATEHOUSE_DIRECTORY: directory.path });
    // PostgreSQL is there as a process, and does not answer yet.
    while (!(await embeddedServer(directory.path))) await setTimeout(2);
    demo.kill('SIGTERM');
    await demo.exited;
    expect(await embeddedServer(directory.path)).toBeUndefined();
  });
});

describe('kill -9 during POST /login, then started again', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createProviderDatabase();
    await start();
  });
  afterAll(async () => {
    await demo.stop();
    await database.drop();
  });

  async function start(): Promise<void> {
    const settings = { DATABASE_URL: database.url, GATEHOUSE_SECRET: SECRETS[0], GATEHOUSE_DIRECTORY: directory.path };
    demo = new FrontDoor('identity-provider', { PORT: String(base), ...settings });
    await demo.ready(at.provider);
  }

  it.each([5, 30])('%i ms into it: the session is whole, or not there', async (moment) => {
    const request = new URLSearchParams({
      client_id: 'demo-native',
      redirect_uri: 'http://127.0.0.1/callback',
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const visitor = new Visitor();
    const form = await visitor.get(`${at.provider}/authorize?${request}`);
    const signingIn = visitor.submit(form, { username: 'alice', password: 'wonderland' }).catch(() => undefined);
    await setTimeout(moment);
    demo.kill('SIGKILL');
    await Promise.all([demo.exited, signingIn]);

    await start();
    // Wherever it broke off: the page that was open is good for another try.
    const again = await visitor.get(form.url);
    const next = again.body.includes('login-submit')
      ? await visitor.submit(again, { username: 'alice', password: 'wonderland' })
      : again;
    expect(next.body).toContain('consent-allow');
  });
});
