import { TestClock } from '../support/test-clock.js';
import { issuerKey, publicJwk, TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, type Browser, House } from './house.js';

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('sign-in on %s', (adapter) => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let house: House;
  let browser: Browser;

  beforeAll(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    house = await House.open(issuer, {}, adapter);
  });
  beforeEach(() => {
    issuer.reset();
    browser = house.browser();
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });

  it('goes to the provider and comes back to where it was', async () => {
    const first = await browser.get('/session?page=2');
    expect([first.status, first.headers['location']]).toEqual([303, '/auth/login?returnTo=%2Fsession%3Fpage%3D2']);

    const login = await browser.get(String(first.headers['location']));
    const asked = new URL(String(login.headers['location']));
    expect(login.status).toBe(303);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'app',
      code_challenge_method: 'S256',
      scope: 'openid profile email',
    });

    const callback = await browser.get(`/auth/callback?${issuer.authorize(asked.href).toString()}`);
    expect([callback.status, callback.headers['location']]).toEqual([303, '/session?page=2']);
    expect([callback.headers['set-cookie']].flat().join('\n')).toMatch(
      /__Host-app=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );

    const page = await browser.get('/session?page=2');
    expect(page.json).toMatchObject({ scheme: 'session', subject: 'alice', scopes: ['openid', 'read'] });
    expect([...browser.cookies.keys()]).toEqual(['__Host-app']);
  });

  describe('HD-09 a sign-in that somebody else begins (Core §4)', () => {
    const FORM: [string, string][] = [
      ['content-type', 'application/x-www-form-urlencoded'],
      ['sec-fetch-site', 'cross-site'],
    ];
    const begin = {
      GET: (sent: URLSearchParams) => browser.get(`/auth/login?${sent.toString()}`),
      POST: (sent: URLSearchParams) =>
        browser.send('/auth/login', { method: 'POST', headers: FORM, body: sent.toString() }),
    };

    it.each(['GET', 'POST'] as const)('ends on the page that was named, for whoever was named: %s', async (method) => {
      const target_link_uri = `${house.origin}/session?page=3`;
      const login = await begin[method](
        new URLSearchParams({ iss: issuer.url, login_hint: 'alice@example.test', target_link_uri }),
      );
      const asked = new URL(String(login.headers['location']));
      expect(asked.origin).toBe(issuer.url);
      expect(asked.searchParams.get('login_hint')).toBe('alice@example.test');
      const callback = await browser.get(`/auth/callback?${issuer.authorize(asked.href).toString()}`);
      expect(callback.headers['location']).toBe('/session?page=3');
    });

    it.each([
      'https://evil.test/session',
      '//evil.test/',
      '/\\\\evil.test',
      'javascript:alert(1)',
      'http://app.test@evil.test/',
      'session',
      '/auth/login',
    ])('HD-08: never ends at %s', async (target_link_uri) => {
      const login = await begin.GET(new URLSearchParams({ iss: issuer.url, target_link_uri }));
      const answer = issuer.authorize(String(login.headers['location'])).toString();
      expect((await browser.get(`/auth/callback?${answer}`)).headers['location']).toBe('/');
    });

    it.each<['GET' | 'POST', [string, string][]]>([
      ['GET', [['iss', 'https://evil.test']]],
      ['POST', [['iss', 'https://evil.test']]],
      ['GET', [['iss', '']]],
      [
        'GET',
        [
          ['iss', 'ours'],
          ['iss', 'https://evil.test'],
        ],
      ],
    ])('of another provider is a page, and no redirect: %s %j', async (method, sent) => {
      const named = sent.map(([name, value]) => [name, value === 'ours' ? issuer.url : value]);
      const { status, headers, text } = await begin[method](new URLSearchParams(named));
      expect([status, headers['location'], headers['set-cookie']]).toEqual([400, undefined, undefined]);
      expect(text).toContain('unknown_issuer');
    });

    it('is no JSON', async () => {
      const headers: [string, string][] = [['content-type', 'application/json']];
      const { status, text } = await browser.send('/auth/login', { method: 'POST', headers, body: '{"iss":"x"}' });
      expect([status, text.includes('invalid_request')]).toEqual([400, true]);
    });
  });

  it('RP-14: keeps every token from the browser', async () => {
    const callback = await browser.signIn(issuer);
    const shown = JSON.stringify([callback.headers, callback.text, [...browser.cookies]]);
    expect(shown).not.toMatch(/eyJ/);
  });

  const refused: [string, string, (answer: URLSearchParams) => void][] = [
    ['another state', 'state_mismatch', (answer) => answer.set('state', 'guess')],
    ['no iss though it is promised', 'issuer_mismatch', (answer) => answer.delete('iss')],
    ['another iss', 'issuer_mismatch', (answer) => answer.set('iss', 'https://evil.test')],
    ['two codes', 'invalid_response', (answer) => answer.append('code', 'other')],
    ['two iss', 'invalid_response', (answer) => answer.append('iss', 'https://evil.test')],
    ['error and code', 'invalid_response', (answer) => answer.set('error', 'access_denied')],
    ['no code', 'invalid_response', (answer) => answer.delete('code')],
    ["somebody else's code", 'invalid_grant', (answer) => answer.set('code', 'stolen')],
    ['a huge answer', 'invalid_response', (answer) => answer.set('x', 'y'.repeat(9000))],
    ['a refusal', 'access_denied', (answer) => (answer.delete('code'), answer.set('error', 'access_denied'))],
    ['an error that is markup', 'provider_error', (answer) => (answer.delete('code'), answer.set('error', '<b>'))],
  ];
  it.each(refused)('RP-03, RP-09, RP-10: %s: %s, on a page, without a session', async (_, code, change) => {
    const answer = await browser.signIn(issuer, '/session', change);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text.includes(`<bdi>${code}</bdi>`)).toBe(true);
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(browser.cookies.has('__Host-app')).toBe(false);
    // Nothing but somebody else's code is worth a question.
    if (code !== 'invalid_grant') expect(issuer.hitsOf('/token')).toBe(0);
  });

  it.each([
    ['another nonce', { nonce: 'other' }],
    ['no nonce', { nonce: undefined }],
    ['another audience', { aud: 'other' }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['no sub', { sub: undefined }],
    ['an end in the past', { exp: 1_700_000_000 }],
    ['another azp', { aud: ['app', 'other'], azp: 'other' }],
  ])('RP-02: an ID token with %s: no session', async (_, idClaims) => {
    issuer.idClaims = idClaims;
    const answer = await browser.signIn(issuer);
    expect(answer.status).toBe(400);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });

  it.each(['logout+jwt', 'secevent+jwt', 'at+jwt'])('BL-09: a %s in place of an ID token: no session', async (type) => {
    issuer.idType = type;
    issuer.idClaims = { events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, jti: 'j' };
    const answer = await browser.signIn(issuer);
    expect(answer.status).toBe(400);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });

  it.each<[string, { iat: number; exp: number }, number]>([
    ['4 s ahead', { iat: 4, exp: 304 }, 303],
    ['4 s behind', { iat: -304, exp: -4 }, 303],
    ['6 s ahead', { iat: 6, exp: 306 }, 400],
    ['6 s behind', { iat: -306, exp: -6 }, 400],
    ['5 minutes ahead', { iat: 300, exp: 600 }, 400],
    ['5 minutes behind', { iat: -600, exp: -300 }, 400],
  ])('RP-20 a provider whose clock is %s', async (_, { iat, exp }, status) => {
    const now = clock.seconds();
    issuer.idClaims = { iat: now + iat, exp: now + exp };
    const answer = await browser.signIn(issuer);
    expect([answer.status, answer.text.includes('<bdi>clocks_apart</bdi>')]).toEqual([status, status === 400]);
    expect(browser.cookies.has('__Host-app')).toBe(status === 303);
  });

  it('an ID token signed by a key that is not published: no session', async () => {
    const published = JSON.stringify({ keys: await Promise.all(issuer.keys.map(publicJwk)) });
    issuer.answers.set('/jwks', (_request, _body, response) => response.end(published));
    issuer.keys = [issuer.key('ES256'), issuerKey('RS256', 'rs')];
    const answer = await browser.signIn(issuer);
    expect(answer.text.includes('id_token_invalid')).toBe(true);
  });

  it.each([
    ['another person', { sub: 'bob' }],
    ['nobody', { name: 'Alice' }],
    ['no text', { sub: ['alice'] }],
  ])('RP-06: userinfo of %s: no session', async (_, body) => {
    issuer.answers.set('/userinfo', (_request, _body, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );
    const answer = await browser.signIn(issuer);
    expect([answer.status, browser.cookies.has('__Host-app')]).toEqual([400, false]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another token_type', { token_type: 'mac' }],
    ['no token_type', { token_type: undefined }],
    ['no expires_in', { expires_in: undefined }],
    ['an expires_in that is text', { expires_in: 'soon' }],
    ['an expires_in that has passed', { expires_in: 0 }],
    ['no access token', { access_token: undefined }],
    ['an access token that is no text', { access_token: {} }],
    ['no ID token', { id_token: undefined }],
    ['an ID token that is no JWT', { id_token: 'x' }],
    ['an ID token without a signature', { id_token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.` }],
  ])('RP-19: a token answer with %s: no session', async (_, change) => {
    issuer.tokenAnswer = change;
    const answer = await browser.signIn(issuer);
    expect([answer.status, browser.cookies.has('__Host-app')]).toEqual([400, false]);
  });

  it.each([
    ['a page', 200, 'text/html', '<p>'],
    ['a fault', 500, 'text/html', '<p>'],
    ['ten megabytes', 200, 'application/json', ' '.repeat(10_000_000)],
    ['nothing', 200, 'application/json', ''],
    ['a list', 200, 'application/json', '[]'],
  ])('RP-19: a token endpoint that answers with %s: no session', async (_, status, type, body) => {
    issuer.answers.set('/token', (_request, _body, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    const answer = await browser.signIn(issuer);
    expect([400, 503]).toContain(answer.status);
    expect([answer.text.includes('node_modules'), browser.cookies.has('__Host-app')]).toEqual([false, false]);
  });

  it("RP-09: an attacker's code in the victim's answer fails by PKCE, and a nonce is good once", async () => {
    const theirs = await house.browser().get('/auth/login');
    const stolen = issuer.authorize(String(theirs.headers['location'])).get('code')!;
    const answer = await browser.signIn(issuer, '/session', (sent) => sent.set('code', stolen));
    expect([answer.status, answer.text.includes('<bdi>invalid_grant</bdi>')]).toEqual([400, true]);
    expect([issuer.hitsOf('/token'), browser.cookies.has('__Host-app')]).toEqual([1, false]);
    const earlier = await browser.get('/auth/login');
    const nonce = new URL(String(earlier.headers['location'])).searchParams.get('nonce');
    issuer.idClaims = { nonce };
    expect((await browser.signIn(issuer)).status).toBe(400);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });

  it('RP-10: the answer is a GET, and what is not one of ours is a page', async () => {
    const login = await browser.get('/auth/login');
    const answer = issuer.authorize(String(login.headers['location'])).toString();
    const headers: [string, string][] = [['content-type', 'application/x-www-form-urlencoded']];
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await browser.send('/auth/callback', { method, headers, body: answer })).status).toBe(404);
    }
    for (const query of [
      '',
      '?',
      '?code',
      '?code=x',
      '?state',
      '?error=x',
      `?state=${'x'.repeat(300)}`,
      '?%',
      '?state[]=x',
      '?#code=x',
    ]) {
      expect([query, (await browser.get(`/auth/callback${query.replace('#', '%23')}`)).status]).toEqual([query, 400]);
    }
    expect([issuer.hitsOf('/token'), browser.cookies.has('__Host-app')]).toEqual([0, false]);
  });

  it('SE-03: an id that was brought along is never the one of the session', async () => {
    const chosen = 'x'.repeat(43);
    browser.cookies.set('__Host-app', chosen);
    await browser.signIn(issuer);
    expect(browser.cookies.get('__Host-app')).not.toBe(chosen);
    expect((await house.ask('/session', { headers: [['cookie', `__Host-app=${chosen}`]] })).status).toBe(401);
  });

  it('RP-11: a reload of the callback leads to the application', async () => {
    const login = await browser.get('/auth/login');
    const query = issuer.authorize(String(login.headers['location'])).toString();
    await browser.get(`/auth/callback?${query}`);
    const cookie = browser.cookies.get('__Host-app');
    const again = await browser.get(`/auth/callback?${query}`);
    expect([again.status, again.headers['location']]).toEqual([303, '/']);
    expect(browser.cookies.get('__Host-app')).toBe(cookie);
  });

  it('RP-12: five tabs sign in beside each other, and a sixth pushes the first out', async () => {
    const states: string[] = [];
    for (let tab = 0; tab < 6; tab += 1) {
      clock.pass('1s');
      const login = await browser.get(`/auth/login?returnTo=/tab${tab}`);
      states.push(issuer.authorize(String(login.headers['location'])).toString());
    }
    expect(browser.cookies.size).toBe(5);
    const answers = [];
    for (const state of states) answers.push((await browser.get(`/auth/callback?${state}`)).headers['location']);
    expect(answers).toEqual([undefined, '/tab1', '/tab2', '/tab3', '/tab4', '/tab5']);
  });

  it('an attempt ends after ten minutes', async () => {
    const login = await browser.get('/auth/login');
    const query = issuer.authorize(String(login.headers['location'])).toString();
    clock.pass('11m');
    expect((await browser.get(`/auth/callback?${query}`)).text.includes('state_mismatch')).toBe(true);
  });

  it('a session that does not stick ends on a page after one round', async () => {
    const login = await browser.get('/auth/login');
    await browser.get(`/auth/callback?${issuer.authorize(String(login.headers['location'])).toString()}`);
    browser.cookies.delete('__Host-app');
    const answer = await browser.get('/session');
    expect([answer.status, answer.text.includes('sign_in_loop')]).toEqual([401, true]);
    expect((await browser.get('/session')).status).toBe(303);
  });

  it('SE-02: a new sign-in ends the session before it', async () => {
    await browser.signIn(issuer);
    const old = browser.cookies.get('__Host-app')!;
    await browser.signIn(issuer);
    expect(browser.cookies.get('__Host-app')).not.toBe(old);
    const answer = await house.ask('/session', { headers: [['cookie', `__Host-app=${old}`]] });
    expect(answer.status).toBe(401);
  });

  it('SE-11: sign-out ends the session on the server and goes on to the provider', async () => {
    await browser.signIn(issuer);
    const cookie = browser.cookies.get('__Host-app')!;
    const answer = await browser.post('/auth/logout');
    const target = new URL(String(answer.headers['location']));
    expect([answer.status, target.origin + target.pathname]).toEqual([303, `${issuer.url}/logout`]);
    expect(target.searchParams.get('post_logout_redirect_uri')).toBe(`${house.origin}/`);
    expect(target.searchParams.get('id_token_hint')).toMatch(/^eyJ/);
    expect(browser.cookies.size).toBe(0);
    expect((await house.ask('/session', { headers: [['cookie', `__Host-app=${cookie}`]] })).status).toBe(401);
  });

  it.each([
    ['another site', [['sec-fetch-site', 'cross-site']]],
    ['a sibling site', [['sec-fetch-site', 'same-site']]],
    ['another origin', [['origin', 'https://evil.test']]],
    ['nobody knows where', []],
  ] as [string, [string, string][]][])('SE-20: sign-out from %s is refused', async (_, headers) => {
    await browser.signIn(issuer);
    expect((await browser.post('/auth/logout', headers)).status).toBe(403);
    expect((await browser.get('/session')).status).toBe(200);
  });

  it('SE-20: sign-out is no GET', async () => {
    expect((await browser.get('/auth/logout')).status).toBe(404);
  });

  it('RP-13: renews the access token of a session, once for all requests that come together', async () => {
    await browser.signIn(issuer);
    clock.pass('6m');
    const before = issuer.hitsOf('/token');
    const cookie: [string, string] = ['cookie', `__Host-app=${browser.cookies.get('__Host-app')}`];
    const answers = await Promise.all(Array.from({ length: 20 }, () => house.ask('/session', { headers: [cookie] })));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(issuer.hitsOf('/token') - before).toBe(1);
  });

  it('ends a session whose refresh token the provider takes no more', async () => {
    await browser.signIn(issuer);
    issuer.refreshTokens.clear();
    clock.pass('6m');
    expect((await browser.get('/session')).status).toBe(303);
    expect(browser.cookies.has('__Host-app')).toBe(false);
  });

  it('keeps a session, and refuses, while the provider cannot be asked', async () => {
    await browser.signIn(issuer);
    clock.pass('6m');
    issuer.answers.set('/token', (_request, _body, response) => response.writeHead(500).end());
    expect((await browser.get('/session')).status).toBe(503);
    issuer.answers.clear();
    expect((await browser.get('/session')).status).toBe(200);
  });

  it('SE-12: idle and absolute ends hold', async () => {
    await browser.signIn(issuer);
    clock.pass('29m');
    expect((await browser.get('/session')).status).toBe(200);
    clock.pass('31m');
    expect((await browser.get('/session')).status).toBe(303);

    await browser.signIn(issuer);
    for (let passed = 0; passed < 12 * 60; passed += 20) {
      expect((await browser.get('/session')).status).toBe(200);
      clock.pass('20m');
    }
    expect((await browser.get('/session')).status).toBe(303);
  });
});

describe('introspection of sessions', () => {
  it('JW-37: notices a sign-out at the provider', async () => {
    const clock = new TestClock();
    const issuer = await TinyIssuer.listen(clock);
    const house = await House.open(issuer, { revocation: { mode: 'introspect' } });
    const browser = house.browser();
    await browser.signIn(issuer);
    const { token } = (await browser.get('/undecorated')).json;
    issuer.revoked.add(String(token));
    clock.pass('1s');
    expect((await browser.get('/session')).status).toBe(303);
    expect(browser.cookies.has('__Host-app')).toBe(false);

    await browser.signIn(issuer);
    issuer.answers.set('/introspect', (_request, _body, response) => response.writeHead(500).end());
    clock.pass('1s');
    expect((await browser.get('/session')).status).toBe(503);
    await house.close();
    await issuer.close();
  });
});

it('RP-04 a sign-in that was begun with one provider cannot be finished with another', async () => {
  const clock = new TestClock();
  const [first, second] = [await TinyIssuer.listen(clock), await TinyIssuer.listen(clock)];
  // The same application, with the same secret and cookies, after its provider was changed.
  const before = await House.open(first);
  const browser = before.browser();
  const login = await browser.get('/auth/login');
  await before.close();
  const after = await House.open(second);
  const returning = after.browser();
  for (const [name, value] of browser.cookies) returning.cookies.set(name, value);
  const answer = first.authorize(String(login.headers['location']));
  for (const iss of [first.url, second.url]) {
    answer.set('iss', iss);
    const refused = await returning.get(`/auth/callback?${answer.toString()}`);
    expect([refused.status, refused.text.includes('<bdi>state_mismatch</bdi>')]).toEqual([400, true]);
    for (const [name, value] of browser.cookies) returning.cookies.set(name, value);
  }
  expect([first.hitsOf('/token'), second.hitsOf('/token'), returning.cookies.has('__Host-app')]).toEqual([0, 0, false]);
  await after.close();
  await Promise.all([first.close(), second.close()]);
});
