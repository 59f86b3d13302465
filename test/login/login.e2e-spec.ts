import { digest } from '../../src/platform/secret.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  countVerifications,
  hiddenFields,
  type LoginHouse,
  openLoginHouse,
  type TestBrowser,
} from '../support/login-house.js';

const SESSION = '__Host-gatehouse-session';
const BROWSER = '__Host-gatehouse-browser';
const DEVICE = '__Host-gatehouse-device';
const MESSAGE = 'The username or the password is not right.';

let testDatabase: TestDatabase;
let house: LoginHouse;
let browser: TestBrowser;
let alice: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  house = await openLoginHouse({
    databaseUrl: testDatabase.url,
    apps: [{ name: 'Portal', url: 'http://localhost:3001/' }],
  });
  alice = (await house.users.add({ username: 'alice', password: 'wonderland', claims: { name: 'Alice Liddell' } })).sub;
  await house.users.add({ username: 'bob', password: 'builder' });
  const carol = await house.users.add({ username: 'carol', password: 'singer' });
  await house.users.disable(carol.sub);
  await house.users.add({ username: 'dave' });
});
afterAll(async () => {
  await house.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  browser = house.browser();
});

function begin(of: TestBrowser): Promise<string> {
  return house.interactions.begin(of.cookies.get(BROWSER)!, {
    resumePath: '/authorize',
    display: { client: { name: 'Portal', logoUrl: 'https://portal.test/logo.png' }, loginHint: 'alice' },
    payload: {},
  });
}

describe('signing in', () => {
  it('starts a session and goes to the start page, which says who it is and leads on and out', async () => {
    const answer = await browser.signIn('alice', 'wonderland');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const { page } = await browser.get('/');
    expect(page).toContain('Alice Liddell');
    expect(page).toContain('http://localhost:3001/');
    expect(page).toMatch(/<form method="post" action="\/logout">/);
    expect(hiddenFields(page)['csrf']).toMatch(/^[\w-]{43}$/);
  });

  it('records who, how, since when and from where; the database holds a digest of the cookie', async () => {
    browser.headers['user-agent'] = 'Test Browser/1';
    await browser.signIn('alice', 'wonderland');
    const id = browser.cookies.get(SESSION)!;
    const session = await house.sessions.resume(id);
    expect(session).toMatchObject({
      subject: alice,
      acr: 'urn:gatehouse:pwd',
      amr: ['pwd'],
      ip: '127.0.0.1',
      userAgent: 'Test Browser/1',
      authenticatedAt: house.clock.now(),
    });
    const rows = await house.database.dataSource.query<{ id_digest: Buffer }[]>(`SELECT * FROM session`);
    expect(rows.some((row) => row.id_digest.equals(digest(id)))).toBe(true);
    expect(JSON.stringify(rows)).not.toContain(id);
  });

  it('sets __Host- cookies only: Secure, HttpOnly, SameSite=Lax, Path=/; and one for a script, worth nothing', async () => {
    const all = (await browser.signIn('alice', 'wonderland')).headers.getSetCookie();
    const cookies = all.filter((cookie) => !/^__Secure-gatehouse-state=[\w-]{43}; Path=\/check-session;/.test(cookie));
    expect(all.length - cookies.length).toBe(1);
    expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual([SESSION, DEVICE, BROWSER]);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
      expect(cookie).not.toMatch(/domain=/i);
    }
  });

  it.each(['ALICE', ' alice ', 'ａｌｉｃｅ', 'ali\u200bce', 'al\u00adice'])('knows alice as %j', async (typed) => {
    expect((await browser.signIn(typed, 'wonderland')).status).toBe(303);
  });

  it.each([
    ['idle', ['8h']],
    ['absolute', ['7h', '7h', '7h', '3h']],
  ] as const)('SE-12: ends after the %s limit', async (_, steps) => {
    await browser.signIn('alice', 'wonderland');
    for (const step of steps) {
      expect((await browser.get('/')).page).toContain('You are signed in');
      house.clock.pass(step);
    }
    expect((await browser.get('/')).page).toContain('You are not signed in');
  });
});

describe('the session id', () => {
  it('SE-03: is a fresh one after sign-in, and an id brought along is worth nothing', async () => {
    browser.cookies.set(SESSION, 'x'.repeat(43));
    await browser.signIn('alice', 'wonderland');
    expect(browser.cookies.get(SESSION)).not.toBe('x'.repeat(43));
    expect(await house.sessions.resume('x'.repeat(43))).toBeUndefined();
  });

  it('SE-02: changes when the same person signs in again; the old one is dead, the sid stays, auth_time is new', async () => {
    await browser.signIn('alice', 'wonderland');
    const before = browser.cookies.get(SESSION)!;
    const earlier = await house.sessions.resume(before);
    house.clock.pass('5m');
    await browser.signIn('alice', 'wonderland');
    const later = await house.sessions.resume(browser.cookies.get(SESSION));
    expect(browser.cookies.get(SESSION)).not.toBe(before);
    expect(await house.sessions.resume(before)).toBeUndefined();
    expect(later!.sid).toBe(earlier!.sid);
    expect(later!.authenticatedAt).toBe(earlier!.authenticatedAt + 300_000);
  });

  it('SE-17: is not shared with the next person at the same browser', async () => {
    await browser.signIn('alice', 'wonderland');
    const before = browser.cookies.get(SESSION)!;
    const earlier = await house.sessions.resume(before);
    await browser.signIn('bob', 'builder');
    expect(await house.sessions.resume(before)).toBeUndefined();
    expect((await house.sessions.resume(browser.cookies.get(SESSION)))!.sid).not.toBe(earlier!.sid);
  });

  it.each([
    ['garbage', `${SESSION}=garbage`],
    ['bad percent-encoding', `${SESSION}=%E0%A4%A`],
    ['prototype keys', `__proto__=1; constructor=2; ${SESSION}=__proto__`],
    ['16 KB', `${SESSION}=${'a'.repeat(15_000)}`],
  ])('SE-08: means nobody when it is %s', async (_, cookie) => {
    const answer = await browser.send('/', { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.page).toContain('You are not signed in');
  });

  it('SE-07: means nobody when it comes twice', async () => {
    await browser.signIn('alice', 'wonderland');
    const cookie = `${SESSION}=${browser.cookies.get(SESSION)}; ${SESSION}=${'x'.repeat(43)}`;
    expect((await browser.send('/', { headers: { cookie } })).page).toContain('You are not signed in');
  });

  it('SE-13: shows nobody on the start page once the person is disabled', async () => {
    const eve = await house.users.add({ username: 'eve', password: 'apple' });
    await browser.signIn('eve', 'apple');
    await house.users.disable(eve.sub);
    expect((await browser.get('/')).page).toContain('You are not signed in');
  });
});

describe('an interaction', () => {
  beforeEach(() => browser.get('/login'));

  it('shows for whom, fills the hint in, and gets the sign-in', async () => {
    const interaction = await begin(browser);
    const shown = await browser.get(`/login?interaction=${interaction}`);
    expect(shown.page).toContain('Portal');
    expect(shown.page).toContain('value="alice"');
    expect(shown.headers.get('content-security-policy')).toContain('https://portal.test');
    const before = browser.cookies.get(BROWSER)!;
    const answer = await browser.signIn('alice', 'wonderland', interaction);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(`/authorize?interaction=${interaction}`);
    expect(browser.cookies.get(BROWSER)).toBe(before);
    const { sid } = (await house.sessions.resume(browser.cookies.get(SESSION)))!;
    expect((await house.interactions.find(interaction, before))!.signedIn).toEqual({
      sid,
      subject: alice,
      authenticatedAt: house.clock.now(),
    });
  });

  it('stays with the form after a wrong password', async () => {
    const interaction = await begin(browser);
    const answer = await browser.signIn('alice', 'wrong', interaction);
    expect(answer.page).toContain('Portal');
    expect(hiddenFields(answer.page)['interaction']).toBe(interaction);
  });

  it.each([
    ['unknown', async () => 'y'.repeat(43)],
    ['not an id', async () => '../../evil'],
    ['empty', async () => ''],
    [
      'another browser’s',
      async () => {
        const other = house.browser();
        await other.get('/login');
        return begin(other);
      },
    ],
    [
      'used up',
      async () => {
        const id = await begin(browser);
        await house.interactions.complete(id, browser.cookies.get(BROWSER)!);
        return id;
      },
    ],
    [
      'expired',
      async () => {
        const id = await begin(browser);
        house.clock.pass('61m');
        return id;
      },
    ],
  ])('that is %s is an error page', async (_, make) => {
    const answer = await browser.get(`/login?interaction=${encodeURIComponent(await make())}`);
    expect(answer.status).toBe(400);
    expect(answer.page).toContain('interaction_expired');
  });

  it('that ends while the form is open is an error page, and starts no session', async () => {
    const interaction = await begin(browser);
    const fields = await browser.openForm(interaction);
    await house.interactions.complete(interaction, browser.cookies.get(BROWSER)!);
    const answer = await browser.post('/login', { ...fields, username: 'alice', password: 'wonderland' });
    expect(answer.status).toBe(400);
    expect(browser.cookies.has(SESSION)).toBe(false);
  });

  it('cannot be swapped in a form that was made for another', async () => {
    const [one, another] = [await begin(browser), await begin(browser)];
    const fields = await browser.openForm(one);
    const answer = await browser.post('/login', {
      ...fields,
      interaction: another,
      username: 'alice',
      password: 'wonderland',
    });
    expect(answer.status).toBe(403);
  });
});

describe('a refused sign-in', () => {
  const causes: [string, string, string][] = [
    ['a wrong password', 'alice', 'wrong'],
    ['an unknown name', 'mallory', 'wonderland'],
    ['a disabled person with the right password', 'carol', 'singer'],
    ['a disabled person with a wrong password', 'carol', 'wrong'],
    ['a person without a password', 'dave', 'anything'],
    ['an empty password', 'alice', ''],
    ['an empty name', '', 'wonderland'],
    ['a password of 10,000 characters', 'alice', 'x'.repeat(10_000)],
    ['a name of 10,000 characters', 'x'.repeat(10_000), 'wonderland'],
    ['a name with a NUL', 'ali\0', 'wonderland'],
    ['a name from the prototype', '__proto__', 'wonderland'],
    ['SQL', `' OR 1=1 --`, 'wonderland'],
  ];

  it.each(causes)('UE-01, UE-08: says the same for %s', async (_, username, password) => {
    const answer = await browser.signIn(username, password);
    expect(answer.status).toBe(401);
    expect(answer.page).toContain(MESSAGE);
    expect(browser.cookies.has(SESSION)).toBe(false);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('UE-01, UE-08: is the same page to the byte, apart from the name typed, the token and the reference', async () => {
    const bare = async (username: string) => {
      const { page, headers } = await house.browser().signIn(username, 'wrong');
      return {
        page: page
          .replaceAll(username, 'NAME')
          .replace(/name="csrf" value="[^"]+"/, '')
          .replace(/<code>[^<]+<\/code>/, ''),
        headers: [...headers.keys()].filter((name) => name !== 'date' && name !== 'content-length'),
      };
    };
    expect(await bare('mallory')).toEqual(await bare('alice'));
    expect(await bare('carol')).toEqual(await bare('alice'));
  });

  it.each(causes.slice(0, 5))(
    'UE-01: does the work of one argon2 verification for %s',
    async (_, username, password) => {
      const count = countVerifications(house);
      await browser.signIn(username, password);
      expect(count()).toBe(1);
    },
  );

  it('HD-13: keeps the typed name in the field, escaped, and out of the log', async () => {
    const typed = `my-secret-pa55"><script>`;
    const before = house.log.length;
    const answer = await browser.signIn(typed, 'oops');
    expect(answer.page).toContain('my-secret-pa55&quot;>');
    expect(answer.page).not.toContain('<script>');
    await browser.signIn('alice', 'hunter2-in-the-log');
    const written = house.log.slice(before).join('\n');
    expect(written).toMatch(/sign-in refused: unknown name, #[0-9a-f]{8} from 127\.0\.0\.1/);
    expect(written).toContain(`sign-in refused: wrong password, ${alice}`);
    expect(written).not.toMatch(/pa55|oops|hunter2/);
  });

  it('leaves an earlier session alone', async () => {
    await browser.signIn('alice', 'wonderland');
    await browser.signIn('alice', 'wrong');
    expect((await browser.get('/')).page).toContain('You are signed in');
  });
});

describe('CSRF', () => {
  const good = { username: 'alice', password: 'wonderland' };
  const cases: [string, () => Promise<number>][] = [
    ['no token', async () => (await browser.post('/login', good)).status],
    ['an empty token', async () => (await browser.post('/login', { ...good, csrf: '' })).status],
    ['a token that was touched', async () => (await browser.post('/login', { ...good, csrf: 'A'.repeat(43) })).status],
    [
      'another browser’s token',
      async () => (await browser.post('/login', { ...good, ...(await house.browser().openForm()) })).status,
    ],
    [
      'the token without its cookie',
      async () => (await house.browser().post('/login', { ...good, ...(await browser.openForm()) })).status,
    ],
    [
      'the token of the sign-out form',
      async () => {
        await browser.signIn('alice', 'wonderland');
        return (await browser.post('/login', { ...good, ...hiddenFields((await browser.get('/')).page) })).status;
      },
    ],
    [
      'a token from before the last sign-in',
      async () => {
        const fields = await browser.openForm();
        await browser.signIn('alice', 'wonderland');
        return (await browser.post('/login', { ...good, ...fields })).status;
      },
    ],
    ...['cross-site', 'same-site', 'none'].map((site): [string, () => Promise<number>] => [
      `Sec-Fetch-Site: ${site}`,
      async () => {
        const fields = await browser.openForm();
        browser.headers = { 'sec-fetch-site': site };
        return (await browser.post('/login', { ...good, ...fields })).status;
      },
    ]),
    ...['https://evil.test', 'null', 'http://127.0.0.1'].map((origin): [string, () => Promise<number>] => [
      `Origin: ${origin}`,
      async () => {
        const fields = await browser.openForm();
        browser.headers = { origin };
        return (await browser.post('/login', { ...good, ...fields })).status;
      },
    ]),
  ];

  it.each(cases)('SE-20: refuses %s', async (_, send) => {
    await browser.get('/login');
    expect(await send()).toBe(403);
  });

  it('takes the form of an old browser that sends the right Origin and no Fetch Metadata', async () => {
    const fields = await browser.openForm();
    browser.headers = { origin: house.url };
    expect((await browser.post('/login', { ...good, ...fields })).status).toBe(303);
  });
});

describe('a malformed request', () => {
  const fields = async (): Promise<Record<string, string>> => ({
    ...(await browser.openForm()),
    username: 'alice',
    password: 'wonderland',
  });

  it.each(['csrf', 'username', 'password', 'interaction'])('with %s twice is refused', async (name) => {
    const pairs = Object.entries({ interaction: 'z', ...(await fields()) });
    const answer = await browser.post('/login', [...pairs, [name, 'again']]);
    expect(answer.status).toBe(400);
    expect(answer.page).toContain(name);
  });

  it.each(['username', 'password'])('without %s is refused', async (name) => {
    const { [name]: _, ...rest } = await fields();
    expect((await browser.post('/login', rest)).status).toBe(400);
  });

  it('with interaction twice in the query is refused', async () => {
    expect((await browser.get('/login?interaction=a&interaction=b')).status).toBe(400);
  });

  it.each(['text/plain', 'application/json'])('SE-21: as %s is refused', async (type) => {
    const json = JSON.stringify(await fields());
    const answer = await browser.send('/login', { method: 'POST', body: json, headers: { 'content-type': type } });
    expect(answer.status).toBe(415);
  });

  it('SE-21: as multipart is refused', async () => {
    const body = new FormData();
    for (const [name, value] of Object.entries(await fields())) body.set(name, value);
    expect((await browser.send('/login', { method: 'POST', body })).status).toBe(415);
  });

  it('with the credentials in the query is not a sign-in', async () => {
    const { csrf } = await fields();
    const answer = await browser.post('/login?username=alice&password=wonderland', {
      csrf: csrf!,
      username: 'x',
      password: '',
    });
    expect(answer.status).toBe(401);
    expect((await browser.get('/login?username=alice&password=wonderland')).status).toBe(200);
    expect(browser.cookies.has(SESSION)).toBe(false);
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('by %s is refused', async (method) => {
    expect([404, 405]).toContain((await browser.send('/login', { method })).status);
  });

  it('SE-23: cannot smuggle another method in', async () => {
    const answer = await browser.send('/login', { headers: { 'x-http-method-override': 'POST' } });
    expect(answer.status).toBe(200);
    expect((await browser.post('/login?_method=GET', { ...(await fields()), _method: 'GET' })).status).toBe(303);
  });
});

it('SE-26: cannot be framed, stored or scripted, on any of its pages', async () => {
  const pages = [
    await browser.get('/login'),
    await browser.get('/'),
    await browser.get('/login?interaction=x'),
    await browser.signIn('alice', 'wrong'),
    await browser.post('/login', {}),
  ];
  for (const { headers } of pages) {
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

it('replaces a hash of another strength at the next sign-in', async () => {
  const { hash } = await import('@node-rs/argon2');
  const frank = await house.users.add({ username: 'frank', password: 'x' });
  const old = await hash('weak but mine', { memoryCost: 8192, timeCost: 1 });
  await house.database.dataSource.query(`UPDATE gatehouse_user SET password_hash = $2 WHERE id = $1`, [frank.sub, old]);
  expect((await browser.signIn('frank', 'weak but mine')).status).toBe(303);
  const { passwordHash } = (await house.users.findByUsername('frank'))!;
  expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await house.browser().signIn('frank', 'weak but mine')).status).toBe(303);
});

it('BF-19: takes a password in NFC and NFD as the same', async () => {
  await house.users.add({ username: 'grace', password: 'caf\u00e9' });
  expect((await browser.signIn('grace', 'cafe\u0301')).status).toBe(303);
});

it('answers 500 with a reference and no detail when the database fails, and lets nobody in', async () => {
  const fields = await browser.openForm();
  await house.database.dataSource.query('ALTER TABLE gatehouse_user RENAME TO gone');
  try {
    const answer = await browser.post('/login', { ...fields, username: 'alice', password: 'wonderland' });
    expect(answer.status).toBe(500);
    expect(answer.page).toContain('server_error');
    expect(answer.page).not.toMatch(/gatehouse_user|relation|\.js|\bat\b .*:\d+/);
    expect(house.log.at(-1)).toContain('gatehouse_user');
  } finally {
    await house.database.dataSource.query('ALTER TABLE gone RENAME TO gatehouse_user');
  }
});

describe('a browser that is signed in, at a sign-in that is over', () => {
  const NAVIGATION = { 'sec-fetch-dest': 'document' };

  it('goes to where it is: from another tab, and by the back button', async () => {
    const otherTab = { ...(await browser.openForm()), username: 'bob', password: 'builder' };
    await browser.signIn('alice', 'wonderland');
    Object.assign(browser.headers, NAVIGATION);
    const posted = await browser.post('/login', otherTab);
    expect([posted.status, posted.headers.get('location'), posted.headers.getSetCookie()]).toEqual([303, '/', []]);
    expect((await browser.get('/')).page).toContain('Alice Liddell');
    const back = await browser.get('/login?interaction=finished');
    expect([back.status, back.headers.get('location')]).toEqual([303, '/']);
  });

  it.each([
    ['a program', {}],
    ['another site', { ...NAVIGATION, 'sec-fetch-site': 'cross-site' }],
    ['a sibling', { ...NAVIGATION, 'sec-fetch-site': 'same-site' }],
  ])('is refused when %s sends the form', async (_, headers) => {
    const otherTab = { ...(await browser.openForm()), username: 'bob', password: 'builder' };
    await browser.signIn('alice', 'wonderland');
    Object.assign(browser.headers, headers);
    expect((await browser.post('/login', otherTab)).status).toBe(403);
  });

  it('is told what is wrong, and where to begin again, when nobody is signed in', async () => {
    Object.assign(browser.headers, NAVIGATION);
    for (const answer of [
      await browser.get('/login?interaction=finished'),
      await browser.post('/login', { csrf: 'x', username: 'alice', password: 'wonderland' }),
    ]) {
      expect([400, 403]).toContain(answer.status);
      expect(answer.page).toContain('<a class="button" href="/login">Back to sign-in</a>');
    }
  });
});

describe('on Express', () => {
  let express: LoginHouse;
  beforeAll(async () => {
    express = await openLoginHouse({ databaseUrl: testDatabase.url, host: 'express' });
  });
  afterAll(() => express.close());

  it('signs in', async () => {
    const person = express.browser();
    expect((await person.signIn('alice', 'wonderland')).status).toBe(303);
    expect((await person.get('/')).page).toContain('Alice Liddell');
  });

  it('refuses a wrong password, a repeated field, a nested field, JSON and a foreign form', async () => {
    const person = express.browser();
    expect((await person.signIn('alice', 'wrong')).status).toBe(401);
    const good = { ...(await person.openForm()), username: 'alice', password: 'wonderland' };
    expect((await person.post('/login', [...Object.entries(good), ['username', 'bob']])).status).toBe(400);
    const { username, ...rest } = good;
    expect((await person.post('/login', { ...rest, 'username[a]': username })).status).toBe(400);
    expect((await person.post('/login', { ...good, csrf: 'x' })).status).toBe(403);
    const headers = { 'content-type': 'application/json' };
    expect((await person.send('/login', { method: 'POST', body: JSON.stringify(good), headers })).status).toBe(415);
  });
});
