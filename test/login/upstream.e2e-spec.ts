import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { readFileSync } from 'node:fs';
import { RevocationLog } from '../../src/authorizations/revocation-log.js';
import { type UpstreamOptions, upstreamJson } from '../../src/federation/upstream.options.js';
import { LoginModule } from '../../src/login/login.module.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator } from '../support/authenticator.js';
import { type Answer, claimsOf, House, openHouse, PersonBrowser, responseOf } from '../support/house.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';

const clock = new TestClock();
/** The other provider: one of ours, and a small one that says what it is told to. */
let other: House;
let tiny: TinyIssuer;
let house: House;

beforeAll(async () => {
  [other, tiny] = await Promise.all([openHouse({ clock }), TinyIssuer.listen(clock)]);
  const upstream = [
    {
      id: 'other',
      name: 'Other',
      issuer: other.issuer,
      clientId: 'gate',
      clientSecret: 'the secret of gate: with + and %',
      secondFactor: { amr: ['mfa'], acr: ['urn:gatehouse:mfa'] },
    },
    { id: 'tiny', name: 'Tiny', issuer: tiny.url, clientId: 'app', trustsEmail: true },
  ];
  house = await openHouse({ clock, settings: { GATEHOUSE_UPSTREAM: JSON.stringify(upstream), SIGN_UP: 'true' } });
  await other.client(
    'gate',
    { redirect_uris: [`${house.issuer}/login/upstream/other/callback`] },
    { firstParty: true },
  );
  await house.client('first', {}, { firstParty: true });
});
afterAll(async () => {
  for (const one of [house, other, tiny]) await one?.close();
});
beforeEach(async () => {
  tiny.reset();
  await house.database.dataSource.query('DELETE FROM rate_limit');
  await house.database.dataSource.query('DELETE FROM federated_identity');
});

const client = () => ({
  ...house.web,
  id: 'first',
  redirectUri: 'https://first.test/cb',
  secret: 'the secret of first: with + and %',
});

/** Presses the button of another provider on the sign-in page; answers where the browser is sent. */
async function leave(browser: PersonBrowser, provider: string, at = '/login'): Promise<string> {
  const { page } = await browser.get(at);
  const answer = await browser.submit(page, '/login/upstream', { provider });
  expect(answer.status).toBe(303);
  return answer.headers.get('location')!;
}

/** Comes back from the tiny issuer, perhaps with something changed. */
function comeBack(
  browser: PersonBrowser,
  url: string,
  change: Record<string, string | undefined> = {},
): Promise<Answer> {
  const answer = tiny.authorize(url);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) answer.delete(name);
    else answer.set(name, value);
  }
  return browser.get(`/login/upstream/tiny/callback?${String(answer)}`);
}

/** Whether this browser is signed in here. */
async function isSignedIn(browser: PersonBrowser): Promise<boolean> {
  return (await browser.get('/')).page.includes('You are signed in');
}

/** Whom a subject of the tiny issuer is here. */
async function link(upstreamSubject: string, username: string, issuer = tiny.url): Promise<void> {
  const { user } = (await house.users.findByUsername(username))!;
  await house.database.dataSource.query(
    'INSERT INTO federated_identity (issuer, upstream_subject, subject, created_at) VALUES ($1, $2, $3, 0)',
    [issuer, upstreamSubject, user.sub],
  );
}

/** An authorization request of a client, as far as the sign-in page. */
async function asked(browser: PersonBrowser, change: Record<string, string> = {}): Promise<string> {
  return (await browser.start(client(), change)).headers.get('location')!;
}

describe('signing in at another provider', () => {
  it('goes there with PKCE, state, nonce and a redirect URI of its own, and nothing else', async () => {
    const url = new URL(await leave(house.browser(), 'other'));
    expect(`${url.origin}${url.pathname}`).toBe(`${other.issuer}/authorize`);
    const query = Object.fromEntries(url.searchParams);
    expect(query).toEqual({
      client_id: 'gate',
      response_type: 'code',
      redirect_uri: `${house.issuer}/login/upstream/other/callback`,
      scope: 'openid profile email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('asks whoever is not linked, links by a sign-in here, and goes on to the application', async () => {
    const browser = house.browser();
    const there = other.browser();
    const login = await asked(browser);
    const answer = await there.walk(await there.get(await leave(browser, 'other', login)), { as: 'bob' });
    const back = await browser.get(answer.headers.get('location')!);
    expect(back.status).toBe(200);
    expect(back.page).toContain('is not linked with an account here');
    expect(await isSignedIn(browser)).toBe(false);

    const onward = await browser.submit(back.page, '/login/upstream/link');
    const final = await browser.walk(onward, { as: 'alice' });
    expect(responseOf(final).get('code')).not.toBeNull();

    // From then on there is nothing more to prove here.
    const again = house.browser();
    const second = await there.walk(await there.get(await leave(again, 'other', await asked(again))), { as: 'bob' });
    const done = await again.walk(await again.get(second.headers.get('location')!));
    expect(responseOf(done).get('code')).not.toBeNull();
    const { user } = (await house.users.findByUsername('alice'))!;
    const [session] = await house.database.dataSource.query(
      "SELECT subject, acr, amr FROM session WHERE acr = 'urn:gatehouse:fed'",
    );
    expect(session).toMatchObject({ subject: user.sub, acr: 'urn:gatehouse:fed', amr: ['fed'] });
    const events = await house.database.dataSource.query(
      "SELECT detail FROM audit_event WHERE event = 'credential_added' AND subject = $1",
      [user.sub],
    );
    expect(events).toEqual([{ detail: { kind: 'federated', credential: other.issuer } }]);
  });

  it('RP-17: never joins an account by its address', async () => {
    await house.users.add({
      username: 'victim',
      password: 'a long password',
      claims: { email: 'victim@mail.test', email_verified: true },
    });
    tiny.subject = 'attacker';
    tiny.idClaims = { email: 'victim@mail.test', email_verified: true, preferred_username: 'victim' };
    const browser = house.browser();
    const back = await comeBack(browser, await leave(browser, 'tiny'));
    expect(back.page).toContain('is not linked');
    // Not by making a new one with the address or the name either.
    for (const username of ['victim', 'another']) {
      const made = await browser.submit(back.page, '/login/upstream/new', { username });
      expect(made.status).toBe(400);
      expect(await isSignedIn(browser)).toBe(false);
    }
    // Nor by pretending that the account was proved.
    const onward = await browser.submit(back.page, '/login/upstream/link');
    const id = new URL(onward.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
    expect((await browser.get(`/login/upstream/linked?interaction=${id}`)).status).toBe(400);
    expect(await house.database.dataSource.query('SELECT 1 FROM federated_identity')).toEqual([]);
  });

  it.each([
    [
      'a verified address of a provider that is trusted with them',
      { email: 'new1@mail.test', email_verified: true },
      'new1@mail.test',
    ],
    ['an address that is not verified', { email: 'new2@mail.test', email_verified: false }, undefined],
    ['an address that only looks verified', { email: 'new3@mail.test', email_verified: 'true' }, undefined],
  ])('makes a new account: %s', async (name, claims, email) => {
    tiny.subject = name;
    tiny.idClaims = { ...claims, preferred_username: `new${name.length}`, name: 'New Person' };
    const browser = house.browser();
    const back = await comeBack(browser, await leave(browser, 'tiny'));
    const made = await browser.submit(back.page, '/login/upstream/new', { username: `new${name.length}` });
    expect(made.status).toBe(303);
    expect(await isSignedIn(browser)).toBe(true);
    const found = await house.users.findByUsername(`new${name.length}`);
    expect(found?.passwordHash).toBeUndefined();
    expect(found?.user.claims['email']).toBe(email);
    // The form is good once.
    const again = await browser.submit(back.page, '/login/upstream/new', { username: 'once-more' });
    expect(again.status).toBe(403);
  });

  it('takes the second factor of an account that has one, whatever is not believed of the other provider', async () => {
    const person = await house.users.add({ username: 'careful', password: 'a long password' });
    await addAuthenticator(house.part(TotpCredentials), clock, person.sub);
    await link('careful', 'careful');
    tiny.subject = 'careful';
    tiny.idClaims = { amr: ['mfa'], acr: 'urn:gatehouse:mfa' };
    const browser = house.browser();
    const back = await comeBack(browser, await leave(browser, 'tiny'));
    expect(back.headers.get('location')).toMatch(/^\/login\/second-factor\?/);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('is told to ask anew where the application wants a fresh proof, and is not believed when it did not', async () => {
    await link('alice', 'alice');
    const browser = house.browser();
    for (const [authTime, status] of [
      [undefined, 400],
      [clock.seconds() - 3600, 400],
      [clock.seconds(), 303],
    ] as const) {
      tiny.idClaims = authTime === undefined ? {} : { auth_time: authTime };
      const url = await leave(browser, 'tiny', await asked(browser, { prompt: 'login' }));
      expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: 'login', max_age: '0' });
      expect((await comeBack(browser, url)).status).toBe(status);
    }
  });

  it('says since when the proof is, by what the other provider says', async () => {
    await link('alice', 'alice');
    const since = clock.seconds() - 3000;
    tiny.idClaims = { auth_time: since };
    const browser = house.browser();
    const back = await comeBack(browser, await leave(browser, 'tiny', await asked(browser, { max_age: '3600' })));
    const code = responseOf(await browser.walk(back)).get('code')!;
    const { json } = await house.redeem(client(), {
      code,
      verifier: 'v'.repeat(43),
      redirectUri: client().redirectUri,
    });
    expect(claimsOf(json['id_token'] as string)).toMatchObject({
      auth_time: since,
      amr: ['fed'],
      acr: 'urn:gatehouse:fed',
    });
  });

  it('signs no disabled person in', async () => {
    const gone = await house.users.add({ username: 'gone', password: 'a long password' });
    await house.users.disable(gone.sub);
    await link('gone', 'gone');
    tiny.subject = 'gone';
    const browser = house.browser();
    expect((await comeBack(browser, await leave(browser, 'tiny'))).status).toBe(403);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('an answer that is not right', () => {
  beforeEach(() => link('alice', 'alice'));

  it.each<[string, string, Record<string, string | undefined>, Record<string, unknown>]>([
    ['another state', 'state_mismatch', { state: 'x'.repeat(43) }, {}],
    ['no state', 'state_mismatch', { state: undefined }, {}],
    ['RP-03 another issuer (mix-up)', 'issuer_mismatch', { iss: 'https://evil.test' }, {}],
    ['no issuer where the metadata promise one', 'issuer_mismatch', { iss: undefined }, {}],
    ['RP-02 another nonce', 'token_exchange_failed', {}, { nonce: 'another' }],
    ['no nonce', 'token_exchange_failed', {}, { nonce: undefined }],
    ['an ID token for another client', 'token_exchange_failed', {}, { aud: 'another' }],
    ['an ID token of another issuer', 'token_exchange_failed', {}, { iss: 'https://evil.test' }],
    ['an ID token that ended', 'clocks_apart', {}, { exp: 1000 }],
    ['an error', 'access_denied', { error: 'access_denied', code: undefined }, {}],
    ['an error and a code', 'invalid_response', { error: 'access_denied' }, {}],
    ['a code that is none', 'invalid_grant', { code: 'guessed' }, {}],
  ])('refuses %s', async (_, code, change, idClaims) => {
    tiny.idClaims = idClaims;
    const browser = house.browser();
    const back = await comeBack(browser, await leave(browser, 'tiny'), change);
    expect([back.status, back.page.includes(code)]).toEqual([400, true]);
    expect(back.page).toContain('Sign in another way');
    expect(await isSignedIn(browser)).toBe(false);
  });

  it.each([
    ['alg none', (claims: object) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    [
      'a key that is not the provider’s',
      (claims: object) => `${encode({ alg: 'ES256', kid: 'es' })}.${encode(claims)}.${'A'.repeat(86)}`,
    ],
  ])('refuses an ID token with %s', async (_, forge) => {
    const browser = house.browser();
    const url = await leave(browser, 'tiny');
    const nonce = new URL(url).searchParams.get('nonce');
    tiny.answers.set('/token', (_request, _body, response) => {
      const now = clock.seconds();
      const claims = { iss: tiny.url, sub: 'alice', aud: 'app', iat: now, exp: now + 300, nonce };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: forge(claims) }));
    });
    expect((await comeBack(browser, url)).status).toBe(400);
    expect(await isSignedIn(browser)).toBe(false);
  });

  it('refuses a parameter that comes twice', async () => {
    const browser = house.browser();
    const answer = tiny.authorize(await leave(browser, 'tiny'));
    expect((await browser.get(`/login/upstream/tiny/callback?${String(answer)}&code=another`)).status).toBe(400);
  });

  it('RP-04 refuses the answer of one provider at the place of another (mix-up)', async () => {
    const browser = house.browser();
    const answer = tiny.authorize(await leave(browser, 'tiny'));
    answer.set('iss', other.issuer);
    const back = await browser.get(`/login/upstream/other/callback?${String(answer)}`);
    expect([back.status, back.page.includes('issuer_mismatch')]).toEqual([400, true]);
  });

  it('RP-11 is good once, and in the browser that was sent', async () => {
    const browser = house.browser();
    const answer = tiny.authorize(await leave(browser, 'tiny'));
    const callback = `/login/upstream/tiny/callback?${String(answer)}`;
    expect((await house.browser().get(callback)).status).toBe(400);
    const [first, second] = await Promise.all([browser.get(callback), browser.get(callback)]);
    expect([first!.status, second!.status].sort()).toEqual([303, 400]);
    expect((await browser.get(callback)).status).toBe(400);
  });

  it('tells of a provider that cannot be reached, and of one that is none', async () => {
    const browser = house.browser();
    const url = await leave(browser, 'tiny');
    tiny.answers.set('/token', (_request, _body, response) => void response.writeHead(500).end());
    const back = await comeBack(browser, url);
    expect(back.status).toBe(503);
    expect(back.page).toContain('Tiny cannot be reached right now');
    expect((await browser.get('/login/upstream/none/callback?state=x')).status).toBe(404);
    const { page } = await browser.get('/login');
    expect((await browser.submit(page, '/login/upstream', { provider: 'none' })).status).toBe(400);
    expect((await browser.post('/login/upstream', { provider: 'tiny' })).status).toBe(403);
  });
});

describe('the page of accounts at other sites', () => {
  it('links and unlinks, never the last way in, and never what is another’s', async () => {
    const browser = house.browser();
    await browser.signIn('bob', 'builder');
    const { page } = await browser.get('/account/upstream');
    const away = await browser.submit(page, '/account/upstream', { link: 'tiny' });
    expect((await comeBack(browser, away.headers.get('location')!)).headers.get('location')).toBe('/account/upstream');
    const linked = (await browser.get('/account/upstream')).page;
    expect(linked).toContain('id="linked"');

    // Somebody else cannot have it as well.
    const rival = house.browser();
    await rival.signIn('alice', 'wonderland');
    const rivals = await rival.submit((await rival.get('/account/upstream')).page, '/account/upstream', {
      link: 'tiny',
    });
    const refused = await comeBack(rival, rivals.headers.get('location')!);
    expect([refused.status, refused.page.includes('already_linked')]).toEqual([400, true]);

    // Nor is an answer good in a session of somebody else in the same browser.
    tiny.subject = 'second';
    const begun = await browser.submit(linked, '/account/upstream', { link: 'tiny' });
    await browser.signIn('alice', 'wonderland');
    expect((await comeBack(browser, begun.headers.get('location')!)).status).toBe(400);
    await browser.signIn('bob', 'builder');

    const unlink = /name="unlink" value="([^"]+)"/.exec(linked)![1]!;
    const own = (await browser.get('/account/upstream')).page;
    expect((await browser.submit(own, '/account/upstream', { unlink })).status).toBe(303);
    expect((await browser.get('/account/upstream')).page).not.toContain('id="linked"');
  });

  it('tells whoever knows the person of a link that came or went, as CAEP credential-change', async () => {
    const { sub } = await house.users.add({ username: 'linker', password: 'a long old password' });
    const browser = house.browser();
    await browser.signIn('linker', 'a long old password');
    await house.codeFlow({}, { browser });
    const { page } = await browser.get('/account/upstream');
    const away = await browser.submit(page, '/account/upstream', { link: 'tiny' });
    await comeBack(browser, away.headers.get('location')!);
    const linked = (await browser.get('/account/upstream')).page;
    await browser.submit(linked, '/account/upstream', { unlink: /name="unlink" value="([^"]+)"/.exec(linked)![1]! });
    const lines = (await house.part(RevocationLog).after(0, 1000)).filter(({ subject }) => subject === sub);
    expect(lines.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['credential', 'federated_added'],
      ['credential', 'federated_removed'],
    ]);
  });

  it('keeps the last way to sign in', async () => {
    const bare = await house.users.add({ username: 'bare' });
    await link('bare', 'bare');
    tiny.subject = 'bare';
    tiny.idClaims = { auth_time: clock.seconds() };
    const browser = house.browser();
    await comeBack(browser, await leave(browser, 'tiny'));
    const { page } = await browser.get('/account/upstream');
    const unlink = /name="unlink" value="([^"]+)"/.exec(page)![1]!;
    const answer = await browser.submit(page, '/account/upstream', { unlink });
    expect([answer.status, answer.page.includes('only way you have')]).toEqual([400, true]);
    await house.users.setPassword(bare.sub, 'a password of their own');
    expect((await browser.submit(page, '/account/upstream', { unlink })).status).toBe(303);
  });
});

it.each([
  [[{ id: 'A b', name: 'x', issuer: 'https://a.test', clientId: 'c' }], '0.id must be a short name'],
  [[{ id: 'a', name: 'x', issuer: 'http://a.test', clientId: 'c' }], '0.issuer must be https://'],
  [[{ id: 'a', name: 'x', issuer: 'https://a.test', clientId: 'c', scope: 'email' }], 'openid'],
  [[{ id: 'a', name: 'x', issuer: 'https://a.test', clientId: 'c', clientSecrets: 'hidden' }], 'clientSecrets'],
  [
    [
      { id: 'a', name: 'x', issuer: 'https://a.test', clientId: 'c' },
      { id: 'a', name: 'y', issuer: 'https://b.test', clientId: 'c' },
    ],
    'two have the same id',
  ],
])('stops the start for options that are not right: %j', async (upstream, problem) => {
  const issuer = 'https://id.test';
  expect(() => LoginModule.forRoot({ issuer, upstream: upstream as UpstreamOptions[] })).toThrow(problem);
  const refused = () => identityProviderConfig({ GATEHOUSE_UPSTREAM: JSON.stringify(upstream) });
  expect(refused).toThrow(problem);
  expect(refused).not.toThrow('hidden');
});

it('takes what the documentation shows', () => {
  const document = readFileSync(new URL('../../docs/login.md', import.meta.url), 'utf8');
  const [, example] = /```json\n(\[\n[^`]*)```/.exec(document)!;
  expect(upstreamJson.parse(example)).toMatchObject([{ id: 'acme', issuer: 'https://login.acme.example' }]);
});

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
