import { authorizationResponseOf } from '../support/authorization-response.js';
import {
  authorizationRequest,
  challengeOf,
  encode,
  type Form,
  type House,
  openHouse,
  type PersonBrowser,
  type TestClient,
} from '../support/house.js';
import { makeRequestKey, type RequestKey, signRequest } from '../support/request-object.js';

let house: House;
let client: TestClient;
let alice: PersonBrowser;
let key: RequestKey;

beforeAll(async () => {
  house = await openHouse();
  key = await makeRequestKey('ES256');
  client = await house.client('pushing', { jwks: { keys: [key.jwk] } }, { firstParty: true });
  ({ browser: alice } = await house.codeFlow());
});
afterAll(() => house.close());

const VERIFIER = 'v'.repeat(43);
const push = (change: Form = {}, by: TestClient = client) =>
  house.post('/par', by, {
    ...authorizationRequest(by),
    client_id: undefined,
    code_challenge: challengeOf(VERIFIER),
    ...change,
  });
const pushed = async (change: Form = {}, by: TestClient = client) => {
  const { status, json } = await push(change, by);
  expect([status, json['error']]).toEqual([201, undefined]);
  return json['request_uri'] as string;
};
const bring = (request_uri: string, beside: Form = {}, browser = alice, by: TestClient = client) =>
  browser.get(`/authorize?${encode({ client_id: by.id, request_uri, ...beside })}`); // prettier-ignore

it('a pushed request is known by a name that nobody guesses, for 90 seconds', async () => {
  const answer = await push();
  expect(answer.status).toBe(201);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json).toEqual({
    request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43}$/),
    expires_in: 90,
  });
  const { parameters } = authorizationResponseOf(await bring(answer.json['request_uri'] as string));
  expect(parameters).toMatchObject({ code: expect.any(String), state: 'a state', iss: house.issuer });
  const grant = { code: parameters['code']!, verifier: VERIFIER, redirectUri: client.redirectUri };
  expect((await house.redeem(client, grant)).status).toBe(200);
});

it('AZ-22 nothing that stands beside its name counts', async () => {
  const uri = await pushed({ state: undefined, scope: 'openid email' });
  const beside = {
    state: 'evil',
    scope: 'openid',
    redirect_uri: 'https://evil.test/cb',
    nonce: 'evil',
    prompt: 'login',
  };
  const { to, parameters } = authorizationResponseOf(await bring(uri, beside));
  expect([to, parameters['code'], parameters['state']]).toEqual([client.redirectUri, expect.any(String), undefined]);
});

it('survives sign-in and consent, also when the browser comes twice, and is answered once', async () => {
  const asking = await house.client('asking');
  const uri = await pushed({}, asking);
  const browser = house.browser();
  const [first, second] = [await bring(uri, {}, browser, asking), await bring(uri, {}, browser, asking)];
  house.clock.pass('10m');
  expect(authorizationResponseOf(await browser.walk(first)).parameters).toHaveProperty('code');
  const late = authorizationResponseOf(await browser.walk(second)).parameters;
  expect(late).toMatchObject({ error: 'invalid_request_uri', state: 'a state' });
});

it('AZ-28 used again it is refused before anybody is asked to sign in', async () => {
  const uri = await pushed();
  await bring(uri);
  const again = authorizationResponseOf(await bring(uri, {}, house.browser())).parameters;
  expect(again).toMatchObject({ error: 'invalid_request_uri', state: 'a state' });
});

it('by many browsers at once it is answered once', async () => {
  const uri = await pushed();
  const answers = await Promise.all(Array.from({ length: 8 }, async () => authorizationResponseOf(await bring(uri))));
  expect(answers.filter(({ parameters }) => 'code' in parameters)).toHaveLength(1);
});

describe('nobody is redirected, but told what is wrong with the request_uri', () => {
  it.each<[string, () => Promise<[string, TestClient]>]>([
    ['that is unknown', async () => ['urn:ietf:params:oauth:request_uri:unknown', client]],
    ['of another client', async () => [await pushed(), house.web]],
    [
      'that has expired',
      async () => {
        const uri = await pushed();
        house.clock.pass('91s');
        return [uri, client];
      },
    ],
  ])('%s', async (_, make) => {
    const [uri, by] = await make();
    const answer = await bring(uri, {}, alice, by);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.page).toContain('invalid_request_uri');
  });
});

describe('what is pushed is checked at once', () => {
  it.each<[string, Form, string]>([
    ['RU-01 another redirect URI', { redirect_uri: 'https://pushing.test/cb/extra' }, 'invalid_request'],
    ['no redirect URI', { redirect_uri: undefined }, 'invalid_request'],
    ['AZ-10 a scope that it may not have', { scope: 'openid admin' }, 'invalid_scope'],
    ['AZ-02 the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
    ['PK-01 no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['PK-03 plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an unknown resource', { resource: 'urn:nobody' }, 'invalid_target'],
    ['a name of a request', { request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    ['a parameter twice', { state: ['a', 'b'] }, 'invalid_request'],
    ['an unsigned request object', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'invalid_request_object'],
  ])('%s', async (_, change, error) => {
    const { status, json } = await push(change);
    expect([status, json['error']]).toEqual([400, error]);
  });

  it('by a client that proves itself', async () => {
    expect((await push({}, { ...client, secret: 'guessed' })).status).toBe(401);
    expect((await house.post('/par', undefined, authorizationRequest(client))).status).toBe(401);
    const other = await push({ client_id: 'rp-a' });
    expect([other.status, other.json['error']]).toEqual([401, 'invalid_client']);
  });

  it('a public one by its name, and with PKCE', async () => {
    const uri = await pushed({}, house.spa);
    expect((await alice.walk(await bring(uri, {}, alice, house.spa))).headers.get('location')).toContain('code=');
  });

  it.each(['GET', 'PUT', 'HEAD'])('%s is 405', async (method) => {
    const answer = await fetch(`${house.issuer}/par`, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

it('keeps nothing that proves the client', async () => {
  const { status } = await push({}, house.other);
  expect(status).toBe(201);
  const rows = JSON.stringify(await house.database.dataSource.query('SELECT * FROM pushed_request'));
  expect(rows).toContain('state');
  expect(rows).not.toMatch(/client_secret|client_assertion/);
  expect(rows).not.toContain(encodeURIComponent(house.other.secret!));
});

it('a request object may be pushed: its parameters count (RFC 9126 §3)', async () => {
  const now = house.clock.seconds();
  const claims = { ...authorizationRequest(client), iss: client.id, aud: house.issuer, exp: now + 60, scope: 'openid email' };
  const request = await signRequest(claims, key);
  const uri = (await house.post('/par', client, { client_id: client.id, request })).json['request_uri'] as string;
  const { parameters } = authorizationResponseOf(await bring(uri));
  expect(parameters).toMatchObject({ code: expect.any(String), state: 'a state' });
  const smuggled = await house.post('/par', client, { request, redirect_uri: 'https://evil.test/cb' });
  expect([smuggled.status, smuggled.json['error']]).toEqual([400, 'invalid_request']);
}); // prettier-ignore

it('a client that must push its requests can do nothing else', async () => {
  const strict = await house.client(
    'strict',
    { require_pushed_authorization_requests: true, jwks: { keys: [key.jwk] } },
    { firstParty: true },
  );
  const plain = authorizationResponseOf(await alice.start(strict)).parameters;
  expect(plain).toMatchObject({ error: 'invalid_request', state: 'a state' });
  const claims = { ...authorizationRequest(strict), iss: strict.id, aud: house.issuer, exp: house.clock.seconds() + 60 };
  const signed = await bring(undefined!, { request: await signRequest(claims, key), redirect_uri: strict.redirectUri }, alice, strict);
  expect(authorizationResponseOf(signed).parameters['error']).toBe('invalid_request');
  expect(authorizationResponseOf(await bring(await pushed({}, strict), {}, alice, strict)).parameters).toHaveProperty('code');
}); // prettier-ignore

it('what the client lost since then is not given', async () => {
  const changing = await house.client('changing', {}, { firstParty: true });
  const uri = await pushed({}, changing);
  await house.client('changing', { redirect_uris: ['https://changing.test/other'] }, { firstParty: true });
  const answer = await bring(uri, {}, alice, changing);
  expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
});
