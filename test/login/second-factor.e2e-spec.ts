import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import { hiddenFields, type LoginHouse, openLoginHouse, type TestBrowser } from '../support/login-house.js';
import { TestClock } from '../support/test-clock.js';

const SESSION = '__Host-gatehouse-session';
const DEVICE = '__Host-gatehouse-device';
const clock = new TestClock();
let testDatabase: TestDatabase;
/** Asks everybody for a second factor who has one. */
let house: LoginHouse;
let alice: string;
let app: TestAuthenticator;
let bobsApp: TestAuthenticator;
let browser: TestBrowser;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  house = await openLoginHouse({ databaseUrl: testDatabase.url, clock });
  alice = (await house.users.add({ username: 'alice', password: 'wonderland' })).sub;
  const bob = await house.users.add({ username: 'bob', password: 'builder' });
  await house.users.add({ username: 'carol', password: 'singer' });
  app = await addAuthenticator(house.totp, clock, alice);
  bobsApp = await addAuthenticator(house.totp, clock, bob.sub);
});
afterAll(async () => {
  await house.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  // Past every code that another test used.
  clock.pass('2m');
  browser = house.browser();
});

/** Name and password; answers the page of the second step. */
async function first(of = browser, username = 'alice', password = 'wonderland') {
  return of.follow(await of.signIn(username, password));
}
const session = (of = browser) => house.sessions.resume(of.cookies.get(SESSION));

describe('whoever has a second factor', () => {
  it('gives it before there is a session; then the session says what was proved', async () => {
    const { page } = await first();
    expect(page).toContain('Confirm it’s you');
    expect(browser.cookies.has(SESSION)).toBe(false);
    const answer = await browser.submit(page, '/login/totp', { code: app.code() });
    expect(answer.headers.get('location')).toBe('/');
    expect(await session()).toMatchObject({
      subject: alice,
      acr: 'urn:gatehouse:mfa',
      amr: ['pwd', 'otp', 'mfa'],
      authenticatedAt: clock.now(),
    });
    expect((await house.audit.recent(alice, 1))[0]).toMatchObject({
      event: 'sign_in',
      detail: { amr: ['pwd', 'otp', 'mfa'], methods: ['password', 'totp'] },
      ip: '127.0.0.1',
    });
  });

  it('is as old as the older proof', async () => {
    const { page } = await first();
    const at = clock.now();
    clock.pass('90s');
    await browser.submit(page, '/login/totp', { code: app.code() });
    expect((await session())!.authenticatedAt).toBe(at);
  });

  it('MF-12 who has none is not asked, and the session claims none', async () => {
    expect((await browser.signIn('carol', 'singer')).headers.get('location')).toBe('/');
    expect(await session()).toMatchObject({ acr: 'urn:gatehouse:pwd', amr: ['pwd'] });
  });

  it('says the same for a wrong code as for a used one, records it, and stays', async () => {
    const { page } = await first();
    await browser.submit(page, '/login/totp', { code: app.code() });
    const again = (await first()).page;
    for (const code of [app.code(), '000000', 'nonsense', '']) {
      const answer = await browser.submit(again, '/login/totp', { code });
      expect([code, answer.status]).toEqual([code, 401]);
      expect(answer.page).toContain('This code is not right, or it was used already.');
    }
    expect(house.log.at(-1)).toMatch(new RegExp(`second factor refused: totp of ${alice} from 127.0.0.1`));
    expect(house.log.join()).not.toContain(app.code());
    expect((await house.audit.recent(alice, 1))[0]).toMatchObject({
      event: 'sign_in_refused',
      detail: { method: 'totp' },
    });
  });

  it('BF-10 cannot be guessed: the eleventh code is not looked at, the right one neither', async () => {
    const { page } = await first();
    const statuses: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      statuses.push((await browser.submit(page, '/login/totp', { code: '000000' })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const answer = await browser.submit(page, '/login/totp', { code: app.code() });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('BF-10 twenty wrong codes from everywhere shut strangers out, not the owner’s own device', async () => {
    const behind = await openLoginHouse({ databaseUrl: testDatabase.url, clock, trustProxy: true });
    try {
      const owner = behind.browser();
      await owner.submit((await first(owner)).page, '/login/totp', { code: app.code() });
      const thief = behind.browser();
      const { page } = await first(thief);
      const guess = (index: number) => {
        thief.headers['x-forwarded-for'] = `203.0.113.${index}`;
        return thief.submit(page, '/login/totp', { code: '000000' });
      };
      for (let index = 0; index < 20; index += 1) expect((await guess(index)).status).toBe(401);
      expect((await guess(21)).status).toBe(429);
      clock.pass('1m');
      const back = await owner.submit((await first(owner)).page, '/login/totp', { code: app.code() });
      expect(back.status).toBe(303);
    } finally {
      await behind.close();
    }
  });

  it('can stand in a recovery code, once, and the session says so', async () => {
    const [code] = await house.database.transaction((tx) => house.recoveryCodes.replace(alice, tx));
    try {
      const { page } = await first();
      expect(page).toContain('Use a recovery code');
      expect((await browser.submit(page, '/login/recovery-code', { code: code! })).status).toBe(303);
      expect(await session()).toMatchObject({ acr: 'urn:gatehouse:mfa', amr: ['pwd', 'recovery', 'mfa'] });
      const again = house.browser();
      const second = await first(again);
      expect((await again.submit(second.page, '/login/recovery-code', { code: code! })).status).toBe(401);
    } finally {
      await house.recoveryCodes.forget(alice);
    }
  });
});

describe('SE-16 MF-13 between the steps there is nobody', () => {
  it('no cookie opens anything, and the start page knows nobody', async () => {
    await first();
    expect(browser.cookies.has(SESSION)).toBe(false);
    expect((await browser.get('/')).page).toContain('You are not signed in');
  });

  it('the second step without the first is an error, by GET and by POST', async () => {
    await browser.get('/login');
    const interaction = await house.interactions.begin(browser.cookies.get('__Host-gatehouse-browser')!, {
      resumePath: '/authorize/resume',
      display: {},
      payload: {},
    });
    for (const path of ['/login/second-factor', `/login/second-factor?interaction=${interaction}`]) {
      expect((await browser.get(path)).status).toBe(400);
    }
    const form = await browser.openForm(interaction);
    const answer = await browser.post('/login/totp', { ...form, code: app.code() });
    expect([answer.status, browser.cookies.has(SESSION)]).toEqual([400, false]);
    const forged = await browser.post('/login/totp', { ...form, attempt: 'x'.repeat(22), code: app.code() });
    expect(forged.status).toBe(403);
  });

  it('a password is no second factor after a password', async () => {
    const { page } = await first();
    const answer = await browser.post('/login', { ...hiddenFields(page), username: 'alice', password: 'wonderland' });
    expect(answer.status).toBe(400);
    expect(browser.cookies.has(SESSION)).toBe(false);
  });

  it('MF-05 another person’s code, and another browser, do not finish it', async () => {
    const { page } = await first();
    expect((await browser.submit(page, '/login/totp', { code: bobsApp.code() })).status).toBe(401);
    const thief = house.browser();
    await thief.get('/login');
    const answer = await thief.submit(page, '/login/totp', { code: app.code() });
    expect([answer.status, thief.cookies.has(SESSION)]).toEqual([403, false]);
  });

  it('AZ-31 beginning again as somebody else makes the earlier form worth nothing', async () => {
    const before = await first();
    const interaction = hiddenFields(before.page)['interaction']!;
    // Bob proves himself in the same sign-in, then alice's second step comes back.
    const bobs = await browser.follow(await browser.signIn('bob', 'builder', interaction));
    const stale = await browser.submit(before.page, '/login/totp', { code: app.code() });
    expect([stale.status, browser.cookies.has(SESSION)]).toEqual([400, false]);
    // And bob's form with alice's attempt in it.
    const mixed = { ...hiddenFields(bobs.page), attempt: hiddenFields(before.page)['attempt']!, code: app.code() };
    expect((await browser.post('/login/totp', mixed)).status).toBe(403);
    expect((await browser.submit(bobs.page, '/login/totp', { code: bobsApp.code() })).status).toBe(303);
    expect((await session())!.subject).not.toBe(alice);
  });

  it('finishes once: of many forms at once one makes a session', async () => {
    const { page } = await first();
    const codes = [app.code(-1), app.code(), app.code(1)];
    const answers = await Promise.all(codes.map((code) => browser.submit(page, '/login/totp', { code })));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  it('lasts ten minutes', async () => {
    const { page } = await first();
    clock.pass('10m');
    expect((await browser.submit(page, '/login/totp', { code: app.code() })).status).toBe(400);
  });

  it('ends when the person is disabled meanwhile', async () => {
    const dave = await house.users.add({ username: 'dave', password: 'diver' });
    const daves = await addAuthenticator(house.totp, clock, dave.sub);
    const { page } = await first(browser, 'dave', 'diver');
    await house.users.disable(dave.sub);
    expect((await browser.submit(page, '/login/totp', { code: daves.code() })).status).toBe(400);
  });
});

describe('secondFactor: always', () => {
  let strict: LoginHouse;
  beforeAll(async () => {
    strict = await openLoginHouse({ databaseUrl: testDatabase.url, clock, secondFactor: 'always' });
  });
  afterAll(() => strict.close());

  it('MF-14: who has none makes one in the middle of the sign-in, and gets recovery codes', async () => {
    const erin = (await strict.users.add({ username: 'erin', password: 'flyer' })).sub;
    browser = strict.browser();
    const { page, headers } = await first(browser, 'erin', 'flyer');
    expect(page).toContain('Set up a second factor');
    expect(headers.get('cache-control')).toBe('no-store');
    const secret = /id="totp-secret">([^<]+)</.exec(page)![1]!.replaceAll(' ', '');
    const phone = new TestAuthenticator(clock, secret);
    const wrong = await browser.submit(page, '/login/enrol', { code: phone.code(9) });
    expect([wrong.status, browser.cookies.has(SESSION)]).toEqual([400, false]);
    expect(wrong.page).toContain(secret.slice(0, 4));
    const done = await browser.submit(wrong.page, '/login/enrol', { code: phone.code() });
    expect(done.page.match(/<code>[0-9A-Z-]{29}<\/code>/g)).toHaveLength(10);
    expect(done.page).toMatch(/<a class="button" id="continue" href="\/"/);
    expect(await session()).toMatchObject({ subject: erin, amr: ['pwd', 'otp', 'mfa'] });
    // MF-14: it is shown at no other time, and cannot be done again.
    expect((await browser.submit(wrong.page, '/login/enrol', { code: phone.code(1) })).page).not.toContain(secret);
    expect(await strict.totp.list(erin)).toHaveLength(1);
    expect((await strict.audit.recent(erin)).map(({ event }) => event)).toEqual([
      'sign_in',
      'credential_added',
      'credential_added',
    ]);
  });

  it('MF-07 who has one gives it, and cannot make another in the middle of a sign-in', async () => {
    browser = strict.browser();
    const { page } = await first();
    expect(page).toContain('Confirm it’s you');
    const { interaction, ...rest } = hiddenFields(page);
    expect((await browser.get(`/login/enrol?interaction=${interaction}`)).status).toBe(400);
    const { secret, ticket } = strict.totp.begin(alice, 'Gatehouse', 'alice');
    const mine = new TestAuthenticator(clock, secret);
    const answer = await browser.post('/login/enrol', {
      ...rest,
      interaction: interaction!,
      ticket,
      code: mine.code(),
    });
    expect([answer.status, browser.cookies.has(SESSION)]).toEqual([400, false]);
    expect(await strict.totp.list(alice)).toHaveLength(1);
  });
});

describe('MF-11 secondFactor: new-device', () => {
  let lenient: LoginHouse;
  beforeAll(async () => {
    lenient = await openLoginHouse({ databaseUrl: testDatabase.url, clock, secondFactor: 'new-device' });
  });
  afterAll(() => lenient.close());

  const asks = async (of: TestBrowser, username = 'alice', password = 'wonderland') =>
    (await of.signIn(username, password)).headers.get('location') !== '/';
  async function trusted() {
    const owner = lenient.browser();
    await owner.submit((await first(owner)).page, '/login/totp', { code: app.code() });
    return owner;
  }

  it('asks once in a browser, and the session that follows claims one factor', async () => {
    const owner = await trusted();
    expect(await asks(owner)).toBe(false);
    expect(await session(owner)).toMatchObject({ amr: ['pwd'] });
    expect(await asks(lenient.browser())).toBe(true);
  });

  it('asks another person, another browser with a cookie that was touched, and after thirty days', async () => {
    const owner = await trusted();
    const thief = lenient.browser();
    const cookie = owner.cookies.get(DEVICE)!;
    thief.cookies.set(DEVICE, `${cookie.slice(0, -2)}AA`);
    expect(await asks(thief)).toBe(true);
    expect(await asks(owner.at(lenient.url), 'bob', 'builder')).toBe(true);
    clock.pass('29d');
    expect(await asks(owner)).toBe(false);
    // Being spared does not prolong it.
    clock.pass('1d');
    expect(await asks(owner)).toBe(true);
  });
});

it('a cookie of the policy enrolled spares nothing', async () => {
  await browser.submit((await first()).page, '/login/totp', { code: app.code() });
  expect((await browser.signIn('alice', 'wonderland')).headers.get('location')).toMatch('/login/second-factor');
});
