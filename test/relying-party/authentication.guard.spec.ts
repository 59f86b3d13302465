import { BearerTokens } from '../../src/relying-party/bearer-tokens.js';
import { Revocations } from '../../src/relying-party/revocation/revocations.js';
import { TestClock } from '../support/test-clock.js';
import { AUDIENCE, issuerKey, TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, type Ask, type Browser, House, reached } from './house.js';

const NAVIGATION: [string, string][] = [
  ['accept', 'text/html,*/*'],
  ['sec-fetch-mode', 'navigate'],
];

describe.each(Object.keys(adapters) as (keyof typeof adapters)[])('the guard on %s', (adapter) => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  let house: House;
  let browser: Browser;
  let good: string;
  let session: string;
  const credentials: Record<string, () => [string, string][]> = {};

  beforeAll(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    house = await House.open(issuer, { roles: (claims) => (claims['admin'] ? ['admin'] : []) }, adapter);
    browser = house.browser();
    await browser.signIn(issuer);
    session = `__Host-app=${browser.cookies.get('__Host-app')}`;
    good = await issuer.accessToken();
    const bad = `${good.slice(0, -8)}AAAAAAAA`;
    Object.assign(credentials, {
      nothing: () => [],
      'an unknown cookie': () => [['cookie', `__Host-app=${'x'.repeat(43)}`]],
      'a session': () => [['cookie', session]],
      'a token': () => [['authorization', `Bearer ${good}`]],
      'a bad token': () => [['authorization', `Bearer ${bad}`]],
      'a bad token and a session': () => [
        ['authorization', `Bearer ${bad}`],
        ['cookie', session],
      ],
      'a token and a bad cookie': () => [
        ['authorization', `Bearer ${good}`],
        ['cookie', '__Host-app=x'],
      ],
      'a token and a session': () => [
        ['authorization', `Bearer ${good}`],
        ['cookie', session],
      ],
    } satisfies typeof credentials);
  });
  afterAll(async () => {
    await house.close();
    await issuer.close();
  });
  beforeEach(() => (reached.count = 0));

  // route, credential, status of a navigation, status of another request, scheme when it passes
  const table: [string, string, number, number, string?][] = [
    ['/public', 'nothing', 200, 200, 'anonymous'],
    ['/public', 'a bad token', 200, 200, 'anonymous'],
    ['/public', 'a session', 200, 200, 'anonymous'],
    ['/optional', 'nothing', 200, 200, 'anonymous'],
    ['/optional', 'an unknown cookie', 200, 200, 'anonymous'],
    ['/optional', 'a session', 200, 200, 'session'],
    ['/optional', 'a token', 200, 200, 'jwt'],
    ['/optional', 'a bad token', 401, 401],
    ['/optional', 'a bad token and a session', 401, 401],
    ['/undecorated', 'nothing', 303, 401],
    ['/undecorated', 'an unknown cookie', 303, 401],
    ['/undecorated', 'a session', 200, 200, 'session'],
    ['/undecorated', 'a token', 200, 200, 'jwt'],
    ['/undecorated', 'a token and a session', 200, 200, 'jwt'],
    ['/undecorated', 'a token and a bad cookie', 200, 200, 'jwt'],
    ['/undecorated', 'a bad token', 401, 401],
    ['/undecorated', 'a bad token and a session', 401, 401],
    ['/session', 'nothing', 303, 401],
    ['/session', 'a session', 200, 200, 'session'],
    ['/session', 'a token', 401, 401],
    ['/session', 'a token and a session', 401, 401],
    ['/jwt', 'nothing', 401, 401],
    ['/jwt', 'a session', 401, 401],
    ['/jwt', 'a token', 200, 200, 'jwt'],
    ['/contradiction', 'nothing', 303, 401],
    ['/scoped', 'a token', 403, 403],
    ['/role', 'a session', 403, 403],
    ['/introspected', 'a token', 200, 200, 'jwt'],
    ['/introspected', 'a session', 200, 200, 'session'],
  ];
  it.each(table.map((row) => [...row.slice(0, 4), row[4] ?? ''] as [string, string, number, number, string]))(
    '%s with %s: %i for a navigation, %i otherwise',
    async (path, credential, navigation, other, scheme) => {
      const headers = credentials[credential]!();
      const kinds: [[string, string][], number][] = [
        [NAVIGATION, navigation],
        [[], other],
      ];
      for (const [kind, status] of kinds) {
        reached.count = 0;
        const answer = await house.ask(path, { headers: [...headers, ...kind] });
        expect([answer.status, reached.count]).toEqual([status, status === 200 ? 1 : 0]);
        if (scheme) expect(answer.json['scheme']).toBe(scheme);
        if (path !== '/public') {
          expect(answer.headers['cache-control']).toBe('no-store');
          expect(answer.headers['vary']).toBe('Authorization, Cookie');
        }
        if (status === 401) {
          expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="app"/);
          expect(answer.json).toEqual({
            error: expect.any(String),
            code: expect.any(String),
            message: expect.any(String),
            correlationId: expect.any(String),
          });
        }
        if (credential === 'an unknown cookie') expect(String(answer.headers['set-cookie'])).toMatch(/Max-Age=0/);
      }
    },
  );

  it('says which scopes are missing', async () => {
    const { json, headers } = await house.ask('/scoped', { headers: credentials['a token']!() });
    expect(json['error']).toBe('insufficient_scope');
    expect(headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(headers['www-authenticate']).toContain('scope="read write"');
    const token = await issuer.accessToken({ scope: 'write read' });
    expect((await house.ask('/scoped', { headers: [['authorization', `Bearer ${token}`]] })).status).toBe(200);
  });

  it('reads roles as it is told', async () => {
    const token = await issuer.accessToken({ admin: true });
    expect((await house.ask('/role', { headers: [['authorization', `Bearer ${token}`]] })).status).toBe(200);
  });

  it.each([
    ['the scheme in capitals', (t: string) => [`BEARER ${t}`], 200],
    ['the scheme in small letters', (t: string) => [`bearer ${t}`], 200],
    ['two spaces', (t: string) => [`Bearer  ${t}`], 401],
    ['a tab', (t: string) => [`Bearer\t${t}`], 401],
    ['a comma', (t: string) => [`Bearer ${t},x`], 401],
    ['two tokens', (t: string) => [`Bearer ${t} ${t}`], 401],
    ['Basic', () => ['Basic YTpi'], 401],
    ['nothing after the scheme', () => ['Bearer'], 401],
    ['an empty header', () => [''], 401],
    ['bytes beyond ASCII', (t: string) => [`Bearer ${t}\u00e9`], 401],
    ['two headers', (t: string) => [`Bearer ${t}`, `Bearer ${t}`], 401],
    ['two headers, the second bad', (t: string) => [`Bearer ${t}`, 'Bearer x'], 401],
  ] as [string, (token: string) => string[], number][])('JW-43: Authorization: %s', async (_, values, status) => {
    const headers = values(good).map((value): [string, string] => ['authorization', value]);
    expect((await house.ask('/undecorated', { headers })).status).toBe(status);
  });

  it('JW-41, JW-42: a token in the query is nothing, and beside a header it is an ambiguity', async () => {
    expect((await house.ask(`/undecorated?access_token=${good}`)).status).toBe(401);
    const headers = credentials['a token']!();
    const both = await house.ask(`/undecorated?access_token=${good}`, { headers });
    expect([both.status, both.json['error']]).toEqual([400, 'invalid_request']);
    const form: [string, string] = ['content-type', 'application/x-www-form-urlencoded'];
    const ask: Ask = { method: 'POST', headers: [...headers, form], body: `access_token=${good}` };
    expect((await house.ask('/undecorated', ask)).status).toBe(400);
    expect((await house.ask('/undecorated', { ...ask, headers: [form] })).status).toBe(401);
  });

  it.each([
    ['its own pages', [['sec-fetch-site', 'same-origin']], 201],
    [
      'its own pages without a referrer',
      [
        ['sec-fetch-site', 'same-origin'],
        ['origin', 'null'],
      ],
      201,
    ],
    ['an old browser', 'own origin', 201],
    ['a sibling', [['sec-fetch-site', 'same-site']], 403],
    ['another site', [['sec-fetch-site', 'cross-site']], 403],
    [
      'another site that lies about its origin',
      [
        ['sec-fetch-site', 'cross-site'],
        ['origin', 'own'],
      ],
      403,
    ],
    ['the address bar', [['sec-fetch-site', 'none']], 403],
    ['a sandbox', [['origin', 'null']], 403],
    ['an origin that looks alike', [['origin', 'http://localhost.evil.test']], 403],
    ['nowhere', [], 403],
  ] as [string, [string, string][] | string, number][])('SE-20: a session writes from %s', async (_, from, status) => {
    const own: [string, string][] = [['origin', house.origin]];
    const headers = (typeof from === 'string' ? own : from).map(([name, value]): [string, string] => [
      name,
      value === 'own' ? house.origin : value,
    ]);
    const answer = await house.ask('/undecorated', { method: 'POST', headers: [['cookie', session], ...headers] });
    expect([answer.status, reached.count]).toEqual([status, status === 201 ? 1 : 0]);
    if (status === 403) expect(answer.json['code']).toBe('csrf');
    const removed = await house.ask('/undecorated', { method: 'DELETE', headers: [['cookie', session], ...headers] });
    expect(removed.status).toBe(status === 201 ? 200 : 403);
  });

  it('a token writes from anywhere', async () => {
    const headers: [string, string][] = [...credentials['a token']!(), ['sec-fetch-site', 'cross-site']];
    expect((await house.ask('/undecorated', { method: 'POST', headers })).status).toBe(201);
  });

  it.each([
    ['bad percent-encoding', '__Host-app=%E0%A4%A'],
    ['16 KB', `__Host-app=${'a'.repeat(12_000)}`],
    ['a prototype key', '__proto__=x; constructor=y; __Host-app=z'],
    ['two of the same name', `__Host-app=${'x'.repeat(43)}; __Host-app=${'y'.repeat(43)}`],
    ['nothing', '__Host-app='],
  ])('SE-08: a cookie of %s is anonymous', async (_, cookie) => {
    expect((await house.ask('/undecorated', { headers: [['cookie', cookie]] })).status).toBe(401);
  });

  it('SE-07: two session cookies, one good: anonymous, in either order and in two headers', async () => {
    const other = `__Host-app=${'y'.repeat(43)}`;
    for (const cookies of [[`${session}; ${other}`], [`${other}; ${session}`], [session, other], [other, session]]) {
      const headers = cookies.map((cookie): [string, string] => ['cookie', cookie]);
      expect((await house.ask('/undecorated', { headers })).status).toBe(401);
    }
  });

  it.each(['/%75ndecorated', '//undecorated', '/undecorated/', '/UNDECORATED', '/undecorated;x', '/./undecorated',
    '/undecorated%2f', '/undecorated%00', '/x/../undecorated', '/nowhere'])('JW-46, JW-47: %s is never open', async (path) => {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'TRACE']) {
      const { status } = await house.ask(path, { method });
      expect([400, 401, 404, 405]).toContain(status);
    }
    expect(reached.count).toBe(0);
  }); // prettier-ignore

  it('SE-23: a method override is not heard', async () => {
    const headers: [string, string][] = [
      ['cookie', session],
      ['x-http-method-override', 'DELETE'],
    ];
    expect((await house.ask('/undecorated?_method=DELETE', { headers })).json['scheme']).toBe('session');
  });

  const tokens: [string, string, () => Promise<string>][] = [
    ['of another issuer', 'issuer_mismatch', () => issuer.accessToken({ iss: 'https://evil.test' })],
    ['JW-28: for another audience', 'audience_mismatch', () => issuer.accessToken({ aud: 'other' })],
    ['for an audience that begins alike', 'audience_mismatch', () => issuer.accessToken({ aud: `${AUDIENCE}.evil` })],
    ['for null and us', 'audience_mismatch', () => issuer.accessToken({ aud: [null, AUDIENCE] })],
    ['for nobody', 'audience_mismatch', () => issuer.accessToken({ aud: undefined })],
    ['that has expired', 'token_expired', () => issuer.accessToken({ exp: clock.seconds() - 6 })],
    ['without an end', 'claims_invalid', () => issuer.accessToken({ exp: undefined })],
    ['of tomorrow', 'token_not_yet_valid', () => issuer.accessToken({ nbf: clock.seconds() + 60 })],
    ['issued tomorrow', 'token_not_yet_valid', () => issuer.accessToken({ iat: clock.seconds() + 60 })],
    ['without a subject', 'claims_invalid', () => issuer.accessToken({ sub: '' })],
    ['bound to a key', 'proof_required', () => issuer.accessToken({ cnf: { jkt: 'x' } })],
    ['bound to a certificate', 'claims_invalid', () => issuer.accessToken({ cnf: { 'x5t#S256': 'x' } })],
    ['JW-25: that is an ID token', 'wrong_token_type', () => issuer.accessToken({}, { typ: 'JWT' })],
    ['without a type', 'wrong_token_type', () => issuer.accessToken({}, { typ: undefined })],
    ['JW-27, BL-09: that is a logout token', 'wrong_token_type', () => issuer.accessToken({}, { typ: 'logout+jwt' })],
    ['with an algorithm not listed', 'algorithm_refused', () => issuer.sign(issuer.accessClaims(), {}, issuer.key('RS256'))],
    ['of a key unknown', 'signature_invalid', () => issuer.sign(issuer.accessClaims(), {}, issuerKey('ES256'))],
    ['of a key that borrows a name', 'signature_invalid', () => issuer.sign(issuer.accessClaims(), {}, issuerKey('ES256', 'es'))],
    ['without a key name, of another key', 'signature_invalid', () => issuer.sign(issuer.accessClaims(), { kid: undefined }, issuerKey())],
    ['JW-16: with jku', 'malformed_token', () => issuer.accessToken({}, { jku: `${issuer.url}/canary` })],
    ['JW-16: with x5u', 'malformed_token', () => issuer.accessToken({}, { x5u: `${issuer.url}/canary` })],
    ['JW-44: of 9 KB', 'malformed_token', () => issuer.accessToken({ x: 'y'.repeat(9000) })],
    ['of two parts', 'malformed_token', async () => good.split('.').slice(0, 2).join('.')],
    ['of five parts', 'malformed_token', async () => `${good}.x.y`],
    ['without a dot', 'malformed_token', async () => 'opaque'],
  ]; // prettier-ignore
  it.each(tokens)('JW-55: a token %s: %s', async (_, code, token) => {
    const text = await token();
    const { status, json, headers } = await house.ask('/jwt', { headers: [['authorization', `Bearer ${text}`]] });
    expect([status, json['code'], json['error']]).toEqual([401, code, 'invalid_token']);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(JSON.stringify([headers, json])).not.toContain(text);
    expect([reached.count, issuer.hitsOf('/canary')]).toEqual([0, 0]);
  });

  it.each([[{ sub: 'svc', client_id: 'svc' }], [{ sub: 'alice', client_id: 'alice' }]])(
    'JW-34: a program is no user: %j',
    async (claims) => {
      const token = await issuer.accessToken(claims);
      const { json } = await house.ask('/undecorated', { headers: [['authorization', `Bearer ${token}`]] });
      expect(json['isClient']).toBe(true);
      expect(json['user']).toBeUndefined();
    },
  );

  it('hands out the access token for calling on', async () => {
    const bySession = await house.ask('/undecorated', { headers: [['cookie', session]] });
    expect(bySession.json['token']).toMatch(/^eyJ/);
    const byToken = await house.ask('/undecorated', { headers: credentials['a token']!() });
    expect(byToken.json['token']).toBe(good);
  });

  it('JW-22: a warm token dies at its end, and with its key', async () => {
    const token = await issuer.accessToken();
    const headers: [string, string][] = [['authorization', `Bearer ${token}`]];
    expect((await house.ask('/jwt', { headers })).status).toBe(200);
    expect((await house.ask('/jwt', { headers })).status).toBe(200);
    clock.pass('6m');
    expect((await house.ask('/jwt', { headers })).json['code']).toBe('token_expired');
    const lasting = await issuer.accessToken({ exp: clock.seconds() + 3600 });
    const ask = () => house.ask('/jwt', { headers: [['authorization', `Bearer ${lasting}`]] });
    expect((await ask()).status).toBe(200);
    const { keys } = issuer;
    issuer.keys = [issuerKey('ES256', 'next'), issuer.key('RS256')];
    clock.pass('31s');
    // Whoever brings a token of the new key makes the application read the set again.
    const next = await issuer.sign(issuer.accessClaims());
    expect((await house.ask('/jwt', { headers: [['authorization', `Bearer ${next}`]] })).status).toBe(200);
    expect((await ask()).json['code']).toBe('signature_invalid');
    issuer.keys = keys;
    clock.pass('31s');
    good = await issuer.accessToken();
    expect((await house.ask('/jwt', { headers: [['authorization', `Bearer ${good}`]] })).status).toBe(200);
  });
});

describe('the guard when something is missing', () => {
  let clock: TestClock;
  let issuer: TinyIssuer;
  beforeEach(async () => {
    clock = new TestClock();
    issuer = await TinyIssuer.listen(clock);
    reached.count = 0;
  });
  afterEach(() => issuer.close());

  const withToken = async (house: House, path = '/jwt', change = {}) =>
    house.ask(path, { headers: [['authorization', `Bearer ${await issuer.accessToken(change)}`]] });

  it.each([
    ['no metadata', '/.well-known/openid-configuration'],
    ['no keys', '/jwks'],
  ])('JW-40, JW-48: %s: 503, and 200 when they are back', async (_, path) => {
    const house = await House.open(issuer);
    issuer.answers.set(path, (_request, _body, response) => response.writeHead(500).end());
    const refused = await withToken(house);
    expect([refused.status, refused.headers['retry-after'], reached.count]).toEqual([503, '5', 0]);
    issuer.answers.clear();
    clock.pass('11s');
    expect((await withToken(house)).status).toBe(200);
    await house.close();
  });

  it('RP-07: metadata of another issuer are not believed', async () => {
    const house = await House.open(issuer);
    issuer.answers.set('/.well-known/openid-configuration', (_request, _body, response) =>
      response.end(JSON.stringify({ ...issuer.metadata(), issuer: 'https://evil.test' })),
    );
    expect((await withToken(house)).status).toBe(503);
    expect((await house.browser().get('/auth/login')).status).toBe(503);
    await house.close();
  });

  it.each([
    ['mapUser throws', { mapUser: () => { throw new Error('no database'); } }],
    ['roles throws', { roles: () => { throw new Error('no'); } }],
    ['the session store throws', {}],
  ])('JW-48: %s: 503, never the handler', async (what, change) => {
    const house = await House.open(issuer, change);
    if (what.startsWith('the session')) {
      const { ApplicationSessions } = await import('../../src/relying-party/application-sessions.js');
      house.app.get(ApplicationSessions).resume = () => Promise.reject(new Error('store is down'));
      const headers: [string, string][] = [['cookie', `__Host-app=${'x'.repeat(43)}`]];
      expect((await house.ask('/session', { headers })).status).toBe(503);
    } else {
      expect((await withToken(house)).status).toBe(503);
    }
    expect(reached.count).toBe(0);
    await house.close();
  }); // prettier-ignore

  it.each<[string, (house: House) => void]>([
    ['what verifies tokens throws', ({ app }) => { app.get(BearerTokens).authenticate = () => { throw new TypeError('a fault'); }; }],
    ['what verifies tokens rejects', ({ app }) => { app.get(BearerTokens).authenticate = () => Promise.reject(new Error('a fault')); }],
    ['what verifies tokens never finds anybody', ({ app }) => { app.get(BearerTokens).authenticate = () => undefined as never; }],
    ['what knows of revocations throws', ({ app }) => { app.get(Revocations).of = () => { throw new Error('a fault'); }; }],
    ['what knows of revocations rejects', ({ app }) => { app.get(Revocations).of = () => ({ isRevoked: () => Promise.reject(new Error('a fault')) }) as never; }],
  ])('JW-48: %s: 503, never the handler', async (_, spoil) => {
    const house = await House.open(issuer);
    spoil(house);
    for (const path of ['/jwt', '/optional', '/undecorated']) {
      const { status, text } = await withToken(house, path);
      expect([status, reached.count]).toEqual([503, 0]);
      expect(text).not.toContain('a fault');
    }
    await house.close();
  }); // prettier-ignore

  it.each([
    ['active as text', 200, { active: 'true' }, 401, undefined],
    ['active as a number', 200, { active: 1 }, 401, undefined],
    ['no active', 200, {}, 401, undefined],
    ['an array', 200, [{ active: true }], 401, undefined],
    ['a fault', 500, { active: true }, 503, undefined],
    ['another status', 202, { active: true }, 503, undefined],
    ['a page', 200, { active: true }, 503, 'text/html'],
    ['active', 200, { active: true }, 200, undefined],
  ] as [string, number, unknown, number, string | undefined][])(
    'JW-52: introspection that answers %s',
    async (_, status, body, expected, type) => {
      const house = await House.open(issuer, { revocation: { mode: 'introspect' } });
      issuer.answers.set('/introspect', (_request, _body, response) =>
        response.writeHead(status, { 'content-type': type ?? 'application/json' }).end(JSON.stringify(body)),
      );
      expect((await withToken(house)).status).toBe(expected);
      await house.close();
    },
  );

  it('JW-37: introspection is asked once a second at most, and a revocation is noticed after it', async () => {
    const house = await House.open(issuer, { revocation: { mode: 'introspect' } });
    const token = await issuer.accessToken();
    const headers: [string, string][] = [['authorization', `Bearer ${token}`]];
    const statuses = async () =>
      (await Promise.all([1, 2, 3].map(() => house.ask('/jwt', { headers })))).map((a) => a.status);
    expect(await statuses()).toEqual([200, 200, 200]);
    issuer.revoked.add(token);
    expect(issuer.hitsOf('/introspect')).toBe(1);
    clock.pass('1s');
    expect(await statuses()).toEqual([401, 401, 401]);
    expect((await house.ask('/jwt', { headers })).json['code']).toBe('token_revoked');
    await house.close();
  });

  it('opaque tokens are believed where the provider is asked, and nowhere else', async () => {
    const headers: [string, string][] = [['authorization', 'Bearer opaque-token']];
    const asking = await House.open(issuer, { revocation: { mode: 'introspect' } });
    expect((await asking.ask('/jwt', { headers })).json).toMatchObject({ scheme: 'jwt', subject: 'alice' });
    issuer.revoked.add('opaque-token');
    clock.pass('1s');
    expect((await asking.ask('/jwt', { headers })).json['code']).toBe('token_revoked');
    await asking.close();
    const trusting = await House.open(issuer);
    expect((await trusting.ask('/jwt', { headers })).status).toBe(401);
    await trusting.close();
  });

  it('an API without sessions has no sign-in, and needs no client', async () => {
    const house = await House.open(issuer, ({ issuer: url, bearer, clock: hand }) => ({
      issuer: url,
      bearer,
      clock: hand,
    }));
    expect((await withToken(house)).status).toBe(200);
    expect((await house.browser().get('/undecorated')).status).toBe(401);
    expect((await house.browser().get('/auth/login')).status).toBe(404);
    await house.close();
  });

  it('EdDSA tokens are proved too', async () => {
    issuer.keys.push(issuerKey('EdDSA', 'ed'));
    const house = await House.open(issuer, { bearer: { audience: AUDIENCE, algorithms: ['EdDSA'] } });
    const token = await issuer.sign(issuer.accessClaims(), {}, issuer.key('EdDSA'));
    expect((await house.ask('/jwt', { headers: [['authorization', `Bearer ${token}`]] })).status).toBe(200);
    expect((await withToken(house)).json['code']).toBe('algorithm_refused');
    await house.close();
  });
});
