import { createHash } from 'node:crypto';
import { authorizationResponseOf, leftHalf } from '../support/authorization-response.js';
import {
  authorizationRequest,
  challengeOf,
  claimsOf,
  encode,
  type Form,
  headerOf,
  type House,
  openHouse,
  type PersonBrowser,
  responseOf,
  type TestClient,
} from '../support/house.js';

const ALL_TYPES = ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'token'];
const OLDER = {
  response_types: ALL_TYPES,
  grant_types: ['authorization_code', 'implicit', 'refresh_token'],
};

let house: House;
/** The provider is `secure`; the operator exempted this client. */
let older: TestClient;
let alice: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
  older = await house.client('older', OLDER, { olderFlows: true, firstParty: true });
  ({ browser: alice } = await house.codeFlow());
});
afterAll(() => house.close());

const VERIFIER = 'v'.repeat(43);
const ask = async (change: Form, { client = older, browser = alice } = {}) =>
  authorizationResponseOf(await browser.start(client, { code_challenge: challengeOf(VERIFIER), ...change }));
const redeem = (code: string) => house.redeem(older, { code, verifier: VERIFIER, redirectUri: older.redirectUri }, {});

describe('the preset secure', () => {
  it.each(ALL_TYPES.slice(1))('AZ-02 AZ-03 refuses %s to a client that registered it', async (response_type) => {
    const client = await house.client('not-exempted', OLDER);
    const answer = await alice.start(client, { response_type });
    expect(Object.fromEntries(responseOf(answer))).toEqual({
      error: 'unsupported_response_type',
      error_description: expect.any(String),
      state: 'a state',
      iss: house.issuer,
    });
    expect(answer.headers.get('location')).not.toMatch(/#|access_token|id_token=|code=/);
  });

  it.each(['fragment', 'form_post', 'web_message', 'bogus'])(
    'AZ-24 refuses response_mode=%s',
    async (response_mode) => {
      const response = await ask({ response_mode }, { client: house.web });
      expect(response).toMatchObject({ mode: 'query', parameters: { error: 'invalid_request', state: 'a state' } });
      expect(response.parameters).not.toHaveProperty('code');
    },
  );

  it('does not mention what it does not serve', async () => {
    const metadata = await (await fetch(`${house.issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({ response_types_supported: ['code'], response_modes_supported: ['query'] });
    expect((metadata as { grant_types_supported: string[] }).grant_types_supported).not.toContain('implicit');
  });
});

describe('a response type', () => {
  it.each([
    ['code', 'query', []],
    ['id_token', 'fragment', ['id_token']],
    ['token', 'fragment', ['access_token', 'expires_in', 'scope', 'token_type']],
    ['id_token token', 'fragment', ['access_token', 'expires_in', 'id_token', 'scope', 'token_type']],
    ['code id_token', 'fragment', ['id_token']],
    ['code token', 'fragment', ['access_token', 'expires_in', 'scope', 'token_type']],
    ['code id_token token', 'fragment', ['access_token', 'expires_in', 'id_token', 'scope', 'token_type']],
  ])('%s is answered in the %s', async (response_type, mode, names) => {
    const response = await ask({ response_type });
    const code = response_type.includes('code') ? ['code'] : [];
    expect([response.mode, response.to]).toEqual([mode, older.redirectUri]);
    const expected = [...code, ...names, 'iss', 'session_state', 'state'].sort();
    expect(Object.keys(response.parameters).sort()).toEqual(expected);
    if (names.includes('access_token')) {
      expect(response.parameters).toMatchObject({ token_type: 'Bearer', expires_in: '300', scope: 'openid' });
    }
  });

  it('is a set: the order of its parts does not matter', async () => {
    expect((await ask({ response_type: 'token code id_token' })).parameters).toHaveProperty('code');
  });

  it.each(['code  ', ' code', 'code code', 'CODE', 'code none', 'none', 'id_token  token', 'id_token\ttoken'])(
    'AZ-04 %j is none',
    async (response_type) => {
      const { mode, parameters } = await ask({ response_type });
      expect([mode, parameters['error']]).toEqual(['query', 'unsupported_response_type']);
    },
  );

  it('that the client did not register is refused in its own channel', async () => {
    const client = await house.client('only-code', {}, { olderFlows: true, firstParty: true });
    for (const response_type of ['id_token', 'code token']) {
      const { mode, parameters } = await ask({ response_type }, { client });
      expect([mode, parameters['error']]).toEqual(['fragment', 'unauthorized_client']);
    }
  });
});

describe('the response mode', () => {
  it.each(ALL_TYPES)('may be fragment or form_post for %s', async (response_type) => {
    const [inFragment, posted] = [
      await ask({ response_type, response_mode: 'fragment' }),
      await ask({ response_type, response_mode: 'form_post' }),
    ];
    expect([inFragment.mode, posted.mode, posted.to]).toEqual(['fragment', 'form_post', older.redirectUri]);
    expect(Object.keys(posted.parameters)).toEqual(Object.keys(inFragment.parameters));
  });

  it('query is for a code alone: no token stands where logs keep it', async () => {
    for (const response_type of ALL_TYPES.slice(1)) {
      const { mode, parameters } = await ask({ response_type, response_mode: 'query' });
      expect([mode, parameters['error']]).toEqual(['fragment', 'invalid_request']);
    }
    expect((await ask({ response_mode: 'query' })).parameters).toHaveProperty('code');
  });

  it('that nobody knows is refused in the channel of the response type', async () => {
    for (const [response_type, mode] of [['code', 'query'], ['id_token', 'fragment']]) {
      const response = await ask({ response_type, response_mode: 'web_message' });
      expect(response).toMatchObject({ mode, parameters: { error: 'invalid_request', state: 'a state' } });
    }
  }); // prettier-ignore
});

describe('an error takes the channel that the answer would have taken', () => {
  it.each<[string, Form, string]>([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['a scope that it may not have', { scope: 'openid admin' }, 'invalid_scope'],
    ['prompt=none with a person who must sign in', { prompt: 'none', max_age: '0' }, 'login_required'],
    ['prompt=none with another', { prompt: 'none login' }, 'invalid_request'],
    ['a resource that nobody knows', { resource: 'urn:nobody' }, 'invalid_target'],
    ['a nonce sent twice', { nonce: ['a', 'b'] }, 'invalid_request'],
  ])('%s', async (_, change, error) => {
    const expected = { error, error_description: expect.any(String), state: 'a state', iss: house.issuer };
    const hybrid = change['response_type'] === undefined && 'response_type' in change ? 'query' : 'fragment';
    for (const [mode, response_mode] of [[hybrid, undefined], ['form_post', 'form_post']]) {
      const response = await ask({ response_type: 'code id_token token', response_mode, ...change });
      const { session_state: _state, ...parameters } = response.parameters;
      expect({ ...response, parameters }).toEqual({ mode, to: older.redirectUri, parameters: expected });
    }
  }); // prettier-ignore

  it('also when the person says no', async () => {
    const asking = await house.client('asking', OLDER, { olderFlows: true });
    const browser = house.browser();
    for (const response_mode of ['fragment', 'form_post']) {
      const first = await browser.start(asking, { response_type: 'id_token', response_mode });
      const response = authorizationResponseOf(await browser.walk(first, { decision: 'deny' }));
      expect(response).toMatchObject({ mode: response_mode, parameters: { error: 'access_denied', state: 'a state' } });
    }
  });

  it.each(['id_token', 'id_token token', 'code id_token', 'code id_token token'])(
    '%s without a nonce is invalid_request',
    async (response_type) => {
      const { mode, parameters } = await ask({ response_type, nonce: undefined });
      expect([mode, parameters['error']]).toEqual(['fragment', 'invalid_request']);
      expect(parameters).not.toHaveProperty('id_token');
      const bare = await ask({ response_type, scope: 'profile' });
      expect(bare.parameters['error']).toBe('invalid_request');
    },
  );

  it('code token needs no nonce', async () => {
    expect((await ask({ response_type: 'code token', nonce: undefined })).parameters).toHaveProperty('access_token');
  });
});

describe('RU-27 a wrong redirect URI stays here in every response mode', () => {
  it.each(['query', 'fragment', 'form_post'])('%s', async (response_mode) => {
    for (const redirect_uri of [
      'https://older.test/cb/extra',
      'https://older.test/cb/%2e%2e/evil',
      'HTTPS://older.test/cb',
      'https://older.test/cb?x=1',
      'https://older.test/cb?code=evil&state=evil&iss=evil',
      'https://older.test/cb#x',
      'https://older.test/cb#code=evil',
      'https://older.test:443/cb',
      'http://older.test/cb',
      'https://older.test.evil.test/cb',
      'https://older.test\\@evil.test',
      'https://older.test/cb\r\nX: y',
      'javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'https://rp-a.test/cb',
      undefined,
    ]) {
      for (const response_type of ['code', 'id_token token']) {
        const answer = await alice.start(older, { response_type, response_mode, redirect_uri });
        expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
        expect(answer.page).toContain('redirect_uri');
        expect(answer.page).not.toMatch(/<form|<script|evil/i);
      }
    }
  });
});

describe('the page of form_post', () => {
  it('submits itself by the one script that its policy allows, and has a button for everybody else', async () => {
    const answer = await alice.start(older, { response_mode: 'form_post' });
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null]);
    const policy = answer.headers.get('content-security-policy')!;
    const [, script] = /<script>([^<]*)<\/script>/.exec(answer.page)!;
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script!).digest('base64')}'`);
    expect(policy).not.toMatch(/unsafe|form-action|\*/);
    expect(answer.page).toMatch(/<button[^>]*id="form-post-submit"[^>]*type="submit"/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
  });

  it.each([
    ['markup', '"><img src=x onerror=1></form><script>alert(1)</script>'],
    ['4 KB', 's'.repeat(4096)],
    ['letters beyond ASCII', 'жук ✓ 🐞 &amp; &#34;'],
  ])('AZ-13 IJ-13 escapes the state and returns it exactly: %s', async (_, state) => {
    const answer = await alice.start(older, { response_mode: 'form_post', state });
    expect(authorizationResponseOf(answer).parameters['state']).toBe(state);
    expect(answer.page.match(/<script|<img|<\/form/g)).toEqual(['</form', '<script']);
  });

  it('AZ-13 IJ-14 is no way to a second header or parameter in the fragment either', async () => {
    const state = 'a\r\nSet-Cookie: x=1&access_token=evil#code=evil';
    const answer = await alice.start(older, { response_type: 'id_token', state });
    expect(authorizationResponseOf(answer).parameters['state']).toBe(state);
    expect(answer.headers.get('set-cookie')).not.toContain('x=1');
    expect(answer.headers.get('location')).not.toContain('evil#');
  });

  it('keeps a registered query string as it is', async () => {
    const redirectUri = 'https://query.test/cb?a=%7e&b=x%20y';
    const client = await house.client(
      'query',
      { ...OLDER, redirect_uris: [redirectUri] },
      { olderFlows: true, firstParty: true },
    );
    const posted = await ask({ response_mode: 'form_post', redirect_uri: redirectUri }, { client });
    expect(posted.to).toBe(redirectUri);
    const answer = await alice.start(client, { response_type: 'id_token', redirect_uri: redirectUri });
    expect(answer.headers.get('location')).toMatch(/^https:\/\/query\.test\/cb\?a=%7e&b=x%20y#id_token=/);
  });
});

describe('an ID token of the front channel', () => {
  it.each([
    ['RS256', 'sha256'],
    ['PS256', 'sha256'],
    ['ES256', 'sha256'],
    ['EdDSA', 'sha512'],
  ] as const)('is bound to code and access token with the hash of %s', async (alg, hash) => {
    const client = await house.client(
      `older-${alg}`,
      { ...OLDER, id_token_signed_response_alg: alg },
      { olderFlows: true, firstParty: true },
    );
    const { parameters } = await ask({ response_type: 'code id_token token' }, { client });
    expect(headerOf(parameters['id_token']!)).toMatchObject({ alg, kid: expect.any(String), typ: 'JWT' });
    expect(claimsOf(parameters['id_token']!)).toMatchObject({
      iss: house.issuer,
      aud: client.id,
      nonce: 'a nonce',
      at_hash: leftHalf(parameters['access_token']!, hash),
      c_hash: leftHalf(parameters['code']!, hash),
    });
  });

  it('has no hash of what does not go with it', async () => {
    const alone = claimsOf((await ask({ response_type: 'id_token' })).parameters['id_token']!);
    expect(alone).not.toHaveProperty('at_hash');
    expect(alone).not.toHaveProperty('c_hash');
    expect(claimsOf((await ask({ response_type: 'code id_token' })).parameters['id_token']!)).not.toHaveProperty('at_hash');
    expect(claimsOf((await ask({ response_type: 'id_token token' })).parameters['id_token']!)).not.toHaveProperty('c_hash');
  }); // prettier-ignore

  it('carries the claims of the scopes only where no access token is issued (Core §5.4)', async () => {
    const scope = 'openid email phone';
    const alone = claimsOf((await ask({ response_type: 'id_token', scope })).parameters['id_token']!);
    expect(alone).toMatchObject({ email: 'alice@example.com', email_verified: true, phone_number: expect.any(String) });
    expect(alone).not.toHaveProperty('name');
    for (const response_type of ['id_token token', 'code id_token', 'code id_token token']) {
      const { parameters } = await ask({ response_type, scope });
      expect(claimsOf(parameters['id_token']!)).not.toHaveProperty('email');
    }
  });

  it('carries what claims asks for by name; userinfo needs an access token', async () => {
    const named = JSON.stringify({ id_token: { name: { essential: true } } });
    const { parameters } = await ask({ response_type: 'id_token', claims: named });
    expect(claimsOf(parameters['id_token']!)).toMatchObject({ name: 'Alice Liddell' });
    const elsewhere = JSON.stringify({ userinfo: { name: null } });
    expect((await ask({ response_type: 'id_token', claims: elsewhere })).parameters['error']).toBe('invalid_request');
    expect((await ask({ response_type: 'id_token token', claims: elsewhere })).parameters).toHaveProperty('id_token');
  });
});

describe('an access token of the front channel', () => {
  const tokenOf = async (change: Form = {}, browser = alice) =>
    (await ask({ response_type: 'id_token token', ...change }, { browser })).parameters['access_token']!;
  const isActive = async (token: string) => (await house.introspect(token, older))['active'];

  it('is introspected, and read at userinfo', async () => {
    const token = await tokenOf({ scope: 'openid email' });
    expect(await house.introspect(token, older)).toMatchObject({
      active: true,
      client_id: older.id,
      username: 'alice',
    });
    expect((await house.userinfo(token)).json).toMatchObject({ email: 'alice@example.com' });
  });

  it('is revoked by its client, and by nobody else', async () => {
    const token = await tokenOf();
    expect((await house.post('/revoke', house.web, { token })).status).toBe(400);
    expect(await isActive(token)).toBe(true);
    expect((await house.post('/revoke', older, { token })).status).toBe(200);
    expect(await isActive(token)).toBe(false);
  });

  it('dies with the session, whatever scope was asked for', async () => {
    const browser = house.browser();
    await house.codeFlow({}, { browser });
    const tokens = [
      await tokenOf({}, browser),
      await tokenOf({ response_type: 'token', scope: 'openid offline_access' }, browser),
    ];
    expect(await Promise.all(tokens.map(isActive))).toEqual([true, true]);
    const { page } = await browser.get('/logout');
    const [, csrf] = /name="csrf" value="([^"]+)"/.exec(page)!;
    await browser.post('/logout', { csrf: csrf! });
    expect(await Promise.all(tokens.map(isActive))).toEqual([false, false]);
    expect((await house.userinfo(tokens[0]!)).status).toBe(401);
  });

  it('lives as long as any access token', async () => {
    const token = await tokenOf();
    house.clock.pass('301s');
    expect(await isActive(token)).toBe(false);
  });

  it('is opaque when the client’s are', async () => {
    const client = await house.client('opaque', OLDER, { olderFlows: true, firstParty: true, accessTokenFormat: 'opaque' });
    const { parameters } = await ask({ response_type: 'token' }, { client });
    expect(parameters['access_token']).not.toContain('.');
    expect((await house.userinfo(parameters['access_token']!)).status).toBe(200);
  }); // prettier-ignore

  it('without a code there is no offline_access to be had (Core §11)', async () => {
    const { parameters } = await ask({ response_type: 'id_token token', scope: 'openid offline_access' });
    expect(parameters['scope']).toBe('openid');
    expect(claimsOf(parameters['access_token']!)).toHaveProperty('sid');
  });
});

describe('a code that comes with tokens', () => {
  const hybrid = async () => (await ask({ response_type: 'code id_token token' })).parameters;

  it('is redeemed once, in the same authorization; used again it takes everything along', async () => {
    const { code, access_token, id_token } = await hybrid();
    const first = await redeem(code!);
    expect(first.status).toBe(200);
    const { sub, nonce } = claimsOf(first.json['id_token'] as string);
    expect({ sub, nonce }).toEqual({ sub: claimsOf(id_token!)['sub'], nonce: 'a nonce' });
    expect(claimsOf(first.json['access_token'] as string)['authorization_id']).toBe(
      claimsOf(access_token!)['authorization_id'],
    );
    expect(await redeem(code!)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    for (const token of [access_token!, first.json['access_token'] as string]) {
      expect(await house.introspect(token, older)).toEqual({ active: false });
    }
    expect((await house.refresh(older, first.json['refresh_token'] as string)).status).toBe(400);
  });

  it('of many redemptions at once succeeds once', async () => {
    const { code } = await hybrid();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(code!)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect((await redeem(code!)).status).toBe(400);
  });

  it('is spent by a wrong verifier, and the token beside it dies', async () => {
    const { code, access_token } = await hybrid();
    const grant = { code: code!, verifier: 'w'.repeat(43), redirectUri: older.redirectUri };
    expect((await house.redeem(older, grant)).status).toBe(400);
    expect((await redeem(code!)).status).toBe(400);
    expect(await house.introspect(access_token!, older)).toEqual({ active: false });
  });

  it('is worth nothing when the token beside it was revoked with the session', async () => {
    const browser = house.browser();
    await house.codeFlow({}, { browser });
    const { parameters } = await ask({ response_type: 'code token' }, { browser });
    const { page } = await browser.get('/logout');
    await browser.post('/logout', { csrf: /name="csrf" value="([^"]+)"/.exec(page)![1]! });
    expect((await redeem(parameters['code']!)).status).toBe(400);
  });

  it('needs PKCE like any other', async () => {
    const bare = { code_challenge: undefined, code_challenge_method: undefined };
    expect((await ask({ response_type: 'code id_token', ...bare })).parameters['error']).toBe('invalid_request');
    expect((await ask({ response_type: 'id_token', ...bare })).parameters).toHaveProperty('id_token');
  });
});

it('what the operator took back while the person signed in is not given', async () => {
  const client = await house.client('changing', OLDER, { olderFlows: true, firstParty: true });
  const browser = house.browser();
  const first = await browser.start(client, { response_type: 'id_token token' });
  await house.client('changing', OLDER, { firstParty: true });
  const last = await browser.walk(first);
  expect([last.status, last.headers.get('location')]).toEqual([400, null]);
  expect(last.page).toContain('interaction');
});

it('works by POST, too', async () => {
  const body = encode(authorizationRequest(older, { response_type: 'id_token', response_mode: 'form_post' }));
  const answer = await alice.send('/authorize', { method: 'POST', body });
  expect(authorizationResponseOf(answer).parameters).toHaveProperty('id_token');
});
