import { connect, createServer, type Server, type Socket } from 'node:net';
import { type TestDatabase } from '../support/database.js';
import { claimsOf, type House, type JsonAnswer, openHouse, type Tokens } from '../support/house.js';
import { createProviderDatabase } from '../support/provider-database.js';
import { TestClock } from '../support/test-clock.js';

/** Stands between the provider and its PostgreSQL, and can be cut. */
class Wire {
  private readonly sockets = new Set<Socket>();
  private isCut = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async between(databaseUrl: string): Promise<Wire> {
    const target = new URL(databaseUrl);
    let wire: Wire | undefined;
    const server = createServer((near) => {
      if (wire!.isCut) return void near.destroy();
      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [[near, far], [far, near]] as const) {
        wire!.sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
      } // prettier-ignore
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((server.address() as { port: number }).port);
    wire = new Wire(server, url.href);
    return wire;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

let test: TestDatabase;
let wire: Wire;
let house: House;
beforeAll(async () => {
  test = await createProviderDatabase(new TestClock());
  wire = await Wire.between(test.url);
  house = await openHouse({ databaseUrl: wire.url });
});
afterAll(async () => {
  await house.close();
  await wire.close();
  await test.drop();
});

/** What happens while the database is away. */
async function meanwhile<T>(work: () => Promise<T>): Promise<T> {
  wire.cut();
  try {
    return await work();
  } finally {
    wire.mend();
  }
}

function expectUnavailable(answer: JsonAnswer) {
  expect(answer.json).toEqual({ error: 'temporarily_unavailable', error_description: expect.any(String) });
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.page).not.toMatch(/ECONN|SELECT|INSERT|UPDATE|postgres|\.ts|at /);
}

it('TK-22 RT-21 a refresh is answered with 503, and the token is good afterwards', async () => {
  const { tokens, client } = await house.codeFlow({ scope: 'openid offline_access' });
  expectUnavailable(await meanwhile(() => house.refresh(client, tokens.refresh_token)));
  const { status, json } = await house.refresh(client, tokens.refresh_token);
  expect(status).toBe(200);
  expect((await house.userinfo(json['access_token'] as string)).status).toBe(200);
});

it('RT-21 a refresh that is cut in the middle is repeated, not punished', async () => {
  const { tokens, client } = await house.codeFlow({ scope: 'openid offline_access' });
  for (const delay of [1, 3, 6, 10, 15]) {
    const answering = house.refresh(client, tokens.refresh_token);
    await new Promise((resolve) => setTimeout(resolve, delay));
    wire.cut();
    const { status } = await answering;
    wire.mend();
    expect([200, 503]).toContain(status);
  }
  // A connection that was cut while it was idle is noticed by whoever uses it next, who is told to try again.
  let answer = await house.refresh(client, tokens.refresh_token);
  for (let tries = 1; answer.status === 503 && tries < 5; tries++) {
    answer = await house.refresh(client, tokens.refresh_token);
  }
  const { status, json } = answer;
  expect(status).toBe(200);
  expect((await house.refresh(client, (json as unknown as Tokens).refresh_token)).status).toBe(200);
});

it('TK-22 a code is answered with 503, and is not spent', async () => {
  const grant = await house.browser().obtainCode();
  expectUnavailable(await meanwhile(() => house.redeem(house.web, grant)));
  expect((await house.redeem(house.web, grant)).status).toBe(200);
});

it('IN-10 RT-18 a revocation is answered with 503, never with 200, and succeeds afterwards', async () => {
  const { tokens, client } = await house.codeFlow();
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    expectUnavailable(await meanwhile(() => house.post('/revoke', client, { token })));
  }
  expect((await house.userinfo(tokens.access_token)).status).toBe(200);
  expect((await house.post('/revoke', client, { token: tokens.refresh_token })).status).toBe(200);
  expect((await house.userinfo(tokens.access_token)).status).toBe(401);
});

it('RT-18 a reused code is answered with 503 while it cannot be revoked, and revokes afterwards', async () => {
  const { tokens, grant, client } = await house.codeFlow();
  expectUnavailable(await meanwhile(() => house.redeem(client, grant)));
  expect((await house.userinfo(tokens.access_token)).status).toBe(200);
  expect((await house.redeem(client, grant)).json['error']).toBe('invalid_grant');
  expect((await house.userinfo(tokens.access_token)).status).toBe(401);
});

it('introspection and userinfo believe nothing they cannot check', async () => {
  const { tokens, client } = await house.codeFlow();
  expectUnavailable(await meanwhile(() => house.userinfo(tokens.access_token)));
  expectUnavailable(await meanwhile(() => house.post('/introspect', client, { token: tokens.access_token })));
});

it('a script of a registered origin can read that, and when to come again', async () => {
  const origin = 'https://spa.test';
  const isWelcome = async () => {
    house.clock.pass('6s');
    const answer = await fetch(`${house.issuer}/token`, { method: 'OPTIONS', headers: { origin } });
    return answer.headers.get('access-control-allow-origin') === origin;
  };
  expect(await isWelcome()).toBe(true);
  for (const path of ['/token', '/userinfo', '/revoke', '/par', '/device_authorization']) {
    // What is known of origins is older than five seconds: it is to be read again.
    house.clock.pass('6s');
    const [preflight, answer, strange] = await meanwhile(async () => [
      await fetch(house.issuer + path, { method: 'OPTIONS', headers: { origin } }),
      await house.post(path, house.web, { token: 'x', grant_type: 'refresh_token' }, { headers: { origin } }),
      await house.post(path, house.web, {}, { headers: { origin: 'https://evil.test' } }),
    ]);
    expect([path, preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([path, 204, origin]);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/Retry-After.*X-Correlation-Id/);
    if (path === '/revoke') expectUnavailable(answer);
    expect(strange.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await isWelcome()).toBe(true);
});

it('TK-22 HD-10 pages say that the server is at fault, and nothing else', async () => {
  const { browser } = await house.codeFlow();
  const answers = await meanwhile(async () => [await browser.start(house.web), await browser.get('/logout')]);
  for (const { status, page, headers } of answers) {
    expect([status, headers.get('retry-after'), headers.get('location')]).toEqual([503, '2', null]);
    expect(page).not.toMatch(/ECONN|SELECT|postgres|\.ts\b/);
  }
  expect((await browser.start(house.web)).headers.get('location')).toContain('code=');
});

it('the key set and liveness need no database; readiness says so', async () => {
  await fetch(`${house.issuer}/jwks`);
  const [jwks, live, ready] = await meanwhile(() =>
    Promise.all(['/jwks', '/health/live', '/health/ready'].map((path) => fetch(house.issuer + path))),
  );
  expect([jwks!.status, live!.status, ready!.status]).toEqual([200, 200, 503]);
});

it.each(['57P01', '40001', '40P01', '53300', '08006', '57014', '55000'])(
  'SQLSTATE %s during a refresh is 503 and no theft',
  async (sqlstate) => {
    const { tokens, client } = await house.codeFlow({ scope: 'openid offline_access' });
    const { authorization_id: id } = claimsOf(tokens.access_token);
    const run = (sql: string) => house.database.dataSource.query(sql);
    await run(`CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'secret detail' USING ERRCODE = '${sqlstate}'; END $$`);
    await run(`CREATE TRIGGER fail BEFORE UPDATE ON refresh_token FOR EACH ROW WHEN (OLD.authorization_id = '${String(id)}')
      EXECUTE FUNCTION fail()`);
    const answer = await house.refresh(client, tokens.refresh_token);
    await run('DROP FUNCTION fail() CASCADE');
    expectUnavailable(answer);
    expect(answer.page).not.toContain('secret detail');
    expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
  },
);
