import { request } from 'node:http';
import { jest } from '@jest/globals';
import { SmtpTransport } from '../../src/platform/mail/smtp-transport.js';
import { addAuthenticator } from '../support/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { hiddenFields, type LoginHouse, openLoginHouse, type TestBrowser } from '../support/login-house.js';
import { type Letter, Mailbox, pathIn, urlIn } from '../support/mailbox.js';
import { TestClock } from '../support/test-clock.js';

const SESSION = '__Host-gatehouse-session';
const PASSWORD = 'seven lonely teapots';
const METHODS = ['password', 'totp', 'recovery-code', 'magic-link', 'email-code'];
const clock = new TestClock();
const mailbox = new Mailbox();
let testDatabase: TestDatabase;
let house: LoginHouse;
let browser: TestBrowser;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  house = await openLoginHouse({
    databaseUrl: testDatabase.url,
    clock,
    methods: METHODS,
    signUp: true,
    mail: new SmtpTransport(await mailbox.open(), 'Gatehouse <no-reply@id.test>'),
  });
  const person = (username: string, more: object = {}) =>
    house.users.add({
      username,
      password: 'an old password',
      claims: { name: username, email: `${username}@mail.test`, email_verified: true, ...more },
    });
  await person('alice');
  await person('mallory', { email: 'mallory@evil.test' });
  await person('unproved', { email_verified: false });
  const disabled = await person('disabled');
  await house.users.disable(disabled.sub);
  await house.users.add({ username: 'keyless', claims: { email: 'keyless@mail.test', email_verified: true } });
});
afterAll(async () => {
  await house.close();
  await mailbox.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  await house.database.dataSource.query('DELETE FROM mail');
  mailbox.letters.length = 0;
  clock.pass('2m');
  browser = house.browser();
});

/** Asks for a mail on one of the pages; answers the page that is the same for everybody. */
async function ask(path: string, typed: string, of = browser, headers: Record<string, string> = {}) {
  const { page } = await of.get(path);
  const field = path.startsWith('/login/sign-up') ? 'email' : 'username';
  Object.assign(of.headers, headers);
  return of.submit(page, path.split('?')[0]!, { [field]: typed });
}
/** The same, and the one mail that comes of it. */
async function mailed(path: string, typed: string, of = browser): Promise<Letter> {
  await house.settled();
  mailbox.letters.length = 0;
  await ask(path, typed, of);
  await house.settled();
  expect(mailbox.letters).toHaveLength(1);
  return mailbox.next();
}
/** Sends a form of the browser's with what `fetch` does not let one say; answers the status. */
function postRaw(target: string, headers: Record<string, string>, form: string): Promise<number | undefined> {
  const { hostname, port } = new URL(house.url);
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const type = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, path: target, method: 'POST', headers: { ...type, cookie, ...headers } };
    request(options, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end(form);
  });
}
const nobodyIsWritten = async () => {
  await house.settled();
  expect(mailbox.letters).toEqual([]);
};
/** Opens a mail's link as a browser does: out of the URL, into the page. */
async function open(path: string, of = browser) {
  const first = await of.get(path);
  return first.headers.has('location') ? of.follow(first) : first;
}
const session = (of = browser) => house.sessions.resume(of.cookies.get(SESSION));
const REQUESTS = ['/login/forgot-password', '/login/magic-link', '/login/email-code', '/login/sign-up'];

describe.each(REQUESTS)('%s', (path) => {
  it('UE-03 UE-04 UE-06 is the same page for everybody, and sends before nobody it should not', async () => {
    const bare = async (typed: string) => {
      const { status, page, headers } = await ask(path, typed, house.browser());
      const names = [...headers.keys()].filter((name) => name !== 'date' && name !== 'content-length');
      const blind = page.replaceAll(/(name="(?:csrf|ticket)" value=")[^"]+/g, '$1').replaceAll(typed, '');
      return { status, page: blind, names };
    };
    const known = await bare('alice@mail.test');
    expect(known.status).toBe(200);
    for (const typed of ['nobody@mail.test', 'disabled@mail.test', 'unproved@mail.test', 'keyless@mail.test']) {
      expect([typed, await bare(typed)]).toEqual([typed, known]);
    }
  });

  it('UE-03 looks nobody up before it has answered', async () => {
    // What the requests before this one began is not counted.
    await house.settled();
    const find = jest.spyOn(house.users, 'findByUsername');
    const before = house.clock.now();
    const answered = ask(path, 'alice@mail.test');
    const { status } = await answered;
    expect([status, before]).toEqual([200, house.clock.now()]);
    await house.settled();
    expect(find).toHaveBeenCalledTimes(1);
    find.mockRestore();
  });

  it('PR-13 takes one address, once', async () => {
    const { page } = await browser.get(path);
    const field = path === '/login/sign-up' ? 'email' : 'username';
    const fields = Object.entries(hiddenFields(page));
    const twice = await browser.post(path, [...fields, [field, 'alice@mail.test'], [field, 'mallory@evil.test']]);
    expect(twice.status).toBe(400);
    for (const typed of [
      'alice@mail.test,mallory@evil.test',
      'alice@mail.test\r\nBcc: mallory@evil.test',
      '"a b"@mail.test',
      'alice@mail.test%0d%0aBcc:mallory@evil.test',
    ]) {
      await ask(path, typed);
    }
    const listed = await browser.post(path, [...fields, [`${field}[]`, 'alice@mail.test']]);
    const body = JSON.stringify({ ...Object.fromEntries(fields), [field]: ['alice@mail.test', 'mallory@evil.test'] });
    const json = await browser.send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect([listed.status, json.status >= 400 && json.status < 500]).toEqual([400, true]);
    await nobodyIsWritten();
  });

  it('UE-03 finds nobody by anything but name and address', async () => {
    const { user } = (await house.users.findByUsername('alice'))!;
    const { page } = await browser.get(path);
    const field = path === '/login/sign-up' ? 'email' : 'username';
    const others: Record<string, string>[] = [{}, { userId: user.sub, sub: user.sub, user: 'alice', id: user.sub }];
    for (const more of others) await browser.submit(page, path, { [field]: user.sub, ...more });
    await nobodyIsWritten();
  });

  it('PR-14 PR-17 writes to nobody who only looks like somebody, and follows no URL that it is given', async () => {
    const looks = ['alice＠mail.test', 'аlice@mail.test', 'alice@mail.test.', 'alice@mаil.test', 'alice@[127.0.0.1]'];
    for (const typed of looks) await ask(path, typed);
    await house.settled();
    for (const { recipients } of mailbox.letters) {
      // A domain of other letters is another domain, which may sign up.
      expect(recipients[0]).toMatch(/xn--|mаil/);
    }
    const answer = await browser.get(`${path}?next=https://evil.test&return_to=//evil.test`);
    expect(answer.page).not.toContain('evil.test');
  });

  it.each([
    ['X-Forwarded-Host', { 'x-forwarded-host': 'evil.test' }],
    ['Forwarded', { forwarded: 'host=evil.test;proto=https' }],
    ['X-Host', { 'x-host': 'evil.test' }],
    ['X-Original-Host', { 'x-original-host': 'evil.test' }],
    ['X-Forwarded-Proto and -Prefix', { 'x-forwarded-proto': 'gopher', 'x-forwarded-prefix': '/evil' }],
  ])('PR-01 makes links from the issuer alone: %s', async (_, headers) => {
    await ask(path, path === '/login/sign-up' ? 'new@mail.test' : 'alice', browser, headers as Record<string, string>);
    await house.settled();
    const letter = await mailbox.next();
    expect(letter.raw).not.toContain('evil');
    if (path !== '/login/email-code') expect(urlIn(letter).origin).toBe(house.url);
  });

  it.each([
    ['Host', path],
    ['the request line', `http://evil.test${path}`],
  ])('PR-01 makes links from the issuer alone: %s', async (_, target) => {
    const { page } = await browser.get(path);
    const [field, typed] = path === '/login/sign-up' ? ['email', 'new@mail.test'] : ['username', 'alice'];
    const form = new URLSearchParams({ ...hiddenFields(page), [field!]: typed! }).toString();
    expect(await postRaw(target, { host: 'evil.test' }, form)).toBe(200);
    await house.settled();
    const letter = await mailbox.next();
    expect(letter.raw).not.toContain('evil');
    if (path !== '/login/email-code') expect(urlIn(letter).origin).toBe(house.url);
  });

  it('sends a few mails to one account, and says nothing of it; too many from one network are refused', async () => {
    for (let count = 0; count < 7; count += 1) expect((await ask(path, 'alice@mail.test')).status).toBe(200);
    await house.settled();
    expect(mailbox.letters).toHaveLength(5);
    await house.database.dataSource.query('DELETE FROM rate_limit');
    const tight = await openLoginHouse({
      databaseUrl: testDatabase.url,
      methods: METHODS,
      signUp: true,
      mail: 'outbox',
      throttle: { mailsPerNetwork: 2 },
    });
    const far = tight.browser();
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await ask(path, `who${count}@mail.test`, far)).status);
    await tight.close();
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('a mail', () => {
  it('is plain and HTML, from whom it should be, and needs nothing from elsewhere', async () => {
    const letter = await mailed('/login/magic-link', 'alice');
    expect(letter.recipients).toEqual(['alice@mail.test']);
    expect(letter.headers).toMatchObject({
      from: 'Gatehouse <no-reply@id.test>',
      to: 'alice@mail.test',
      subject: 'Sign in to Gatehouse',
      'auto-submitted': 'auto-generated',
    });
    expect(letter.text).toContain('Hello alice,');
    expect(letter.html).toContain(`href="${urlIn(letter).href}"`);
    expect(letter.html).not.toMatch(/<img|<script|<link|url\(/);
  });

  it('PR-18 IJ-20 shows what people call themselves as text, of one line', async () => {
    const name = `<a href="https://evil.test">Win</a>\r\nBcc: x@evil.test\r\n\r\n${'long '.repeat(100)}`;
    await house.users.add({
      username: 'odd',
      password: 'an old password',
      claims: { name, email: 'odd@mail.test', email_verified: true },
    });
    const letter = await mailed('/login/magic-link', 'odd');
    expect(letter.recipients).toEqual(['odd@mail.test']);
    expect(letter.headers).not.toHaveProperty('bcc');
    expect(letter.html).not.toContain('<a href="https://evil.test"');
    expect(letter.html).toContain('&lt;a href=');
    expect(letter.text.split('\n')[0]!.length).toBeLessThan(80);
  });

  it('is tried again when the server refuses it, and waits sealed until then', async () => {
    mailbox.refusals = 1;
    await ask('/login/magic-link', 'alice');
    await house.settled();
    expect(mailbox.letters).toEqual([]);
    const [row] = await house.database.dataSource.query<{ sealed: Buffer }[]>('SELECT * FROM mail');
    expect(row!.sealed.toString('latin1')).not.toMatch(/alice|token|magic/);
    clock.pass('10s');
    await house.mails.deliver();
    expect(mailbox.letters).toHaveLength(1);
    expect(await house.database.dataSource.query('SELECT * FROM mail')).toEqual([]);
  });

  it('is sent once by two processes, and not when its link is dead', async () => {
    mailbox.refusals = 1;
    await ask('/login/magic-link', 'alice');
    await house.settled();
    clock.pass('16m');
    await house.mails.deliver();
    expect(mailbox.letters).toEqual([]);
    await ask('/login/magic-link', 'alice');
    await Promise.all([house.settled(), house.mails.deliver(), house.mails.deliver()]);
    await house.settled();
    expect(mailbox.letters).toHaveLength(1);
  });
});

describe('a magic link', () => {
  const page = async (letter: Letter, of = browser) => open(pathIn(letter), of);

  it('signs in by a button, in the browser that asked; the session says how', async () => {
    const letter = await mailed('/login/magic-link', 'ALICE');
    const shown = await page(letter);
    expect(shown.page).toContain('sign in as <bdi>alice</bdi>');
    expect(browser.cookies.has(SESSION)).toBe(false);
    const answer = await browser.submit(shown.page, '/login/magic-link/open');
    expect(answer.headers.get('location')).toBe('/');
    expect(await session()).toMatchObject({ acr: 'urn:gatehouse:email', amr: ['email'] });
  });

  it('PR-16 leaves the URL at once, and no page or header passes it on', async () => {
    const letter = await mailed('/login/magic-link', 'alice');
    const first = await browser.get(pathIn(letter));
    expect([first.status, first.headers.get('location')]).toEqual([303, '/login/magic-link/open']);
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    expect(first.headers.getSetCookie()[0]).toMatch(
      /^__Host-gatehouse-link=[\w-]{43}; .*HttpOnly; Secure; SameSite=Lax/,
    );
    const second = await browser.follow(first);
    expect(second.headers.get('referrer-policy')).toBe('no-referrer');
    expect(second.page).not.toContain(urlIn(letter).searchParams.get('token'));
  });

  it('PR-08 is not spent by whoever only opens it', async () => {
    const letter = await mailed('/login/magic-link', 'alice');
    for (let count = 0; count < 5; count += 1) {
      const scanner = house.browser();
      await scanner.send(pathIn(letter), { method: count % 2 ? 'GET' : 'HEAD' });
      expect(scanner.cookies.has(SESSION)).toBe(false);
    }
    const shown = await page(letter);
    expect((await browser.submit(shown.page, '/login/magic-link/open')).status).toBe(303);
  });

  it('PR-09 does nothing in another browser: nobody is signed in to what somebody else began', async () => {
    const letter = await mailed('/login/magic-link', 'alice');
    const victim = house.browser();
    await victim.get('/login');
    const shown = await page(letter, victim);
    expect([shown.status, shown.page.includes('other_browser')]).toEqual([400, true]);
    const form = await victim.openForm();
    victim.cookies.set('__Host-gatehouse-link', urlIn(letter).searchParams.get('token')!);
    expect((await victim.post('/login/magic-link/open', form)).status).toBe(400);
    expect(victim.cookies.has(SESSION)).toBe(false);
    // And it is there still for the browser that asked.
    expect((await browser.submit((await page(letter)).page, '/login/magic-link/open')).status).toBe(303);
  });

  it('PR-03 counts once, of many at once and afterwards', async () => {
    const letter = await mailed('/login/magic-link', 'alice');
    const { page: shown } = await page(letter);
    const twins = Array.from({ length: 10 }, () => browser.at(house.url));
    const race = await Promise.all(twins.map((twin) => twin.submit(shown, '/login/magic-link/open')));
    expect(race.filter(({ status }) => status === 303)).toHaveLength(1);
    expect((await page(letter)).status).toBe(400);
  });

  it('PR-05 PR-06 dies after a quarter of an hour, and with the next one', async () => {
    const first = await mailed('/login/magic-link', 'alice');
    const second = await mailed('/login/magic-link', 'alice');
    expect((await page(first)).status).toBe(400);
    const { page: shown } = await page(second);
    clock.pass('15m');
    expect((await page(second)).status).toBe(400);
    expect((await browser.submit(shown, '/login/magic-link/open')).status).toBe(400);
  });

  it('belongs to the sign-in that it was asked for', async () => {
    await browser.get('/login');
    const begin = () =>
      house.interactions.begin(browser.cookies.get('__Host-gatehouse-browser')!, {
        resumePath: '/authorize/resume',
        display: {},
        payload: {},
      });
    const [one, other] = [await begin(), await begin()];
    const letter = await mailed(`/login/magic-link?interaction=${one}`, 'alice');
    expect((await page(letter)).page).toContain(`value="${one}"`);
    const foreign = await browser.openForm(other);
    expect((await browser.post('/login/magic-link/open', foreign)).status).toBe(400);
  });

  it('asks for the second factor all the same', async () => {
    const { sub } = await house.users.add({
      username: 'careful',
      claims: { email: 'careful@mail.test', email_verified: true },
    });
    const app = await addAuthenticator(house.totp, clock, sub);
    const { page: shown } = await page(await mailed('/login/magic-link', 'careful'));
    const answer = await browser.submit(shown, '/login/magic-link/open');
    expect(browser.cookies.has(SESSION)).toBe(false);
    await browser.submit((await browser.follow(answer)).page, '/login/totp', { code: app.code() });
    expect(await session()).toMatchObject({ amr: ['email', 'otp', 'mfa'] });
  });
});

describe('a code by mail', () => {
  const codeIn = ({ text }: Letter) => /\n(\d{4} \d{4})\n/.exec(text)![1]!;
  async function asked(typed = 'alice') {
    const { page } = await ask('/login/email-code', typed);
    await house.settled();
    return page;
  }

  it('signs in where it was asked for; MF-15 it is in the mail alone', async () => {
    const before = house.log.length;
    const page = await asked();
    const code = codeIn(await mailbox.next());
    expect(page).not.toContain(code.slice(0, 4));
    const answer = await browser.submit(page, '/login/email-code/enter', { code });
    expect(answer.status).toBe(303);
    expect(await session()).toMatchObject({ acr: 'urn:gatehouse:email', amr: ['email'] });
    expect(house.log.slice(before).join()).not.toContain(code.replace(' ', ''));
    const rows = await house.database.dataSource.query('SELECT detail FROM audit_event');
    expect(JSON.stringify(rows)).not.toContain(code.replace(' ', ''));
    expect((await browser.submit(page, '/login/email-code/enter', { code })).status).not.toBe(303);
  });

  it('BF-10 counts five tries, then the right one is dead too', async () => {
    const page = await asked();
    const code = codeIn(await mailbox.next());
    for (let count = 0; count < 5; count += 1) {
      expect((await browser.submit(page, '/login/email-code/enter', { code: '00000000' })).status).toBe(401);
    }
    expect((await browser.submit(page, '/login/email-code/enter', { code })).status).toBe(401);
  });

  it('is of no use in another browser, after ten minutes, or for somebody who has none', async () => {
    const page = await asked();
    const code = codeIn(await mailbox.next());
    const thief = house.browser();
    const { csrf } = await thief.openForm();
    const theirs = { ...hiddenFields(page), csrf: csrf!, code };
    expect((await thief.post('/login/email-code/enter', theirs)).status).toBe(401);
    clock.pass('10m');
    expect((await browser.submit(page, '/login/email-code/enter', { code })).status).toBe(401);
    const nobodys = await asked('nobody');
    expect((await browser.submit(nobodys, '/login/email-code/enter', { code: '00000000' })).status).toBe(401);
  });

  it('PR-03 counts once of many at once', async () => {
    const page = await asked();
    const code = codeIn(await mailbox.next());
    const twins = Array.from({ length: 5 }, () => browser.at(house.url));
    const race = await Promise.all(twins.map((twin) => twin.submit(page, '/login/email-code/enter', { code })));
    expect(race.filter(({ status }) => status === 303)).toHaveLength(1);
  });
});

describe('a forgotten password', () => {
  let count = 0;
  async function somebody() {
    const username = `person${++count}`;
    const email = `${username}@mail.test`;
    const claims = { email, email_verified: true };
    const { sub } = await house.users.add({ username, password: 'an old password', claims });
    return { username, sub, email };
  }
  const shownFor = async (username: string) => open(pathIn(await mailed('/login/forgot-password', username)));
  const set = (page: string, password = PASSWORD) =>
    browser.submit(page, '/login/reset-password', { 'new-password': password });

  it('is replaced by the link’s page; every session ends, nobody is signed in, the owner is told', async () => {
    const { username, sub, email } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, 'an old password');
    const { page } = await shownFor(email);
    expect(page).toContain(`value="${username}"`);
    const done = await set(page);
    expect([done.status, done.page.includes('Your password is new')]).toEqual([200, true]);
    expect(browser.cookies.has(SESSION)).toBe(false);
    expect(await session(elsewhere)).toBeUndefined();
    expect((await house.browser().signIn(username, 'an old password')).status).toBe(401);
    expect((await house.browser().signIn(username, PASSWORD)).status).toBe(303);
    await house.settled();
    expect((await mailbox.next()).headers['subject']).toContain('Your password was changed');
    const events = (await house.audit.recent(sub)).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['password_changed', 'password_reset_requested']));
  });

  it('PR-17 stays on this site whatever the request line says', async () => {
    const path = pathIn(await mailed('/login/forgot-password', 'alice'));
    const { hostname, port } = new URL(house.url);
    const location = await new Promise((resolve, reject) => {
      const options = { host: hostname, port, path: `http://evil.test${path}` };
      const sent = request(options, (response) => resolve(response.resume().headers.location));
      sent.on('error', reject).end();
    });
    expect(location).toBe('/login/reset-password');
  });

  it('PR-02 is reached by no other way: no link, no page, no change', async () => {
    const { username } = await somebody();
    expect((await browser.get('/login/reset-password')).status).toBe(400);
    await ask('/login/forgot-password', username);
    expect((await browser.get('/login/reset-password')).status).toBe(400);
    const form = hiddenFields((await browser.get('/login/forgot-password')).page);
    for (const fields of [{}, form, { ...form, 'new-password': PASSWORD }]) {
      expect((await browser.post('/login/reset-password', fields)).status).toBeGreaterThanOrEqual(400);
    }
    for (const token of ['', 'x', 'x'.repeat(43), '../../x']) {
      expect((await open(`/login/reset-password?token=${encodeURIComponent(token)}`)).status).toBe(400);
    }
    expect((await house.browser().signIn(username, 'an old password')).status).toBe(303);
  });

  it('PR-03 PR-05 PR-06 the link counts once, for half an hour, and until the next one', async () => {
    const { username } = await somebody();
    const first = pathIn(await mailed('/login/forgot-password', username));
    const second = pathIn(await mailed('/login/forgot-password', username));
    expect((await open(first)).status).toBe(400);
    const { page } = await open(second);
    const twins = Array.from({ length: 5 }, () => browser.at(house.url));
    const race = await Promise.all(
      twins.map((twin) => twin.submit(page, '/login/reset-password', { 'new-password': PASSWORD })),
    );
    expect(race.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await open(second)).status).toBe(400);
    const third = await shownFor(username);
    clock.pass('30m');
    expect((await set(third.page)).status).toBe(400);
  });

  it('PR-07 the link is for one account, while it has the address that the link went to', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const { page } = await shownFor(one.username);
    const answer = await browser.submit(page, '/login/reset-password', {
      'new-password': PASSWORD,
      username: other.username,
      userId: other.sub,
    });
    expect(answer.status).toBe(200);
    expect((await house.browser().signIn(other.username, 'an old password')).status).toBe(303);
    const link = pathIn(await mailed('/login/forgot-password', other.username));
    await house.database.transaction((tx) => house.users.setEmail(other.sub, 'moved@mail.test', tx));
    expect((await open(link)).status).toBe(400);
  });

  it('PR-08 is not spent by a look, and a password that is refused does not spend it', async () => {
    const { username } = await somebody();
    const link = pathIn(await mailed('/login/forgot-password', username));
    await house.browser().get(link);
    const { page } = await open(link);
    for (const weak of ['short', 'passwordpassword', `${username}${username}x`]) {
      expect((await set(page, weak)).status).toBe(400);
    }
    expect((await set(page)).status).toBe(200);
  });

  it('PR-23 somebody without one gets a mail, but no password', async () => {
    const letter = await mailed('/login/forgot-password', 'keyless');
    expect(letter.text).toContain('It has none');
    expect(letter.text).not.toContain('token=');
    expect((await house.users.findByUsername('keyless'))!.passwordHash).toBeUndefined();
  });

  it('writes to nobody who is disabled, or whose address is not proved', async () => {
    await ask('/login/forgot-password', 'disabled');
    await ask('/login/forgot-password', 'unproved');
    await nobodyIsWritten();
  });

  it('does not spare the second factor, and ends the trust in devices', async () => {
    const { username, sub } = await somebody();
    const app = await addAuthenticator(house.totp, clock, sub);
    await set((await shownFor(username)).page);
    const answer = await browser.signIn(username, PASSWORD);
    expect(answer.headers.get('location')).toMatch('/login/second-factor');
    expect(browser.cookies.has(SESSION)).toBe(false);
    await browser.submit((await browser.follow(answer)).page, '/login/totp', { code: app.code() });
    expect(browser.cookies.has(SESSION)).toBe(true);
    const [row] = await house.database.dataSource.query('SELECT not_before FROM device_trust WHERE subject = $1', [
      sub,
    ]);
    expect(Number(row.not_before)).toBe(clock.now());
  });

  it('UE-14 tokens are looked up by digest', async () => {
    const { username } = await somebody();
    const token = urlIn(await mailed('/login/forgot-password', username)).searchParams.get('token')!;
    const rows = await house.database.dataSource.query('SELECT * FROM one_time_token');
    expect(JSON.stringify(rows)).not.toContain(token);
  });
});

describe('signing up', () => {
  const complete = (page: string, fields: Record<string, string>) =>
    browser.submit(page, '/login/sign-up/complete', { name: '', 'new-password': PASSWORD, ...fields });

  it('proves the address first, then makes the account and signs in', async () => {
    expect((await browser.get('/login')).page).toContain('Create an account');
    const letter = await mailed('/login/sign-up', 'Nina@Mail.test');
    const { page } = await open(pathIn(letter));
    expect(page).toContain('Nina@Mail.test');
    const answer = await complete(page, { username: 'nina', name: 'Nina Novak' });
    expect(answer.headers.get('location')).toBe('/');
    const { user } = (await house.users.findByUsername('NINA@mail.TEST'))!;
    expect(user).toMatchObject({
      username: 'nina',
      claims: { name: 'Nina Novak', email: 'Nina@Mail.test', email_verified: true, preferred_username: 'nina' },
      roles: [],
    });
    expect(await session()).toMatchObject({ subject: user.sub, amr: ['email'] });
    expect((await house.browser().signIn('nina@mail.test', PASSWORD)).status).toBe(303);
    expect((await open(pathIn(letter))).status).toBe(400);
  });

  it.each([
    ['a NUL', 'a\0b', 'a b'],
    ['what turns the line around', '\u202egro.elpmaxe', 'gro.elpmaxe'],
    ['a character that would be cut in two', `${'x'.repeat(199)}\u{1f600}y`, `${'x'.repeat(199)}…`],
    ['nothing that can be seen', '\u200b', undefined],
  ])('IJ-19 keeps a name of one line, all of which can be seen, of one with %s', async (_, typed, kept) => {
    const username = `sam${typed.length}`;
    const { page } = await open(pathIn(await mailed('/login/sign-up', `${username}@mail.test`)));
    expect((await complete(page, { username, name: typed })).status).toBe(303);
    expect((await house.users.findByUsername(username))!.user.claims['name']).toBe(kept);
  });

  it('UE-04 tells whoever has an account, in their mailbox alone', async () => {
    const letter = await mailed('/login/sign-up', 'ALICE@mail.test');
    expect(letter.recipients).toEqual(['alice@mail.test']);
    expect(letter.text).toContain('There is one already');
    expect(letter.text).not.toContain('token=');
  });

  it('UN-01 UN-02 UN-04 UN-07 refuses names that are taken, reserved, look-alikes or addresses, and keeps the form', async () => {
    const { page } = await open(pathIn(await mailed('/login/sign-up', 'olga@mail.test')));
    for (const username of [
      'ALICE',
      'admin',
      'аlice',
      'a\u200blice',
      'alice@mail.test',
      '__proto__',
      '',
      'x'.repeat(65),
    ]) {
      const answer = await complete(page, { username, name: 'Olga' });
      expect([username, answer.status]).toEqual([username, 400]);
      expect(answer.page).toContain('value="Olga"');
    }
    expect((await complete(page, { username: 'olga', 'new-password': 'olgaolgaolgaolga' })).status).toBe(400);
    expect((await complete(page, { username: 'olga' })).status).toBe(303);
  });

  it('UN-01 PR-03 makes one account of many at once: by one link, of one name, of one address', async () => {
    const [one, two] = [
      await mailed('/login/sign-up', 'pia@mail.test'),
      await mailed('/login/sign-up', 'pia2@mail.test'),
    ];
    const { page } = await open(pathIn(one));
    const other = house.browser();
    const { page: others } = await open(pathIn(two), other);
    const send = (of: TestBrowser, form: string, username: string) =>
      of.submit(form, '/login/sign-up/complete', { username, name: '', 'new-password': PASSWORD });
    const race = await Promise.all([
      send(browser.at(house.url), page, 'pia'),
      send(browser.at(house.url), page, 'pia'),
      send(other, others, 'PIA'),
    ]);
    expect(race.filter(({ status }) => status === 303)).toHaveLength(1);
    const rows = await house.database.dataSource.query(`SELECT * FROM gatehouse_user WHERE username_canonical = 'pia'`);
    expect(rows).toHaveLength(1);
  });

  it('refuses what is no address', async () => {
    for (const typed of [
      'x',
      'x@',
      '@x.test',
      'a b@x.test',
      'x@localhost',
      'a@b.test, c@d.test',
      `${'x'.repeat(65)}@x.test`,
    ]) {
      const { page } = await browser.get('/login/sign-up');
      const answer = await browser.submit(page, '/login/sign-up', { email: typed });
      expect([typed, answer.status]).toEqual([typed, 400]);
    }
    await nobodyIsWritten();
  });

  it('PR-21 takes no link of another kind, and no address but the link’s', async () => {
    const reset = urlIn(await mailed('/login/forgot-password', 'alice')).searchParams.get('token');
    expect((await open(`/login/sign-up/complete?token=${reset}`)).status).toBe(400);
    const { page } = await open(pathIn(await mailed('/login/sign-up', 'rosa@mail.test')));
    await complete(page, { username: 'rosa', email: 'boss@mail.test', roles: 'admin', role: 'admin' });
    expect((await house.users.findByUsername('rosa'))!.user).toMatchObject({
      claims: { email: 'rosa@mail.test' },
      roles: [],
    });
    expect(await house.users.findByUsername('boss@mail.test')).toBeUndefined();
  });
});

it('BF-02 name and address of one person share one count', async () => {
  const statuses: number[] = [];
  const names = ['alice', 'alice@mail.test', 'ALICE@MAIL.TEST', ' ａｌｉｃｅ '];
  for (let count = 0; count < 12; count += 1) {
    statuses.push((await house.browser().signIn(names[count % 4]!, 'wrong')).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
});

it('without mail nothing of it is offered, and what is named and cannot work stops the boot', async () => {
  const plain = await openLoginHouse({ databaseUrl: testDatabase.url });
  const visitor = plain.browser();
  expect((await visitor.get('/login')).page).not.toMatch(/Forgot|by mail|Create an account/);
  for (const path of REQUESTS) expect([path, (await visitor.get(path)).status]).toEqual([path, 404]);
  await plain.close();
  await expect(openLoginHouse({ databaseUrl: testDatabase.url, methods: ['magic-link'] })).rejects.toThrow(
    "the login method 'magic-link' cannot be used: there is nothing that carries mails",
  );
  await expect(openLoginHouse({ databaseUrl: testDatabase.url, methods: ['telepathy'] })).rejects.toThrow('telepathy');
});
