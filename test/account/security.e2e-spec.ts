import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { Audit } from '../../src/audit/audit.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import { type House, openHouse, type PersonBrowser } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

const SESSION = '__Host-gatehouse-session';
const NEW_PASSWORD = 'seven lonely teapots';
let house: House;
let totp: TotpCredentials;
let codes: RecoveryCodes;
let sessions: SignOnSessions;
let audit: Audit;
let browser: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
  totp = house.app.get(TotpCredentials, { strict: false });
  codes = house.app.get(RecoveryCodes, { strict: false });
  sessions = house.app.get(SignOnSessions, { strict: false });
  audit = house.app.get(Audit, { strict: false });
});
afterAll(() => house.close());
beforeEach(() => {
  house.clock.pass('2m');
  browser = house.browser();
});

let count = 0;
/** Somebody new, signed in. */
async function somebody() {
  const username = `person${++count}`;
  const { sub } = await house.users.add({ username, password: 'an old password', claims: { name: 'Some Body' } });
  await browser.signIn(username, 'an old password');
  return { username, sub };
}
const pages = ['/account/authenticator/new', '/account/recovery-codes', '/account/password'];

/** Sends the browser through name and password, and the second factor when there is one, back to where it was going. */
async function prove(from: Response, username: string, app?: TestAuthenticator) {
  const login = await browser.follow(from);
  let answer = login.page.includes('id="password"')
    ? await browser.submit(login.page, '/login', { username, password: 'an old password' })
    : login;
  if (app) {
    const page = answer.headers.has('location') ? (await browser.follow(answer)).page : answer.page;
    answer = await browser.submit(page, '/login/totp', { code: app.code() });
  }
  while (answer.headers.has('location')) answer = await browser.follow(answer);
  return answer;
}

it('shows what one signs in with, to whoever is signed in', async () => {
  const { username } = await somebody();
  const { page } = await browser.get('/account');
  expect(page).toContain(username);
  expect((await browser.get('/')).page).toContain('href="/account"');
});

it('sends whoever is not signed in to do so, and back', async () => {
  const { username } = await somebody();
  browser = house.browser();
  const { page } = await prove(await browser.get('/account'), username);
  expect(page).toContain('How you sign in');
});

describe('MF-06 MF-07 what an account could be taken over by', () => {
  it.each(pages)('%s: opens for a fresh proof; an old one is asked for anew, by GET and by POST', async (path) => {
    const { username } = await somebody();
    const opened = await browser.get(path);
    expect(opened.status).toBe(200);
    expect(opened.headers.get('cache-control')).toBe('no-store');
    house.clock.pass('10m');
    expect((await browser.get(path)).headers.get('location')).toMatch('/login?interaction=');
    const sent = await browser.submit(opened.page, path, { code: '1', 'new-password': NEW_PASSWORD });
    expect(sent.headers.get('location')).toMatch('/login?interaction=');
    const before = await sessions.resume(browser.cookies.get(SESSION));
    const back = await prove(sent, username);
    expect([back.status, back.url]).toEqual([200, `${house.issuer}${path}`]);
    expect((await sessions.resume(browser.cookies.get(SESSION)))!.authenticatedAt).toBeGreaterThan(
      before!.authenticatedAt,
    );
  });

  it.each(pages)('%s: a session by password alone opens nothing to whoever has a second factor', async (path) => {
    const { username, sub } = await somebody();
    const opened = await browser.get(path);
    const app = await addAuthenticator(totp, house.clock, sub);
    const sent = await browser.submit(opened.page, path, { code: '1', 'new-password': NEW_PASSWORD });
    // The password is fresh: only what is missing is asked for.
    const login = await browser.follow(sent);
    expect(login.headers.get('location')).toMatch('/login/second-factor');
    const back = await prove(login, username, app);
    expect([back.status, back.url]).toEqual([200, `${house.issuer}${path}`]);
    expect((await house.users.findByUsername(username))!.passwordHash).toBeDefined();
    expect(await totp.list(sub)).toHaveLength(1);
  });

  it('does not let somebody else’s proof through to the page of the first', async () => {
    const { username } = await somebody();
    house.clock.pass('10m');
    const sent = await browser.get('/account/password');
    const login = await browser.follow(sent);
    expect(login.page).toContain(`value="${username}"`);
    const answer = await browser.submit(login.page, '/login', { username: 'alice', password: 'wonderland' });
    const resumed = await browser.follow(answer);
    const { page } = await browser.follow(resumed);
    expect(page).toContain('value="alice"');
    expect(page).not.toContain(username);
  });

  it('cannot be resumed without the sign-in, twice, or by another browser', async () => {
    const sent = await browser.get('/account/password');
    const id = new URL(sent.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
    expect((await browser.get(`/account/resume?interaction=${id}`)).status).toBe(400);
    const login = await browser.follow(sent);
    const answer = await browser.submit(login.page, '/login', { username: 'alice', password: 'wonderland' });
    expect((await house.browser().get(answer.headers.get('location')!)).status).toBe(400);
    expect((await browser.follow(answer)).status).toBe(303);
    expect((await browser.follow(answer)).status).toBe(400);
  });

  it.each(pages)('%s: takes no form of another site, page or session', async (path) => {
    await somebody();
    const { page } = await browser.get(path);
    const fields = { ...hiddenFields(page), code: '1', 'new-password': NEW_PASSWORD };
    expect((await browser.post(path, { ...fields, csrf: '' })).status).toBe(403);
    browser.headers = { 'sec-fetch-site': 'cross-site' };
    expect((await browser.post(path, fields)).status).toBe(403);
    browser.headers = { 'sec-fetch-site': 'same-origin' };
    const other = pages.find((one) => one !== path)!;
    const foreign = hiddenFields((await browser.get(other)).page);
    expect((await browser.post(path, { ...fields, csrf: foreign['csrf']! })).status).toBe(403);
    await browser.signIn('alice', 'wonderland');
    expect((await browser.post(path, fields)).status).toBe(403);
  });
});

describe('an authenticator app', () => {
  it('is added by its code, with recovery codes the first time; MF-14 the secret is shown at no other time', async () => {
    const { sub } = await somebody();
    const { page } = await browser.get('/account/authenticator/new');
    expect(page).toMatch(/<img class="qr" src="data:image\/svg\+xml;base64,[^"]+"/);
    const secret = /id="totp-secret">([^<]+)</.exec(page)![1]!.replaceAll(' ', '');
    const app = new TestAuthenticator(house.clock, secret);
    const wrong = await browser.submit(page, '/account/authenticator/new', { code: app.code(7) });
    expect(wrong.status).toBe(400);
    expect(wrong.page).toContain('This code is not right');
    const done = await browser.submit(wrong.page, '/account/authenticator/new', { code: app.code() });
    const shown = [...done.page.matchAll(/<code>([0-9A-Z-]{29})<\/code>/g)].map(([, code]) => code!);
    expect(shown).toHaveLength(10);
    for (const path of ['/account', '/account/authenticator/new']) {
      expect((await browser.get(path)).page).not.toContain(secret.slice(0, 4));
    }
    expect((await audit.recent(sub)).map(({ event, detail }) => [event, detail['kind']]).slice(0, 2)).toEqual([
      ['credential_added', 'recovery_codes'],
      ['credential_added', 'totp'],
    ]);
    expect(JSON.stringify(await audit.recent(sub))).not.toMatch(new RegExp([secret, ...shown].join('|')));
    expect(await codes.left(sub)).toBe(10);
  });

  it('and whoever knows the person is told of it, as CAEP credential-change', async () => {
    const { sub } = await somebody();
    await house.codeFlow({}, { browser });
    const { page } = await browser.get('/account/authenticator/new');
    const secret = /id="totp-secret">([^<]+)</.exec(page)![1]!.replaceAll(' ', '');
    const app = new TestAuthenticator(house.clock, secret);
    expect((await browser.submit(page, '/account/authenticator/new', { code: app.code() })).status).toBe(200);
    const lines = await house.part(RevocationLog).after(0, 1000);
    expect(lines.filter(({ subject }) => subject === sub).map(({ kind, cause }) => [kind, cause])).toEqual([
      ['credential', 'authenticator_added'],
    ]);
  });

  it('cannot be somebody else’s set-up', async () => {
    await somebody();
    const { secret, ticket } = totp.begin('usr_mallory', 'Gatehouse', 'mallory');
    const { page } = await browser.get('/account/authenticator/new');
    const code = new TestAuthenticator(house.clock, secret).code();
    const answer = await browser.submit(page, '/account/authenticator/new', { ticket, code });
    expect(answer.status).toBe(400);
  });
});

it('makes a new set of recovery codes, which ends the old one', async () => {
  const { sub } = await somebody();
  const [old] = await house.database.transaction((transaction) => codes.replace(sub, transaction));
  const { page } = await prove(await browser.get('/account/recovery-codes'), '', undefined);
  // Recovery codes are a second factor, too, so one of them was asked for.
  const again = await browser.submit(page, '/login/recovery-code', { code: old! });
  const asked = await browser.follow(await browser.follow(again));
  const { page: shown } = await browser.submit(asked.page, '/account/recovery-codes');
  const [, first] = /<code>([0-9A-Z-]{29})<\/code>/.exec(shown)!;
  expect(await codes.left(sub)).toBe(10);
  expect(await codes.spend(sub, first!)).toBe(true);
});

describe('a new password', () => {
  it.each([
    ['too short', 'fourteen chars'],
    ['common', 'passwordpassword'],
    ['a sequence', '123456789012345'],
    ['one letter', 'a'.repeat(40)],
    ['of the person’s name', 'somebodysomebody'],
    ['of the site’s name', 'gatehousegatehouse'],
    ['too long', 'long '.repeat(300)],
  ])('that is %s is refused with a sentence, and nothing ends', async (_, password) => {
    await somebody();
    const { page } = await browser.get('/account/password');
    const answer = await browser.submit(page, '/account/password', { 'new-password': password });
    expect(answer.status).toBe(400);
    expect(answer.page).toMatch(/role="alert"><bdi>(A password has|This password is)/);
    expect(answer.page).not.toContain(password);
    expect(await sessions.resume(browser.cookies.get(SESSION))).toBeDefined();
  });

  it.each([
    ['of fifteen characters', 'wq7 zpx 4nv tcb'],
    ['of emoji and other scripts', '🦊🐻🍎 Ведро гвоздей 漢字'],
    ['of 300 characters', 'Mixed bag of words '.repeat(16)],
  ])('%s is taken, and signs in: nothing is cut off', async (_, password) => {
    const { username } = await somebody();
    const { page } = await browser.get('/account/password');
    expect((await browser.submit(page, '/account/password', { 'new-password': password })).status).toBe(303);
    browser = house.browser();
    expect((await browser.signIn(username, `${password.slice(0, -1)}`)).status).toBe(401);
    expect((await browser.signIn(username, password)).status).toBe(303);
  });

  it('SE-15 signs out everywhere else, ends what was authorized, and keeps this browser in with a new session', async () => {
    const { username, sub } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, 'an old password');
    const grant = await browser.obtainCode({ scope: 'openid offline_access', prompt: 'consent' });
    const { json } = await house.redeem(house.web, grant);
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(200);
    const pending = await browser.obtainCode({});
    const before = browser.cookies.get(SESSION);
    const { page } = await browser.get('/account/password');
    await browser.submit(page, '/account/password', { 'new-password': NEW_PASSWORD });
    expect(await sessions.list(sub)).toHaveLength(1);
    expect(await sessions.resume(before)).toBeUndefined();
    expect(await sessions.resume(elsewhere.cookies.get(SESSION))).toBeUndefined();
    expect((await browser.get('/account')).page).toContain(username);
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await house.refresh(house.web, json['refresh_token'] as string)).status).toBe(400);
    expect((await house.redeem(house.web, pending)).status).toBe(400);
    expect((await audit.recent(sub, 1))[0]).toMatchObject({ event: 'password_changed', detail: { by: 'change' } });
    expect((await house.browser().signIn(username, 'an old password')).status).toBe(401);
    expect((await house.browser().signIn(username, NEW_PASSWORD)).status).toBe(303);
  });
});

it('audit events stay: the database itself refuses to change or remove one', async () => {
  await somebody();
  const { dataSource } = house.database;
  const refused = expect.objectContaining({ message: expect.stringContaining('only ever added') });
  await expect(dataSource.query(`UPDATE audit_event SET event = 'x'`)).rejects.toEqual(refused);
  await expect(dataSource.query('DELETE FROM audit_event')).rejects.toEqual(refused);
  await expect(dataSource.query('TRUNCATE audit_event')).rejects.toEqual(refused);
  const [{ count: kept }] = await dataSource.query('SELECT count(*) FROM audit_event');
  expect(await audit.sweep()).toBe(0);
  house.clock.pass('397d');
  expect(await audit.sweep()).toBe(Number(kept));
});
