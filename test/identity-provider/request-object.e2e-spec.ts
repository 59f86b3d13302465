import { authorizationResponseOf } from '../support/authorization-response.js';
import {
  authorizationRequest,
  challengeOf,
  claimsOf,
  encode,
  type Form,
  type House,
  openHouse,
  type PersonBrowser,
  type TestClient,
} from '../support/house.js';
import {
  makeRequestKey,
  publicKeyAsSecret,
  type RequestKey,
  signRequest,
  unsignedRequest,
} from '../support/request-object.js';

let house: House;
let client: TestClient;
let alice: PersonBrowser;
let keys: Record<'RS256' | 'PS256' | 'ES256' | 'EdDSA', RequestKey>;
/** In nobody's registration. */
let foreign: RequestKey;
let names = 0;

beforeAll(async () => {
  house = await openHouse();
  keys = {
    RS256: await makeRequestKey('RS256'),
    PS256: await makeRequestKey('PS256'),
    ES256: await makeRequestKey('ES256'),
    EdDSA: await makeRequestKey('EdDSA'),
  };
  foreign = await makeRequestKey('ES256');
  client = await signing('signing');
  ({ browser: alice } = await house.codeFlow());
});
afterAll(() => house.close());

/** A client whose request objects these keys prove. */
const signing = (id: string, metadata: Record<string, unknown> = {}) =>
  house.client(id, { jwks: { keys: Object.values(keys).map(({ jwk }) => jwk) }, ...metadata }, { firstParty: true });

const VERIFIER = 'v'.repeat(43);
/** The claims of a request object that is right, with changes; undefined leaves one out. */
function claims(change: Record<string, unknown> = {}, by = client): Record<string, unknown> {
  const now = house.clock.seconds();
  return {
    ...authorizationRequest(by, { code_challenge: challengeOf(VERIFIER) }),
    iss: by.id,
    aud: house.issuer,
    iat: now,
    exp: now + 300,
    jti: `request-${(names += 1)}`,
    ...change,
  };
}
const sign = (change: Record<string, unknown> = {}, key = keys.ES256, header: Record<string, unknown> = {}) =>
  signRequest(JSON.parse(JSON.stringify(claims(change))) as Record<string, unknown>, key, header);

/** Sends a request object, with nothing beside it but what is given. */
async function send(beside: Form, { browser = alice, by = client } = {}) {
  return authorizationResponseOf(await browser.get(`/authorize?${encode({ client_id: by.id, ...beside })}`));
}
const refusal = (error: string) => ({
  mode: 'query',
  to: client.redirectUri,
  parameters: { error, error_description: expect.any(String), state: 'a state', iss: house.issuer },
});

describe('a signed request object', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('by %s is the whole request', async (alg) => {
    const request = await sign(
      { scope: 'openid email', claims: { userinfo: { name: null } }, max_age: 3600 },
      keys[alg],
    );
    const { parameters } = await send({ request });
    expect(parameters).toMatchObject({ code: expect.any(String), state: 'a state', iss: house.issuer });
    const grant = { code: parameters['code']!, verifier: VERIFIER, redirectUri: client.redirectUri };
    const { json } = await house.redeem(client, grant);
    expect(json['scope']).toBe('openid email');
    expect(claimsOf(json['id_token'] as string)['nonce']).toBe('a nonce');
    const told = (await house.userinfo(json['access_token'] as string)).json;
    expect(told).toMatchObject({ email: 'alice@example.com', name: 'Alice Liddell' });
  });

  it('needs no kid when one key fits, and may have the older type', async () => {
    for (const header of [{ kid: undefined }, { typ: 'JWT' }, { typ: undefined }]) {
      expect((await send({ request: await sign({}, keys.RS256, header) })).parameters).toHaveProperty('code');
    }
  });

  it('may be posted, and survives sign-in and consent', async () => {
    const asking = await house.client('asking', { jwks: { keys: [keys.ES256.jwk] } });
    const object = await signRequest(claims({}, asking), keys.ES256);
    const browser = house.browser();
    const body = encode({ client_id: asking.id, request: object });
    const back = await browser.walk(await browser.send('/authorize', { method: 'POST', body }));
    expect(authorizationResponseOf(back).parameters).toMatchObject({ code: expect.any(String), state: 'a state' });
  });

  it('lets the client’s keys be rotated', async () => {
    const rotating = await signing('rotating');
    const next = await makeRequestKey('ES256', 'next');
    await house.client('rotating', { jwks: { keys: [next.jwk] } }, { firstParty: true });
    const object = await signRequest(claims({}, rotating), next);
    expect((await send({ request: object }, { by: rotating })).parameters).toHaveProperty('code');
    const old = await signRequest(claims({}, rotating), keys.ES256);
    expect((await send({ request: old }, { by: rotating })).parameters['error']).toBe('invalid_request_object');
  });
});

describe('AZ-22 what stands beside it does not count', () => {
  it.each<[string, Form]>([
    ['another redirect URI', { redirect_uri: 'https://signing.test/cb?evil' }],
    ['a redirect URI of another client', { redirect_uri: 'https://rp-a.test/cb' }],
    ['a wider scope', { scope: 'openid email' }],
    ['another state', { state: 'evil' }],
    ['another nonce', { nonce: 'evil' }],
    ['another challenge', { code_challenge: 'e'.repeat(43) }],
    ['another response type', { response_type: 'id_token' }],
  ])('%s is an error, told where the object says', async (_, beside) => {
    expect(await send({ request: await sign(), ...beside })).toEqual(refusal('invalid_request'));
  });

  it('a parameter that the object does not have is not there', async () => {
    const request = await sign({ state: undefined, nonce: undefined });
    const { parameters } = await send({ request, state: 'evil', nonce: 'evil', prompt: 'login', max_age: '0' });
    expect(parameters).not.toHaveProperty('state');
    const grant = { code: parameters['code']!, verifier: VERIFIER, redirectUri: client.redirectUri };
    const { json } = await house.redeem(client, grant);
    expect(claimsOf(json['id_token'] as string)).not.toHaveProperty('nonce');
    const bare = await sign({ code_challenge: undefined });
    const { code_challenge, code_challenge_method } = authorizationRequest(client);
    const smuggled = await send({ request: bare, code_challenge, code_challenge_method });
    expect(smuggled.parameters['error']).toBe('invalid_request');
  });

  it('what OAuth and OpenID Connect want there may be there (Core §6.1)', async () => {
    const beside = { response_type: 'code', scope: 'openid', redirect_uri: client.redirectUri };
    const request = await sign({ scope: 'openid email' });
    expect((await send({ request, ...beside })).parameters).toHaveProperty('code');
  });

  it('the client is the one of the request: another’s object is refused', async () => {
    const request = await sign();
    const answer = await alice.get(`/authorize?${encode({ client_id: house.web.id, request })}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    for (const change of [{ client_id: house.web.id }, { client_id: undefined }]) {
      expect(await send({ request: await sign(change) })).toEqual(refusal('invalid_request_object'));
    }
    const nobody = await alice.get(`/authorize?${encode({ request })}`);
    expect([nobody.status, nobody.headers.get('location')]).toEqual([400, null]);
  });

  it.each([{ redirect_uri: 'https://evil.test/cb' }, { redirect_uri: undefined }])('%j is nowhere to go', async (change) => {
    const answer = await alice.get(`/authorize?${encode({ client_id: client.id, request: await sign(change) })}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
    expect(answer.page).toContain('redirect_uri');
  }); // prettier-ignore
});

describe('AZ-21 a request object that proves nothing', () => {
  const refused = async (request: string) => expect(await send({ request })).toEqual(refusal('invalid_request_object'));

  it('without a signature', async () => {
    const signed = await sign();
    await refused(unsignedRequest(claims()));
    await refused(unsignedRequest(claims(), { alg: 'None' }));
    await refused(unsignedRequest(claims(), { typ: 'oauth-authz-req+jwt' }));
    await refused(`${signed.split('.').slice(0, 2).join('.')}.`);
  });

  it('with the public key as the secret', async () => {
    for (const { jwk } of [keys.RS256, keys.ES256]) {
      for (const key of publicKeyAsSecret(jwk)) {
        await refused(await signRequest(claims(), { alg: 'HS256', kid: jwk['kid'] as string, key }));
      }
    }
  });

  it('by a key that is not the client’s, also one that it brings itself', async () => {
    await refused(await sign({}, foreign));
    await refused(await sign({}, foreign, { jwk: foreign.jwk }));
    await refused(await sign({}, foreign, { kid: 'RS256' }));
    await refused(await sign({}, foreign, { jku: 'https://evil.test/jwks' }));
  });

  it('that was changed', async () => {
    const [header, , signature] = (await sign()).split('.');
    const other = Buffer.from(JSON.stringify(claims({ scope: 'openid email' }))).toString('base64url');
    await refused(`${header}.${other}.${signature}`);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['for another audience', { aud: 'https://other.test' }],
    ['for nobody', { aud: undefined }],
    ['by another issuer', { iss: 'rp-a' }],
    ['by nobody', { iss: undefined }],
    ['without an end', { exp: undefined }],
    ['that ends next year', { exp: 4_000_000_000 }],
    ['with an end that is a word', { exp: 'tomorrow' }],
    ['that is not valid yet', { nbf: 4_000_000_000 }],
    ['from the future', { iat: 4_000_000_000 }],
    ['that could pass for a client assertion', { sub: 'signing' }],
    ['with another one in it', { request: 'x' }],
    ['that points elsewhere', { request_uri: 'https://evil.test/' }],
    ['with a null', { prompt: null }],
    ['with a list of lists', { resource: [['x']] }],
    ['that is a client assertion', {}, { typ: 'client-authentication+jwt' }],
    ['that is an access token', {}, { typ: 'at+jwt' }],
    ['with a critical header', {}, { crit: ['exp'], exp: 1 }],
  ])('%s', async (_, change, header = {}) => {
    if ('crit' in header) {
      const [, payload, signature] = (await sign()).split('.');
      const changed = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'ES256', ...header })).toString('base64url');
      await refused(`${changed}.${payload}.${signature}`);
    } else {
      await refused(await sign(change, keys.ES256, header));
    }
  });

  it('that has ended', async () => {
    const request = await sign();
    house.clock.pass('331s');
    await refused(request);
  });

  it.each(['x', 'a.b', 'e30.e30.', '....', 'a.b.c.d.e', 'x'.repeat(12_000)])('that is %.20s', async (request) => {
    const { parameters } = await send({ request, redirect_uri: client.redirectUri, state: 'a state' });
    expect(parameters).toMatchObject({ error: 'invalid_request_object', state: 'a state' });
    const answer = await alice.get(`/authorize?${encode({ client_id: client.id, request })}`);
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('sent twice, or in two ways', async () => {
    const request = await sign();
    const beside = { redirect_uri: client.redirectUri, state: 'a state' };
    expect(await send({ request: [request, request], ...beside })).toEqual(refusal('invalid_request'));
    expect(await send({ request, request_uri: 'https://signing.test/ro', ...beside })).toEqual(refusal('invalid_request'));
  }); // prettier-ignore

  it('by another algorithm than the client registered', async () => {
    const pinned = await signing('pinned', { request_object_signing_alg: 'PS256' });
    const object = (key: RequestKey) => signRequest(claims({}, pinned), key);
    expect((await send({ request: await object(keys.PS256) }, { by: pinned })).parameters).toHaveProperty('code');
    for (const key of [keys.RS256, keys.ES256]) {
      const { parameters } = await send({ request: await object(key) }, { by: pinned });
      expect(parameters['error']).toBe('invalid_request_object');
    }
  });
});

describe('it is answered once', () => {
  it('however often the browser comes before that', async () => {
    const request = await sign();
    const browser = house.browser();
    const path = `/authorize?${encode({ client_id: client.id, request })}`;
    const [first, second] = [await browser.get(path), await browser.get(path)];
    const answers = [await browser.walk(first), await browser.walk(second)].map(authorizationResponseOf);
    expect(answers[0]!.parameters).toHaveProperty('code');
    expect(answers[1]!.parameters).toMatchObject({ error: 'invalid_request_object', state: 'a state' });
    expect((await send({ request })).parameters['error']).toBe('invalid_request_object');
  });

  it('also by many browsers at once', async () => {
    const request = await sign();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send({ request })));
    expect(answers.filter(({ parameters }) => 'code' in parameters)).toHaveLength(1);
  });

  it('an error uses nothing up', async () => {
    const request = await sign({ prompt: 'none' });
    expect((await send({ request }, { browser: house.browser() })).parameters['error']).toBe('login_required');
    expect((await send({ request })).parameters).toHaveProperty('code');
  });
});

describe('a client that must sign its requests', () => {
  it('may not do without', async () => {
    const strict = await signing('strict', { require_signed_request_object: true });
    const plain = authorizationResponseOf(await alice.start(strict));
    expect(plain.parameters).toMatchObject({ error: 'invalid_request', state: 'a state' });
    const request = await signRequest(claims({}, strict), keys.ES256);
    expect((await send({ request }, { by: strict })).parameters).toHaveProperty('code');
  });

  it('may sign with the secret that it shares with us, if that is how it proves itself', async () => {
    const sharing: TestClient = { ...house.web, id: 'sharing', redirectUri: 'https://sharing.test/cb' };
    await house.register(sharing, { token_endpoint_auth_method: 'client_secret_jwt' }, { firstParty: true });
    const sign = (secret: string) =>
      signRequest(claims({}, sharing), { alg: 'HS256', kid: '', key: Buffer.from(secret) }, { kid: undefined });
    expect((await send({ request: await sign(sharing.secret!) }, { by: sharing })).parameters).toHaveProperty('code');
    const guessed = await send({ request: await sign('another secret that is long enough') }, { by: sharing });
    expect(guessed.parameters['error']).toBe('invalid_request_object');
  });
});

describe('request_uri', () => {
  it.each([
    'https://signing.test/ro',
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'urn:ietf:params:oauth:request_uri:unknown',
    'https://localhost/',
    'x',
  ])('SS-01 %s, which nobody registered, is not fetched', async (request_uri) => {
    const { parameters } = await send({ request_uri, redirect_uri: client.redirectUri, state: 'a state' });
    expect(parameters).toMatchObject({ error: 'invalid_request_uri', state: 'a state' });
  });

  it.each(['https://127.0.0.1/ro', 'https://10.0.0.1/ro', 'https://[::1]/ro', 'https://localhost/ro'])(
    'SS-01 SS-10 registered, %s is private all the same',
    async (request_uri) => {
      const fetching = await house.client('fetching', { request_uris: [request_uri] });
      const beside = { redirect_uri: fetching.redirectUri };
      const { parameters } = await send({ request_uri, ...beside }, { by: fetching });
      expect(parameters).toMatchObject({
        error: 'invalid_request_uri',
        error_description: 'request_uri could not be read',
      });
    },
  );
});
