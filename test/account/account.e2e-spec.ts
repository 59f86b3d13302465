import { Audit } from '../../src/audit/audit.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { CredentialRemoval } from '../../src/users/credentials/credential-removal.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator } from '../support/authenticator.js';
import { type House, openHouse, type PersonBrowser } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';
import { optionsOf, SoftPasskey } from '../support/soft-passkey.js';

const SESSION = '__Host-gatehouse-session';
const PASSWORD = 'an old password';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
let house: House;
let sessions: SignOnSessions;
let audit: Audit;
let browser: PersonBrowser;

beforeAll(async () => {
  house = await openHouse({ hostname: 'localhost' });
  sessions = house.part(SignOnSessions);
  audit = house.part(Audit);
});
afterAll(() => house.close());
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM rate_limit');
  house.clock.pass('2m');
  browser = house.browser();
});

let count = 0;
/** Somebody new, signed in. */
async function somebody() {
  const username = `owner${++count}`;
  const { sub } = await house.users.add({ username, password: PASSWORD, claims: { name: 'Some Body' } });
  await browser.signIn(username, PASSWORD);
  return { username, sub };
}
const session = (of: PersonBrowser = browser) => sessions.resume(of.cookies.get(SESSION));
const events = async (sub: string) => (await audit.recent(sub)).map(({ event }) => event);
/** The form that has this hidden value, by what it says. */
async function send(path: string, fields: Record<string, string>) {
  const { csrf } = hiddenFields((await browser.get(path)).page) as { csrf: string };
  return browser.post(path, { csrf, ...fields });
}

it('every page of the account is linked from the first one, and each leads back', async () => {
  await somebody();
  const { page } = await browser.get('/account');
  const paths = [...page.matchAll(/href="(\/account\/[^"]+)"/g)].map(([, path]) => path!);
  expect(paths).toEqual(
    expect.arrayContaining(['profile', 'sessions', 'applications', 'events', 'data'].map((name) => `/account/${name}`)),
  );
  for (const path of paths) {
    const answer = await browser.get(path);
    expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
    expect(answer.page).toContain('href="/account"');
  }
});

describe.each(['profile', 'sessions', 'applications', 'events', 'data', 'removal'].map((name) => `/account/${name}`))(
  '%s',
  (path) => {
    it('sends whoever is not signed in to do so', async () => {
      expect((await browser.get(path)).headers.get('location')).toMatch(/^\/login\?interaction=/);
    });

    it('takes no form without its token', async () => {
      await somebody();
      if (path.endsWith('events')) return;
      const form = { csrf: '', sid: 'x', client: 'rp-a', name: 'X', everywhere: 'yes' };
      expect((await browser.post(path, form)).status).toBe(403);
      browser.headers = { 'sec-fetch-site': 'cross-site' };
      expect((await send(path, form)).status).toBe(403);
      expect(await session()).toBeDefined();
    });
  },
);

describe('where somebody is signed in', () => {
  it('shows each place with its device and its applications, this one first', async () => {
    const { username } = await somebody();
    const elsewhere = house.browser();
    elsewhere.headers = { ...elsewhere.headers, 'user-agent': FIREFOX };
    await elsewhere.signIn(username, PASSWORD);
    await elsewhere.obtainCode({}).then((grant) => house.redeem(house.web, grant));
    const { page } = await browser.get('/account/sessions');
    const places = page.match(/<li class="entry.*?<\/li>/gs)!;
    expect(places).toHaveLength(2);
    expect(places[0]).toContain('This device');
    expect(places[1]).toContain('Firefox on Windows');
    expect(places[1]).toContain('rp-a');
    expect(places[1]).not.toContain('This device');
    expect(page).toMatch(/<time datetime="\d{4}-\d\d-\d\dT/i);
  });

  it('ends one: its session and what hangs on it, and nothing else', async () => {
    const { username, sub } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, PASSWORD);
    const { json } = await house.redeem(house.web, await elsewhere.obtainCode({}));
    const { sid } = (await session(elsewhere))!;
    const answer = await send('/account/sessions', { sid });
    expect(answer.headers.get('location')).toMatch(/^\/account\/sessions\?receipt=/);
    expect((await browser.follow(answer)).status).toBe(200);
    expect(await session(elsewhere)).toBeUndefined();
    expect(await session()).toBeDefined();
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await events(sub))[0]).toBe('signed_out');
  });

  it('says so, too, when no application has to be told', async () => {
    const { username } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, PASSWORD);
    const answer = await send('/account/sessions', { sid: (await session(elsewhere))!.sid });
    expect((await browser.follow(answer)).page).toContain('That device is signed out.');
    expect((await browser.get('/account/sessions')).page).not.toContain('That device is signed out.');
  });

  it('ends no session of somebody else', async () => {
    await somebody();
    const other = house.browser();
    await other.signIn('alice', 'wonderland');
    const { sid } = (await session(other))!;
    expect((await send('/account/sessions', { sid })).status).toBe(404);
    expect(await session(other)).toBeDefined();
  });

  it('ends them all, what was granted offline too, and tells which applications enforce it', async () => {
    const { username, sub } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, PASSWORD);
    const offline = await browser.obtainCode({ scope: 'openid offline_access', prompt: 'consent' });
    const { json } = await house.redeem(house.web, offline);
    const now = house.clock.now();
    const stream = (client: string, instance: string, acknowledged: number) =>
      house.database.dataSource.query(
        `INSERT INTO signal_stream (id, client_id, instance, events_requested, algorithm, status, acknowledged, created_at,
           seen_at) VALUES ($1, $2, $3, '{}', 'ES256', 'enabled', $4, $5, $5)`,
        [`${client}-${instance}`, client, instance, acknowledged, now],
      );
    await stream('rp-a', 'one', 1_000_000);
    await stream('rp-a', 'two', 1_000_000);
    const answer = await send('/account/sessions', { everywhere: 'yes' });
    expect(answer.headers.get('location')).toMatch(/^\/account\/sessions\/ended\?receipt=\d+\.[\w-]{22}$/);
    expect([await session(), await session(elsewhere), await sessions.list(sub)]).toEqual([undefined, undefined, []]);
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await house.refresh(house.web, json['refresh_token'] as string)).status).toBe(400);
    const { page } = await browser.follow(answer);
    expect(page).toContain('You are signed out everywhere');
    expect(page).toContain('1 of 1 application enforced it');
    const name = answer.headers.get('location')!.split('=')[1]!;
    const [seq, tag] = name.split('.');
    const guessed = await browser.get(`/account/sessions/ended?receipt=${Number(seq) - 1}.${tag}`);
    expect([guessed.page, guessed.headers.get('location')]).toEqual(['', '/account/sessions']);
    await browser.signIn('bob', 'builder');
    expect((await browser.follow(answer)).headers.get('location')).toBe('/account/sessions');
    expect((await audit.recent(sub, 1))[0]).toMatchObject({ event: 'signed_out_everywhere', detail: { sessions: 2 } });
    await house.database.dataSource.query('DELETE FROM signal_stream');
  });
});

describe('applications that somebody let in', () => {
  it('are shown with what they may, and lose it at once when it is taken back', async () => {
    const { sub } = await somebody();
    const grant = await browser.obtainCode({ scope: 'openid email offline_access', prompt: 'consent' });
    const { json } = await house.redeem(house.web, grant);
    const { page } = await browser.get('/account/applications');
    expect(page).toContain('rp-a');
    expect(page).toContain('email');
    expect(page).toContain('while you are away');
    const answer = await send('/account/applications', { client: house.web.id });
    expect((await browser.follow(answer)).page).toContain('You have let no application in.');
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await house.refresh(house.web, json['refresh_token'] as string)).status).toBe(400);
    expect(await house.consents.find(sub, house.web.id)).toBeUndefined();
    expect(await events(sub)).toEqual(expect.arrayContaining(['consent_given', 'consent_withdrawn']));
  });

  it('that somebody else let in are none of theirs', async () => {
    await somebody();
    await browser.obtainCode({ prompt: 'consent' }, { client: house.other });
    const other = await house.codeFlow({ prompt: 'consent' });
    expect((await send('/account/applications', { client: house.web.id })).status).toBe(404);
    expect((await house.userinfo(other.tokens.access_token)).status).toBe(200);
  });
});

it('a profile is changed for applications to see, in its own four claims alone', async () => {
  const { sub } = await somebody();
  const names = { name: 'Ada "Countess" <b>Lovelace</b>', given_name: 'Ada', family_name: '', nickname: ' Ada ' };
  const answer = await send('/account/profile', { ...names, email: 'other@example.com', roles: 'admin' });
  expect((await browser.follow(answer)).page).toContain('Ada &quot;Countess&quot; &lt;b>Lovelace&lt;/b>');
  expect((await house.users.findBySubject(sub))!.claims).toEqual({
    name: 'Ada "Countess" <b>Lovelace</b>',
    given_name: 'Ada',
    nickname: 'Ada',
  });
  for (const name of ['x'.repeat(201), 'two\nlines', '\u202eadA', '\u200b']) {
    expect((await send('/account/profile', { ...names, name })).status).toBe(400);
  }
  expect((await audit.recent(sub, 1))[0]).toMatchObject({ event: 'profile_changed' });
  expect(JSON.stringify(await audit.recent(sub))).not.toContain('Countess');
});

it('what happened is shown in words, with where it came from', async () => {
  const { username } = await somebody();
  await house.browser().signIn(username, 'a wrong password');
  const { page } = await browser.get('/account/events');
  expect(page.indexOf('A sign-in was refused')).toBeGreaterThan(0);
  expect(page.indexOf('Signed in</strong>')).toBeGreaterThan(page.indexOf('A sign-in was refused'));
  expect(page).toMatch(/from <bdi>[\d.:a-f]+<\/bdi>/);
});

it('all data is one file, without a secret, after a fresh proof', async () => {
  const { username, sub } = await somebody();
  const grant = await browser.obtainCode({ prompt: 'consent' });
  await house.redeem(house.web, grant);
  const answer = await send('/account/data', {});
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="my-data.json"');
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const data = JSON.parse(answer.page) as Record<string, never>;
  expect(data).toMatchObject({
    account: { sub, username, claims: { name: 'Some Body' } },
    signIn: { passkeys: [], authenticators: [], recoveryCodesLeft: 0 },
    sessions: [{ amr: ['pwd'], lastSeenAt: new Date(house.clock.now()).toISOString() }],
    applications: [{ name: 'rp-a', scopes: ['openid'] }],
  });
  expect(answer.page).not.toMatch(/argon2|secret|digest|"id":/);
  expect((await events(sub))[0]).toBe('data_downloaded');
  house.clock.pass('10m');
  expect((await browser.get('/account/data')).headers.get('location')).toMatch('/login?interaction=');
});

describe('the whole account', () => {
  const PATH = '/account/removal';

  it('is removed by its name, with all that hangs on it, and nothing is half there', async () => {
    const { username, sub } = await somebody();
    const elsewhere = house.browser();
    await elsewhere.signIn(username, PASSWORD);
    const grant = await browser.obtainCode({ scope: 'openid offline_access', prompt: 'consent' });
    const { json } = await house.redeem(house.web, grant);
    const { page } = await browser.get(PATH);
    const wrong = await browser.submit(page, PATH, { username: 'alice' });
    expect([wrong.status, await house.users.findBySubject(sub)]).toEqual([400, expect.anything()]);
    // Made here, because it would have been asked for as the second factor.
    await addAuthenticator(house.part(TotpCredentials), house.clock, sub);
    const asked = await browser.submit(page, PATH, { username });
    expect(asked.headers.get('location')).toMatch('/login?interaction=');
    await house.database.dataSource.query('DELETE FROM totp WHERE subject = $1', [sub]);
    const gone = await browser.submit(page, PATH, { username: username.toUpperCase() });
    expect([gone.status, gone.page]).toEqual([200, expect.stringContaining('Your account is removed')]);
    expect(await house.users.findBySubject(sub)).toBeUndefined();
    expect([await session(elsewhere), await sessions.list(sub)]).toEqual([undefined, []]);
    expect((await house.userinfo(json['access_token'] as string)).status).toBe(401);
    expect((await house.refresh(house.web, json['refresh_token'] as string)).status).toBe(400);
    expect((await house.browser().signIn(username, PASSWORD)).status).toBe(401);
    expect((await audit.recent(sub))[0]).toMatchObject({ event: 'user_removed', actor: sub });
    const left = await house.database.dataSource.query<{ table_name: string }[]>(
      `SELECT table_name FROM information_schema.columns WHERE column_name = 'subject' AND table_schema = 'public'`,
    );
    for (const { table_name: table } of left) {
      const [{ n }] = await house.database.dataSource.query(
        `SELECT count(*)::int AS n FROM ${table} WHERE subject = $1`,
        [sub],
      );
      // What ended is remembered as long as a token could name it; what happened is kept as long as all records are.
      const kept = ['authorization_grant', 'revocation_log', 'audit_event', 'logout_delivery'].includes(table);
      expect([table, kept || n === 0]).toEqual([table, true]);
    }
  });

  it('stays whole when something fails on the way', async () => {
    const { username, sub } = await somebody();
    const { page } = await browser.get(PATH);
    await house.database.dataSource.query('ALTER TABLE consent RENAME TO consent_away');
    const answer = await browser.submit(page, PATH, { username });
    await house.database.dataSource.query('ALTER TABLE consent_away RENAME TO consent');
    expect(answer.status).toBe(500);
    expect(await house.users.findBySubject(sub)).toBeDefined();
    expect(await session()).toBeDefined();
    expect(await events(sub)).not.toContain('user_removed');
  });
});

describe('a way to sign in', () => {
  const NEW = '/account/passkey/new';
  async function withPasskey() {
    const person = await somebody();
    const passkey = new SoftPasskey(house.issuer);
    const { page } = await browser.get(NEW);
    await browser.submit(page, NEW, { credential: passkey.create(optionsOf(page)), name: 'Key' });
    // The session is by password alone now, while there is a second factor: it is proved.
    const login = await browser.follow(
      await browser.get(`/account/credential?kind=passkey&id=${passkey.credentialId}`),
    );
    const step = login.headers.has('location') ? await browser.follow(login) : login;
    let answer = await browser.submit(step.page, '/login/passkey', { credential: passkey.get(optionsOf(step.page)) });
    while (answer.headers.has('location')) answer = await browser.follow(answer);
    const path = `/account/credential?kind=passkey&id=${passkey.credentialId}`;
    expect(answer.page).toContain('Remove this passkey');
    return { ...person, passkey, path };
  }

  it('is renamed', async () => {
    const { path, sub } = await withPasskey();
    await send(path, { act: 'rename', name: ' The <blue> one ' });
    expect((await browser.get('/account')).page).toContain('The &lt;blue> one');
    expect((await send(path, { act: 'rename', name: '  ' })).status).toBe(400);
    expect((await send(path, { act: 'rename', name: 'The\0 \u202egreen one' })).status).toBe(303);
    expect((await browser.get('/account')).page).toContain('The green one');
    expect((await events(sub))[0]).toBe('credential_renamed');
  });

  it('is removed with its recovery codes; then a password is enough again', async () => {
    const { username, path, sub } = await withPasskey();
    expect(await house.part(RecoveryCodes).left(sub)).toBe(10);
    expect((await send(path, { act: 'remove' })).headers.get('location')).toBe('/account');
    expect(await house.part(RecoveryCodes).left(sub)).toBe(0);
    expect((await audit.recent(sub, 1))[0]).toMatchObject({ event: 'credential_removed', detail: { kind: 'passkey' } });
    expect((await house.browser().signIn(username, PASSWORD)).headers.get('location')).toBe('/');
    expect((await browser.get(path)).status).toBe(404);
  });

  it('stays when it is the last one, also for many at once', async () => {
    const { path, sub } = await withPasskey();
    await house.database.dataSource.query('UPDATE gatehouse_user SET password_hash = NULL WHERE id = $1', [sub]);
    const answer = await send(path, { act: 'remove' });
    expect([answer.status, answer.page]).toEqual([400, expect.stringContaining('only way you have to sign in')]);
    await house.database.dataSource.query(
      `INSERT INTO passkey (id, subject, name, public_key, counter, transports, synced, aaguid, created_at)
       SELECT 'twin-' || subject, subject, name, public_key, counter, transports, synced, aaguid, created_at
       FROM passkey WHERE subject = $1`,
      [sub],
    );
    const twin = `/account/credential?kind=passkey&id=twin-${sub}`;
    const answers = await Promise.all([path, twin].map((one) => send(one, { act: 'remove' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 400]);
  });

  it('counts a password only where passwords are in use, and a proved address where mail signs in', async () => {
    const { sub, passkey } = await withPasskey();
    const user = { ...(await house.users.findBySubject(sub))! };
    const mailed = { ...user, claims: { email: 'own@example.com', email_verified: true } };
    const remove = (of: typeof user, others: { password: boolean; mail: boolean }) => {
      const ways = { ...others, passkey: true, upstream: false };
      return house.part(CredentialRemoval).remove(of, 'passkey', passkey.credentialId, ways, async () => {});
    };
    expect(await remove(user, { password: false, mail: true })).toBe('last');
    expect(await remove(mailed, { password: false, mail: false })).toBe('last');
    expect(await remove(mailed, { password: false, mail: true })).toBe('removed');
  });

  it('MF-06 asks for the second factor, and knows nobody else’s', async () => {
    const { sub } = await somebody();
    const totp = house.part(TotpCredentials);
    await addAuthenticator(totp, house.clock, sub);
    const { id } = (await totp.list(sub))[0]!;
    const path = `/account/credential?kind=totp&id=${id}`;
    expect((await browser.get(path)).headers.get('location')).toMatch('/login?interaction=');
    expect((await browser.post(path, { csrf: '', act: 'remove' })).headers.get('location')).toMatch('/login?');
    browser = house.browser();
    await somebody();
    expect((await browser.get(path)).status).toBe(404);
    const foreign = hiddenFields((await browser.get('/account/password')).page);
    expect((await browser.post(path, { ...foreign, act: 'remove' })).status).toBe(403);
    expect(await totp.list(sub)).toHaveLength(1);
    expect((await browser.get('/account/credential?kind=password&id=1')).status).toBe(404);
  });
});
