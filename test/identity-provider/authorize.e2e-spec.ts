import {
  type Answer,
  authorizationRequest,
  claimsOf,
  encode,
  type Form,
  type House,
  openHouse,
  type PersonBrowser,
  responseOf,
} from '../support/house.js';

let house: House;
/** Alice is signed in here, and allowed `rp-a` the scope openid. */
let alice: PersonBrowser;

beforeAll(async () => {
  house = await openHouse();
  ({ browser: alice } = await house.codeFlow());
});
afterAll(() => house.close());

const expectPage = (answer: Answer, status: number, ...texts: string[]) => {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('location')).toBeNull();
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  for (const text of texts) expect(answer.page).toContain(text);
};

const expectError = (answer: Answer, error: string, state: string | null = 'a state') => {
  expect(answer.status).toBe(303);
  const response = responseOf(answer);
  expect(answer.headers.get('location')).toMatch(/^https:\/\/rp-a\.test\/cb\?/);
  const { session_state: _, ...parameters } = Object.fromEntries(response);
  expect(parameters).toEqual({
    error,
    error_description: expect.any(String),
    iss: house.issuer,
    ...(state === null ? {} : { state }),
  });
};

describe('the answer', () => {
  it('is a code with state and iss (RFC 9207)', async () => {
    const answer = await alice.start(house.web);
    expect(answer.status).toBe(303);
    expect(Object.fromEntries(responseOf(answer))).toEqual({
      code: expect.stringMatching(/^[A-Za-z0-9_-]{40,}$/),
      state: 'a state',
      iss: house.issuer,
      session_state: expect.any(String),
    });
  });

  it('is the same to a POST', async () => {
    const answer = await alice.send('/authorize', { method: 'POST', body: encode(authorizationRequest(house.web)) });
    expect(responseOf(answer).get('code')).toEqual(expect.any(String));
  });

  it('is nowhere else: CD-15', async () => {
    const answer = await alice.start(house.web);
    expect(answer.page).toBe('');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['markup', '"><img src=x onerror=1>'],
    ['4 KB', 's'.repeat(4096)],
    ['letters beyond ASCII', 'жук ✓ 🐞'],
    ['a NUL', 'a\0b'],
    ['a line break', 'a\r\nSet-Cookie: x=1'],
    ['what looks like parameters', 'a&code=evil#x'],
  ])('AZ-13 IJ-14 returns the state exactly: %s', async (_, state) => {
    const answer = await alice.start(house.web, { state });
    expect(responseOf(answer).get('state')).toBe(state);
    expect(answer.headers.get('location')).not.toMatch(/[<>"\s]/);
    expect(answer.headers.get('set-cookie')).not.toContain('x=1');
    const posted = await alice.send('/authorize', { method: 'POST', body: encode(authorizationRequest(house.web, { state })) });
    expect(responseOf(posted).get('state')).toBe(state);
  }); // prettier-ignore

  it('AZ-13 returns the state exactly through sign-in and consent', async () => {
    const state = '"><script>\0 é&=+%';
    const response = await house.browser().authorize(house.web, { state });
    expect(response.get('state')).toBe(state);
    expect(response.get('code')).not.toBeNull();
  });

  it('has no state when there was none', async () => {
    expect(responseOf(await alice.start(house.web, { state: undefined })).has('state')).toBe(false);
  });

  it('keeps a registered query string as it is', async () => {
    const uri = 'https://query.test/cb?a=%7e&b=x%20y&c';
    const client = await house.client('query', { redirect_uris: [uri] }, { firstParty: true });
    const { headers } = await alice.start({ ...client, redirectUri: uri });
    expect(headers.get('location')).toMatch(/^https:\/\/query\.test\/cb\?a=%7e&b=x%20y&c&code=/);
  });
});

describe('a wrong client or redirect URI stays here', () => {
  it.each<[string, Form, string]>([
    ['an unknown client', { client_id: 'nobody' }, 'client_id'],
    ['AZ-06 no client', { client_id: undefined }, 'client_id'],
    ['an empty client', { client_id: '' }, 'client_id'],
    ['a client sent twice', { client_id: ['rp-a', 'rp-a'] }, 'client_id'],
    ['AZ-09 array syntax', { client_id: undefined, 'client_id[]': 'rp-a' }, 'client_id'],
    ['a prototype name', { client_id: '__proto__' }, 'client_id'],
    ['a NUL in the client', { client_id: 'rp-a\0' }, 'client_id'],
    ['IJ-01 SQL in the client', { client_id: "rp-a' OR '1'='1" }, 'client_id'],
    ['a client of 3 KB', { client_id: 'c'.repeat(3000) }, 'client_id'],
    ['RU-19 no redirect URI', { redirect_uri: undefined }, 'redirect_uri'],
    ['an empty redirect URI', { redirect_uri: '' }, 'redirect_uri'],
    ['a redirect URI sent twice', { redirect_uri: ['https://rp-a.test/cb', 'https://rp-a.test/cb'] }, 'redirect_uri'],
    ['AZ-09 array syntax in the redirect URI', { redirect_uri: undefined, 'redirect_uri[0]': 'https://rp-a.test/cb' }, 'redirect_uri'],
    ...[
      'RU-01 https://rp-a.test/cb/extra',
      'RU-02 https://rp-a.test/cb/../evil',
      'RU-02 https://rp-a.test/cb/%2e%2e/evil',
      'RU-05 HTTPS://rp-a.test/cb',
      'RU-06 https://rp-a.test/cb?x=1',
      'RU-07 https://rp-a.test/cb?code=evil&state=evil&iss=evil',
      'RU-08 https://rp-a.test/cb#x',
      'RU-11 https://rp-a.test:443/cb',
      'RU-12 http://rp-a.test/cb',
      'RU-13 https://rp-a.test.evil.test/cb',
      'RU-13 https://evilrp-a.test/cb',
      'RU-14 https://rp-aXtest/cb',
      'RU-15 https://rp-a.test\\@evil.test',
      'RU-15 https://rp-a.test/cb\r\nX: y',
      'RU-15 https://rp-a.test/cb\0',
      'RU-16 https://rp-\u0430.test/cb',
      'RU-16 https://rp-a.test./cb',
      'RU-17 javascript:alert(1)',
      'RU-17 data:text/html,<script>alert(1)</script>',
      'AZ another client’s https://rp-b.test/cb',
    ].map((name): [string, Form, string] => [name, { redirect_uri: name.slice(name.search(/https?:|HTTPS|javascript|data/)) }, 'redirect_uri']),
  ])('%s', async (_, change, parameter) => {
    for (const answer of [
      await alice.start(house.web, change),
      await alice.send('/authorize', { method: 'POST', body: encode(authorizationRequest(house.web, change)) }),
    ]) {
      expectPage(answer, 400, parameter);
      expect(answer.page).not.toMatch(/<script|evil/i);
    }
  }); // prettier-ignore

  it('RU-24 refuses 64 KB quickly', async () => {
    const redirect_uri = `https://rp-a.test/cb?${'a'.repeat(65_536)}`;
    const began = process.cpuUsage();
    expect([400, 413, 414, 431]).toContain((await alice.start(house.web, { redirect_uri })).status);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
  });

  it('AZ-07 UE-11 shows a disabled client the same page as an unknown one, at sign-out too', async () => {
    const client = await house.client('disabled');
    await house.clients.disable('disabled');
    expectPage(await alice.start(client), 400, 'client_id');
    for (const pageFor of [
      (id: string) => alice.start({ ...client, id }),
      (id: string) => alice.get(`/logout?client_id=${id}`),
    ]) {
      // The reference is another one for every answer; the id that was asked for is told back.
      const [disabled, unknown] = [await pageFor('disabled'), await pageFor('nobody-here')].map(({ status, page }) => [
        status,
        page.replace(/<bdi>[\w-]{16}<\/bdi>/g, '').replace(/name="client_id" value="[^"]*"/, ''),
      ]);
      expect(disabled).toEqual(unknown);
    }
  });
});

describe('every other error goes to the client', () => {
  it.each<[string, Form, string]>([
    ['AZ-02 response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['AZ-03 code id_token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['AZ-10 a foreign scope', { scope: 'openid admin:write' }, 'invalid_scope'],
    ['AZ-11 a scope that breaks the grammar', { scope: 'openid"\\' }, 'invalid_scope'],
    ['AZ-14 prompt=none without a session', { prompt: 'none' }, 'login_required'],
    ['AZ-15 prompt=none login', { prompt: 'none login' }, 'invalid_request'],
    ['AZ-15 prompt=bogus', { prompt: 'bogus' }, 'invalid_request'],
    ['AZ-19 a hint that is garbage', { id_token_hint: 'garbage' }, 'invalid_request'],
    ['AZ-24 response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['AZ-36 claims', { claims: 'not-json' }, 'invalid_request'],
    ['AZ-38 a resource that nobody knows', { resource: 'urn:unknown' }, 'invalid_target'],
    ['AZ-38 twenty resources', { resource: Array.from({ length: 20 }, (_, i) => `urn:r${i}`) }, 'invalid_target'],
    ['two resources’ scopes and no resource', { scope: 'orders:read invoices:read' }, 'invalid_target'],
    ['PK-02 no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['PK-03 plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['nonce sent twice', { nonce: ['a', 'b'] }, 'invalid_request'],
    ['a request object that is none', { request: 'a.b.c' }, 'invalid_request_object'],
    ['a request_uri that is not registered', { request_uri: 'https://rp-a.test/ro' }, 'invalid_request_uri'],
  ])('%s', async (_, change, error) => {
    expectError(await house.browser().start(house.web, change), error);
  });

  it('has no state when it was sent twice', async () => {
    expectError(await alice.start(house.web, { state: ['a', 'b'] }), 'invalid_request', null);
  });

  it('PK-01 a public client without a challenge', async () => {
    const response = responseOf(await alice.start(house.spa, { code_challenge: undefined }));
    expect(response.get('error')).toBe('invalid_request');
  });

  it('what no code could hold that can be redeemed', async () => {
    const { browser } = await house.codeFlow();
    const claims = JSON.stringify({
      id_token: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`${i}${'€'.repeat(30)}`, null])),
    });
    const body = encode(authorizationRequest(house.web, { nonce: '€'.repeat(2048), claims }));
    expectError(await browser.send('/authorize', { method: 'POST', body }), 'invalid_request');
  });

  it('AZ-12 a bomb of scopes in a form', async () => {
    const body = encode(authorizationRequest(house.web, { scope: 'a '.repeat(25_000) }));
    const began = process.cpuUsage();
    expectError(await alice.send('/authorize', { method: 'POST', body }), 'invalid_scope');
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
  });

  it('AZ-02 never puts a token into the URL', async () => {
    for (const response_type of ['token', 'id_token token', 'code token']) {
      const { headers } = await alice.start(house.web, { response_type });
      expect(headers.get('location')).not.toMatch(/access_token=|id_token=|#/);
    }
  });
});

describe('prompt and max_age', () => {
  it('AZ-14 prompt=none answers silently after a first consent: same sub, same auth_time', async () => {
    const { tokens, browser } = await house.codeFlow();
    house.clock.pass('90s');
    const again = await house.codeFlow({ prompt: 'none' }, { browser });
    const [first, second] = [claimsOf(tokens.id_token), claimsOf(again.tokens.id_token)];
    expect(second).toMatchObject({ sub: first['sub'], auth_time: first['auth_time'], sid: first['sid'] });
    expect(second['iat']).toBe((first['iat'] as number) + 90);
  });

  it('prompt=none asks for consent when a scope is new', async () => {
    const { browser } = await house.codeFlow();
    expectError(await browser.start(house.web, { prompt: 'none', scope: 'openid phone' }), 'consent_required');
  });

  it.each<[string, Form]>([
    ['prompt=login', { prompt: 'login' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age that is over', { max_age: '5' }],
    ['prompt=select_account', { prompt: 'select_account' }],
  ])('%s signs in anew: auth_time is later', async (_, change) => {
    const { tokens, browser } = await house.codeFlow();
    house.clock.pass('10s');
    const first = await browser.start(house.web, change);
    expect(first.headers.get('location')).toMatch(/^\/login\?interaction=/);
    // Who only proves it again need not say who they are; who wants another account does.
    const filledIn = /<input[^>]* name="username"[^>]*>/
      .exec((await browser.follow(first)).page)![0]
      .includes('value="alice"');
    expect(filledIn).toBe(change['prompt'] !== 'select_account');
    const again = await house.codeFlow(change, { browser });
    const [before, after] = [claimsOf(tokens.id_token), claimsOf(again.tokens.id_token)];
    expect(after['auth_time']).toBe((before['auth_time'] as number) + 10);
    expect(after['sub']).toBe(before['sub']);
  });

  it('a sign-in for another request does not count for prompt=login', async () => {
    const browser = house.browser();
    const waiting = await browser.start(house.web, { prompt: 'login' });
    await house.codeFlow({}, { browser });
    const id = new URL(waiting.headers.get('location')!, house.issuer).searchParams.get('interaction')!;
    const resumed = await browser.get(`/authorize/resume?interaction=${id}`);
    expect(resumed.headers.get('location')).toBe(`/login?interaction=${id}`);
  });

  it('prompt=consent asks again', async () => {
    const { headers } = await alice.start(house.web, { prompt: 'consent' });
    expect(headers.get('location')).toMatch(/^\/consent\?interaction=/);
  });

  it('max_age within its time is silent and puts auth_time into the ID token', async () => {
    const { tokens } = await house.codeFlow({ max_age: '3600' }, { browser: alice });
    expect(claimsOf(tokens.id_token)['auth_time']).toEqual(expect.any(Number));
  });
});

describe('id_token_hint', () => {
  const hintOf = async (as: string) => (await house.codeFlow({}, { as })).tokens;

  it('of the person who is there is silent, also when it has expired', async () => {
    const { id_token } = await hintOf('alice');
    house.clock.pass('1h');
    const response = responseOf(await alice.start(house.web, { prompt: 'none', id_token_hint: id_token }));
    expect(response.get('code')).not.toBeNull();
  });

  it('AZ-18 of another person never gives a code', async () => {
    const { id_token } = await hintOf('bob');
    expectError(await alice.start(house.web, { prompt: 'none', id_token_hint: id_token }), 'login_required');
  });

  it('AZ-18 of another person asks for that person, and refuses the wrong one', async () => {
    const { id_token } = await hintOf('bob');
    const { browser } = await house.codeFlow();
    const first = await browser.start(house.web, { id_token_hint: id_token });
    expect(first.headers.get('location')).toMatch(/^\/login\?/);
    expectError(await browser.walk(first, { as: 'alice' }), 'login_required');
    expect((await browser.authorize(house.web, { id_token_hint: id_token }, { as: 'bob' })).has('code')).toBe(true);
  });

  it('AZ-19 may not be forged', async () => {
    const { id_token, access_token } = await hintOf('alice');
    const [header, payload, signature] = id_token.split('.') as [string, string, string];
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const other = Buffer.from(JSON.stringify({ ...claimsOf(id_token), sub: 'x' })).toString('base64url');
    const forged = [`${none}.${payload}.`, `${header}.${other}.${signature}`, access_token, `${header}.${payload}.`];
    const client = await house.client('signed-userinfo', { userinfo_signed_response_alg: 'RS256' });
    const { tokens } = await house.codeFlow({}, { client });
    // Signed by us, of the same type, issuer, subject and audience as an ID token, and none.
    forged.push((await house.userinfo(tokens.access_token)).page);
    for (const id_token_hint of forged) {
      expectError(await alice.start(house.web, { prompt: 'none', id_token_hint }), 'invalid_request');
    }
  });
});

describe('claims and acr', () => {
  it('AZ-35 an essential acr that nobody has is an error, not a lower acr', async () => {
    const claims = JSON.stringify({ id_token: { acr: { essential: true, value: 'mfa' } } });
    expectError(await alice.start(house.web, { claims }), 'unmet_authentication_requirements');
  });

  it('AZ-36 a sub that is another’s gives no code', async () => {
    const claims = JSON.stringify({ id_token: { sub: { value: 'bob' } } });
    expectError(await alice.start(house.web, { claims, prompt: 'none' }), 'login_required');
  });

  it('acr_values that we do not know are no error, and the acr is what it is', async () => {
    const { tokens } = await house.codeFlow({ acr_values: 'urn:mace:incommon:iap:silver' }, { browser: alice });
    expect(claimsOf(tokens.id_token)['acr']).toBe('urn:gatehouse:pwd');
  });

  it('claims survive sign-in with anything in them', async () => {
    const claims = JSON.stringify({ userinfo: { 'a\0\ud800': { value: '\0' }, name: null } });
    const { tokens } = await house.codeFlow({ claims });
    expect((await house.userinfo(tokens.access_token)).json).toEqual({
      sub: expect.any(String),
      name: 'Alice Liddell',
    });
  });
});

it.each<[string, Form]>([
  ['AZ-37 markup', { login_hint: '<svg/onload=1>' }],
  ['AZ-37 a path', { ui_locales: '../../../../etc/passwd', claims_locales: '%2e%2e', display: 'bogus' }],
  ['somebody unknown', { login_hint: 'nobody@nowhere.test' }],
  ['3 KB and a NUL', { login_hint: `\0${'x'.repeat(3000)}` }],
])('login_hint, ui_locales, display: %s', async (_, change) => {
  const browser = house.browser();
  const first = await browser.start(house.web, change);
  const { page, status } = await browser.get(first.headers.get('location')!);
  expect(status).toBe(200);
  expect(page).not.toContain('<svg/onload');
  expect((await browser.walk(first)).headers.get('location')).toContain('code=');
});

it('AZ-43 forwarded headers change nothing', async () => {
  const headers = {
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-prefix': '/evil',
    'x-forwarded-for': '1.2.3.4',
    forwarded: 'host=evil.test;proto=https',
  };
  const answer = await alice.send(alice.authorizePath(house.web), { headers });
  expect(responseOf(answer).get('iss')).toBe(house.issuer);
  const first = await house.browser().send(alice.authorizePath(house.web), { headers });
  expect(first.headers.get('location')).toMatch(/^\/login\?/);
  const discovery = await (await fetch(`${house.issuer}/.well-known/openid-configuration`, { headers })).text();
  expect(discovery).not.toContain('evil');
});

describe('AZ-25 wrong verbs', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('%s', async (method) => {
    const browser = house.browser();
    const answer = await browser.send(browser.authorizePath(house.web), { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
    expect(browser.cookies.size).toBe(0);
  });
});

it.each([
  ['JSON', 'application/json', '{"client_id":"rp-a"}'],
  ['bad JSON', 'application/json', '{'],
  ['text', 'text/plain', 'client_id=rp-a'],
  ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ['nothing', '', 'client_id=rp-a'],
])('IJ-07 a body that is %s is refused', async (_, type, body) => {
  const answer = await alice.send('/authorize', { method: 'POST', body, headers: { 'content-type': type } });
  expect([400, 415]).toContain(answer.status);
  expect(answer.headers.get('location')).toBeNull();
});

it.each(['a=%ff', 'client_id=%c0%80', 'client_id=%', `${'a=1&'.repeat(500)}`])(
  'IJ-19 refuses the query %s',
  async (query) => {
    expectPage(await alice.get(`/authorize?${query}`), 400);
  },
);
