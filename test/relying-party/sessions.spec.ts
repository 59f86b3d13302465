import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeWithRedis, startRedis, type TestRedis } from '../support/redis.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import type { SessionOptions } from '../../src/relying-party/index.js';
import { type Browser, House } from './house.js';

type Store = Pick<SessionOptions, 'store' | 'url'> & Partial<SessionOptions>;

let clock: TestClock;
let issuer: TinyIssuer;
const houses: House[] = [];
beforeAll(async () => {
  clock = new TestClock();
  issuer = await TinyIssuer.listen(clock);
});
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.idClaims = {};
  issuer.answers.clear();
});

const open = async (session: Store): Promise<House> => {
  const house = await House.open(issuer, (defaults) => ({
    ...defaults,
    session: { ...defaults.session!, ...session },
  }));
  houses.push(house);
  return house;
};
afterAll(() => Promise.all(houses.map((house) => house.close())));

const cookieOf = (browser: Browser): [string, string][] => [
  ['cookie', [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')],
];
const fromOwnPage: [string, string] = ['sec-fetch-site', 'same-origin'];

const logoutToken = (about: object) => {
  const now = clock.seconds();
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = {
    iss: issuer.url,
    aud: 'app',
    iat: now,
    exp: now + 120,
    jti: String(Math.random()),
    events,
    ...about,
  };
  return issuer.sign(claims, { typ: 'logout+jwt' });
};

/** What every store owes an application that runs as two processes, or more. */
function sessionsOfTwoProcesses(store: () => Store, { shared }: { shared: boolean }): void {
  let first: House;
  let second: House;
  let browser: Browser;
  beforeAll(async () => {
    first = await open(store());
    second = await open(store());
  });
  beforeEach(async () => {
    browser = first.browser();
    await browser.signIn(issuer);
  });
  const statuses = (headers: [string, string][]) =>
    Promise.all([first, second].map(async (house) => (await house.ask('/session', { headers })).status));

  it('are known to both', async () => {
    expect(await statuses(cookieOf(browser))).toEqual([200, 200]);
    // RP-14: the browser holds nothing that an API would take.
    expect(JSON.stringify(cookieOf(browser))).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });

  it('SE-11: a copied cookie is refused after the sign-out', async () => {
    const copy = cookieOf(browser);
    await browser.post('/auth/logout');
    expect(await statuses(copy)).toEqual([401, shared ? 401 : 200]);
  });

  it.each([['sid'], ['sub']])('a back-channel logout by %s is honoured by the next request', async (by) => {
    const copy = cookieOf(browser);
    const body = `logout_token=${await logoutToken(by === 'sid' ? { sid: issuer.sid } : { sub: 'alice' })}`;
    const headers: [string, string][] = [['content-type', 'application/x-www-form-urlencoded']];
    expect((await first.ask('/auth/backchannel-logout', { method: 'POST', headers, body })).status).toBe(200);
    expect(await statuses(copy)).toEqual([401, shared ? 401 : 200]);
    // And who signs in again is there again.
    await browser.signIn(issuer);
    expect((await statuses(cookieOf(browser)))[0]).toBe(200);
  });

  it('SE-12: end after their idle time', async () => {
    const copy = cookieOf(browser);
    clock.pass('31m');
    expect(await statuses(copy)).toEqual([401, 401]);
  });

  it('SE-07, SE-08, SE-09: no other cookie is a session', async () => {
    const [[, cookie]] = cookieOf(browser) as [[string, string]];
    const value = cookie.slice('__Host-app='.length);
    const others = [
      '',
      'x',
      '%E0%A4%A',
      '9.x',
      '0.x',
      '-1.x',
      `${value}x`,
      `x${value}`,
      `${value.slice(0, -3)}AAA`,
      '2.',
      `1.${value}`,
      `x.${value}`,
    ];
    for (const other of others) {
      expect([other, await statuses([['cookie', `__Host-app=${other}`]])]).toEqual([other, [401, 401]]);
    }
    expect(await statuses([['cookie', `${cookie}; __Host-app=${value}`]])).toEqual([401, 401]);
  });
}

/** RP-13, where the store lets one process at a time renew. */
function oneRefresh(store: () => Store): void {
  it('RP-13: 50 requests over two processes refresh an ended access token once', async () => {
    const [first, second] = [await open(store()), await open(store())];
    const browser = first.browser();
    await browser.signIn(issuer);
    const headers = cookieOf(browser);
    issuer.refreshMilliseconds = 150;
    for (let round = 1; round <= 2; round += 1) {
      clock.pass('6m');
      const before = issuer.hitsOf('/token');
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => (index % 2 ? first : second).ask('/undecorated', { headers })),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(issuer.hitsOf('/token') - before).toBe(1);
      // All of them call on with the one new token.
      expect(new Set(answers.map(({ json }) => json['token'])).size).toBe(1);
    }
    issuer.refreshMilliseconds = 0;
  });

  it('a process that vanished while it renewed keeps the others up no longer than its claim', async () => {
    const [first, second] = [await open(store()), await open(store())];
    const browser = first.browser();
    await browser.signIn(issuer);
    const headers = cookieOf(browser);
    clock.pass('6m');
    // The provider takes the question and never answers the first process.
    let asked: () => void;
    const reached = new Promise<void>((resolve) => (asked = resolve));
    issuer.answers.set('/token', () => asked());
    const hanging = first.ask('/undecorated', { headers });
    await reached;
    issuer.answers.clear();
    const waiting = second.ask('/undecorated', { headers });
    clock.pass('21s');
    expect((await waiting).status).toBe(200);
    // The first gives up, finds the renewed session, and serves it.
    expect((await hanging).status).toBe(503);
    expect((await first.ask('/undecorated', { headers })).status).toBe(200);
  });
}

describe('sessions in memory', () => {
  it('share one refresh', async () => {
    const house = await open({ store: 'memory' });
    const browser = house.browser();
    await browser.signIn(issuer);
    clock.pass('6m');
    const before = issuer.hitsOf('/token');
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser.get('/undecorated')));
    expect([new Set(answers.map(({ status }) => status)).size, issuer.hitsOf('/token') - before]).toEqual([1, 1]);
  });

  it('use what there is while the provider is away, and not longer', async () => {
    const house = await open({ store: 'memory' });
    const browser = house.browser();
    await browser.signIn(issuer);
    issuer.answers.set('/token', (_request, _body, response) => response.writeHead(500).end());
    clock.pass('295s');
    expect((await browser.get('/undecorated')).status).toBe(200);
    clock.pass('10s');
    expect((await browser.get('/undecorated')).status).toBe(503);
    issuer.answers.clear();
    expect((await browser.get('/undecorated')).status).toBe(200);
  });

  it('end when the provider takes their refresh token no more', async () => {
    const house = await open({ store: 'memory' });
    const browser = house.browser();
    await browser.signIn(issuer);
    issuer.refreshTokens.clear();
    clock.pass('6m');
    expect((await browser.get('/session')).status).toBe(303);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });
});

describe('sessions in PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(houses.splice(0).map((house) => house.close()));
    await database.drop();
  });
  const store = (): Store => ({ store: 'postgres', url: database.url });
  sessionsOfTwoProcesses(store, { shared: true });
  oneRefresh(store);

  it('live on after a restart', async () => {
    const before = await open(store());
    const browser = before.browser();
    await browser.signIn(issuer);
    const after = await open(store());
    expect((await after.ask('/session', { headers: cookieOf(browser) })).json['subject']).toBe('alice');
  });

  it('say which setting is wrong', async () => {
    await expect(open({ store: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow('session.url');
  });
});

describeWithRedis('sessions in Redis', () => {
  let server: TestRedis;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(houses.splice(0).map((house) => house.close()));
    await server.stop();
  });
  const store = (): Store => ({ store: 'redis', url: server.url });
  sessionsOfTwoProcesses(store, { shared: true });
  oneRefresh(store);

  it('say which setting is wrong, and no password', async () => {
    const url = server.url.replace('a-password-of-the-test', 'wrong-password');
    const refused = open({ store: 'redis', url });
    await expect(refused).rejects.toThrow('session.url: Redis at 127.0.0.1:');
    await expect(refused).rejects.not.toThrow('wrong-password');
    await expect(open({ store: 'redis', url: 'redis://127.0.0.1:1/' })).rejects.toThrow('cannot be reached');
  });

  it('without their server nobody is let in, nor signed out', async () => {
    const own = await startRedis();
    const house = await open({ store: 'redis', url: own.url });
    const browser = house.browser();
    await browser.signIn(issuer);
    await own.stop();
    const answer = await house.ask('/session', { headers: cookieOf(browser) });
    expect([answer.status, answer.json['code'], answer.headers['set-cookie']]).toEqual([
      503,
      'authentication_unavailable',
      undefined,
    ]);
    expect((await house.ask('/public')).status).toBe(200);
  });
});

describe('sessions in sealed cookies', () => {
  const store = (): Store => ({ store: 'sealed-cookie' });
  sessionsOfTwoProcesses(store, { shared: false });

  it('move their idle end with activity, in the cookie', async () => {
    const house = await open(store());
    const browser = house.browser();
    await browser.signIn(issuer);
    for (let round = 0; round < 3; round += 1) {
      clock.pass('29m');
      expect((await browser.get('/session')).status).toBe(200);
    }
    const kept = cookieOf(browser);
    clock.pass('31m');
    expect((await house.ask('/session', { headers: kept })).status).toBe(401);
  });

  it('are cut into several cookies when they are large, and whole or nothing', async () => {
    const house = await open(store());
    const browser = house.browser();
    issuer.idClaims = { groups: Array.from({ length: 30 }, (_, index) => `a-group-with-a-long-name-${index}`) };
    await browser.signIn(issuer);
    const names = [...browser.cookies.keys()].sort();
    expect(names).toEqual(['__Host-app', '__Host-app.1']);
    for (const [name, value] of browser.cookies) expect(name.length + value.length).toBeLessThan(4096);
    expect((await browser.get('/session')).status).toBe(200);

    // The parts of two sessions make no session.
    const other = house.browser();
    await other.signIn(issuer);
    const mixed = `__Host-app=${browser.cookies.get('__Host-app')}; __Host-app.1=${other.cookies.get('__Host-app.1')}`;
    expect((await house.ask('/session', { headers: [['cookie', mixed]] })).status).toBe(401);
    const half: [string, string][] = [['cookie', `__Host-app=${browser.cookies.get('__Host-app')}`]];
    expect((await house.ask('/session', { headers: half })).status).toBe(401);

    // A smaller session leaves no part of the larger one behind.
    issuer.idClaims = {};
    await browser.signIn(issuer);
    expect(browser.cookies.size).toBe(1);
    await browser.post('/auth/logout');
    expect(browser.cookies.size).toBe(0);
  });

  it('refuse a sign-in that does not fit, on a page', async () => {
    const house = await open(store());
    const browser = house.browser();
    issuer.idClaims = { groups: Array.from({ length: 100 }, (_, index) => `a-group-with-a-long-name-${index}`) };
    const answer = await browser.signIn(issuer);
    expect([answer.status, answer.text.includes('<bdi>session_too_large</bdi>')]).toEqual([400, true]);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });

  it('renew nothing unless the provider answers a repeated refresh alike', async () => {
    const house = await open(store());
    const browser = house.browser();
    await browser.signIn(issuer);
    const { token } = (await browser.get('/undecorated')).json;
    clock.pass('6m');
    const before = issuer.hitsOf('/token');
    const answer = await browser.get('/undecorated');
    expect([answer.status, answer.json['token'], issuer.hitsOf('/token') - before]).toEqual([200, undefined, 0]);
    expect(token).toMatch(/^eyJ/);
  });

  it('with that promise they renew once for all requests of a process, and set the new cookie', async () => {
    const house = await open({ store: 'sealed-cookie', refreshGrace: '200ms' });
    const browser = house.browser();
    await browser.signIn(issuer);
    const old = cookieOf(browser);
    clock.pass('6m');
    const before = issuer.hitsOf('/token');
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.ask('/undecorated', { headers: old })));
    // And those that left before the new cookie arrived.
    answers.push(await house.ask('/undecorated', { headers: old }));
    expect(new Set(answers.map(({ json }) => json['token'])).size).toBe(1);
    expect(issuer.hitsOf('/token') - before).toBe(1);
    for (const { headers } of answers) expect(String(headers['set-cookie'])).toMatch(/^__Host-app=(\d\.)?[\w-]{100,}/);
    await browser.get('/undecorated');
    expect(cookieOf(browser)).not.toEqual(old);
    expect((await browser.get('/undecorated')).json['token']).toBe(answers[0]!.json['token']);
  });

  it('are as large after many renewals as after the first', async () => {
    const house = await open({ store: 'sealed-cookie', refreshGrace: '10s' });
    const browser = house.browser();
    await browser.signIn(issuer);
    const sizes: number[] = [];
    for (let renewal = 0; renewal < 8; renewal += 1) {
      clock.pass('6m');
      expect((await browser.get('/undecorated')).json['token']).toMatch(/^eyJ/);
      sizes.push([...browser.cookies].reduce((sum, [name, value]) => sum + name.length + value.length, 0));
    }
    // Numbers and random names in it have not always the same length.
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(100);
  });

  it('die with their access token where the provider is asked', async () => {
    const house = await House.open(issuer, (defaults) => ({
      ...defaults,
      session: { ...defaults.session!, ...store() },
      revocation: { mode: 'introspect' },
    }));
    houses.push(house);
    const browser = house.browser();
    await browser.signIn(issuer);
    const headers = cookieOf(browser);
    const { token } = (await browser.get('/undecorated')).json;
    issuer.revoked.add(String(token));
    clock.pass('1s');
    expect((await house.ask('/session', { headers })).status).toBe(401);
  });
});

describe('cached sessions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(houses.splice(0).map((house) => house.close()));
    await database.drop();
  });
  const store = (): Store => ({ store: 'postgres', url: database.url, cache: '1s' });

  it('are dropped at once by what ends here, and after a second by what ends elsewhere', async () => {
    const [here, there] = [await open(store()), await open(store())];
    const statuses = (headers: [string, string][]) =>
      Promise.all([here, there].map(async (house) => (await house.ask('/session', { headers })).status));
    const browser = here.browser();
    await browser.signIn(issuer);
    const headers = cookieOf(browser);
    expect(await statuses(headers)).toEqual([200, 200]);
    await browser.post('/auth/logout', [fromOwnPage]);
    expect(await statuses(headers)).toEqual([401, 200]);
    clock.pass('1s');
    expect(await statuses(headers)).toEqual([401, 401]);
  });

  it('are not used past their ends, nor with an access token that is about to end', async () => {
    const house = await open({ ...store(), idle: '6m' });
    const browser = house.browser();
    await browser.signIn(issuer);
    const tokens = [
      (await browser.get('/undecorated')).json['token'],
      (await browser.get('/undecorated')).json['token'],
    ];
    expect(tokens[0]).toBe(tokens[1]);
    clock.pass('4m');
    await browser.get('/undecorated');
    clock.pass('55s');
    expect((await browser.get('/undecorated')).json['token']).not.toBe(tokens[0]);
    clock.pass('6m');
    expect((await browser.get('/session')).status).toBe(303);
  });
});
