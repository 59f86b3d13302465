import { TestClock } from '../support/test-clock.js';
import { type Answer, AUDIENCE, issuerKey, TinyIssuer } from '../support/tiny-issuer.js';
import { House, reached } from './house.js';

const API = 'https://orders.example.test';

let clock: TestClock;
/** Ours, Keycloak, Auth0: each with its own keys, which have the same names everywhere. */
let own: TinyIssuer;
let keycloak: TinyIssuer;
let auth0: TinyIssuer;
let house: House;

beforeAll(async () => {
  clock = new TestClock();
  [own, keycloak, auth0] = (await Promise.all([1, 2, 3].map(() => TinyIssuer.listen(clock)))) as [TinyIssuer, TinyIssuer, TinyIssuer]; // prettier-ignore
  house = await House.open(own, {
    bearer: {
      audience: AUDIENCE,
      issuers: [
        {
          issuer: keycloak.url,
          profile: 'keycloak',
          audience: 'orders-api',
          clientId: 'portal',
          maxTokenLifetime: '10m',
        },
        {
          issuer: auth0.url,
          profile: 'auth0',
          audience: API,
          opaqueTokens: true,
          clientId: 'orders',
          clientSecret: 'secret',
          revocation: 'introspect',
        },
      ],
    },
  });
});
afterAll(async () => {
  await house.close();
  await Promise.all([own, keycloak, auth0].map((issuer) => issuer.close()));
});
beforeEach(() => (reached.count = 0));

const times = () => ({ iat: clock.seconds(), exp: clock.seconds() + 300 });

/** What Keycloak 26 writes into an access token; header `typ` is `JWT` for all its tokens. */
const keycloakClaims = (change: object = {}) => ({
  ...times(),
  jti: 'onrtac:0c2a7b3e-5f7f-4b0b-9b2e-3d4a1f7a2c11',
  iss: keycloak.url,
  aud: ['orders-api', 'account'],
  sub: 'f1b2c3d4-0000-4000-8000-000000000001',
  typ: 'Bearer',
  azp: 'portal',
  sid: 'a1b2',
  acr: '1',
  realm_access: { roles: ['offline_access', 'staff'] },
  resource_access: {
    'orders-api': { roles: ['clerk'] },
    account: { roles: ['manage-account'] },
    other: { roles: ['admin'] },
  },
  scope: 'openid read profile',
  preferred_username: 'alice',
  ...change,
});
/** Its ID token, made as if for this API. */
const keycloakIdToken = () =>
  keycloakClaims({ typ: 'ID', aud: 'orders-api', nonce: 'n', at_hash: 'h', scope: undefined });
const byKeycloak = (claims: object, header: object = {}) =>
  keycloak.sign({ ...claims }, { typ: 'JWT', ...header }, keycloak.key('RS256'));

/** What Auth0 writes with its own token profile. */
const auth0Claims = (change: object = {}) => ({
  ...times(),
  iss: auth0.url,
  sub: 'auth0|5f7c8ec7c33c6c004bbafe82',
  aud: [API, `${auth0.url}/userinfo`],
  azp: 'my_client_id',
  scope: 'openid profile read',
  permissions: ['write'],
  ...change,
});
const auth0IdToken = () =>
  auth0Claims({ aud: 'my_client_id', nonce: 'n', azp: undefined, scope: undefined, permissions: undefined, sid: 's' });
const byAuth0 = (claims: object, header: object = {}) =>
  auth0.sign({ ...claims }, { typ: 'JWT', ...header }, auth0.key('RS256'));

const ask = (token: string, path = '/jwt') => house.ask(path, { headers: [['authorization', `Bearer ${token}`]] });

it('tokens of several issuers are taken, each by its own rules', async () => {
  const tokens = [await own.accessToken(), await byKeycloak(keycloakClaims()), await byAuth0(auth0Claims())];
  const seen = [];
  // Twice: the second time out of the cache.
  for (const token of [...tokens, ...tokens]) seen.push((await ask(token)).json);
  expect(seen.slice(0, 3)).toEqual(seen.slice(3));
  expect(seen.slice(0, 3)).toMatchObject([
    { issuer: own.url, subject: 'alice', scopes: ['openid', 'read'], isClient: false },
    { issuer: keycloak.url, scopes: ['openid', 'read', 'profile'], isClient: false },
    { issuer: auth0.url, scopes: ['openid', 'profile', 'read', 'write'], isClient: false },
  ]);
});

it('JW-54, RP-17: the same subject of two issuers is two people', async () => {
  const one = (await ask(await own.accessToken({ sub: 'x' }))).json;
  const other = (await ask(await byKeycloak(keycloakClaims({ sub: 'x' })))).json;
  expect([one['subject'], other['subject'], one['issuer'] === other['issuer']]).toEqual(['x', 'x', false]);
});

it.each([
  ['Keycloak', () => byKeycloak(keycloakClaims({ preferred_username: 'service-account-portal' })), true],
  ['a person of Keycloak with such a name', () => byKeycloak(keycloakClaims({ preferred_username: 'service-account-x' })), false],
  ['Auth0', () => byAuth0(auth0Claims({ gty: 'client-credentials', sub: 'my_client_id@clients' })), true],
])('a program’s own token is known (%s)', async (_, token, isClient) => {
  expect((await ask(await token())).json['isClient']).toBe(isClient);
}); // prettier-ignore

it.each([
  ['Auth0 with the RFC 9068 profile', () => byAuth0({ ...auth0Claims({ azp: undefined, client_id: 'my_client_id' }) }, { typ: 'at+jwt' })],
  ['Keycloak with at+jwt', () => byKeycloak(keycloakClaims(), { typ: 'at+jwt' })],
])('%s is taken, too', async (_, token) => expect((await ask(await token())).status).toBe(200)); // prettier-ignore

const refused: [string, string, () => Promise<string>][] = [
  ['JW-25: an ID token of Keycloak', 'wrong_token_type', () => byKeycloak(keycloakIdToken())],
  ['its refresh token', 'wrong_token_type', () => byKeycloak(keycloakClaims({ typ: 'Refresh' }))],
  ['its offline token', 'wrong_token_type', () => byKeycloak(keycloakClaims({ typ: 'Offline' }))],
  ['its logout token', 'wrong_token_type', () => byKeycloak(keycloakClaims({ typ: 'Logout' }))],
  ['a token of it that does not say what it is', 'wrong_token_type', () => byKeycloak(keycloakClaims({ typ: undefined }))],
  ['a token of it for its own client', 'audience_mismatch', () => byKeycloak(keycloakClaims({ aud: 'portal' }))],
  ['a token of it for our audience of another issuer', 'audience_mismatch', () => byKeycloak(keycloakClaims({ aud: AUDIENCE }))],
  ['a token of it with an algorithm that is not for it', 'algorithm_refused', () => keycloak.sign(keycloakClaims(), { typ: 'JWT' })],
  ['JW-25: an ID token of Auth0', 'audience_mismatch', () => byAuth0(auth0IdToken())],
  ['its ID token, if it were for us', 'wrong_token_type', () => byAuth0({ ...auth0IdToken(), aud: API })],
  ['its ID token for a client that is called as the API is', 'wrong_token_type', () => byAuth0({ ...auth0IdToken(), nonce: undefined, aud: API, azp: API, scope: 'openid' })],
  ['a token of it without any mark', 'wrong_token_type', () => byAuth0(auth0Claims({ scope: undefined, permissions: undefined }))],
  ['ours without at+jwt', 'wrong_token_type', () => own.accessToken({}, { typ: 'JWT' })],
  ['one issuer’s token by another’s key of the same name', 'signature_invalid', () => own.sign({ ...keycloakClaims() }, { typ: 'JWT' }, own.key('RS256'))],
  ['one issuer’s name under another’s key', 'signature_invalid', () => keycloak.sign({ ...own.accessClaims() }, {}, keycloak.key('ES256'))],
  ['a token of nobody that we know', 'issuer_mismatch', () => byKeycloak(keycloakClaims({ iss: `${keycloak.url}/` }))],
  ['a token without an issuer', 'issuer_mismatch', () => byKeycloak(keycloakClaims({ iss: undefined }))],
  ['a token of two issuers', 'issuer_mismatch', () => byKeycloak(keycloakClaims({ iss: [keycloak.url] }))],
  ['a token of __proto__', 'issuer_mismatch', () => byKeycloak(keycloakClaims({ iss: '__proto__' }))],
]; // prettier-ignore
it.each(refused)('%s is refused: %s', async (_, code, token) => {
  const answer = await ask(await token());
  expect([answer.status, answer.json['code'], reached.count]).toEqual([401, code, 0]);
});

it('JW-32: how long a token may live is each issuer’s own', async () => {
  const exp = clock.seconds() + 601;
  const answer = await ask(await byKeycloak(keycloakClaims({ exp })));
  expect([answer.status, answer.json['code']]).toEqual([401, 'lifetime_too_long']);
  expect((await ask(await byKeycloak(keycloakClaims({ exp: exp - 1 })))).status).toBe(200);
  expect((await ask(await own.accessToken({ exp }))).status).toBe(200);
});

it('the roles of Keycloak are those of the realm and of the resource', async () => {
  const roles = async (change: object) => (await ask(await byKeycloak(keycloakClaims(change)), '/role')).status;
  expect(await roles({})).toBe(403);
  expect(await roles({ realm_access: { roles: ['admin'] } })).toBe(200);
  expect(await roles({ resource_access: { 'orders-api': { roles: ['admin'] } } })).toBe(200);
});

it('an issuer rotates its keys, and only its keys are fetched', async () => {
  await ask(await byKeycloak(keycloakClaims()));
  const before = [own, keycloak, auth0].map((issuer) => issuer.hitsOf('/jwks'));
  clock.pass('31s');
  keycloak.keys = [issuerKey('RS256', 'fresh')];
  const answer = await ask(await byKeycloak(keycloakClaims()));
  expect(answer.status).toBe(200);
  const after = [own, keycloak, auth0].map((issuer) => issuer.hitsOf('/jwks'));
  expect(after.map((hits, index) => hits - before[index]!)).toEqual([0, 1, 0]);
});

it('an issuer that is down takes nobody else with it', async () => {
  const fresh = await TinyIssuer.listen(clock);
  const other = await House.open(own, {
    bearer: { audience: AUDIENCE, issuers: [{ issuer: fresh.url, audience: API, algorithms: ['RS256', 'ES256'] }] },
  });
  const token = await fresh.accessToken({ aud: API });
  await fresh.close();
  const down = await other.ask('/jwt', { headers: [['authorization', `Bearer ${token}`]] });
  expect([down.status, down.json['code']]).toEqual([503, 'keys_unavailable']);
  const up = await other.ask('/jwt', { headers: [['authorization', `Bearer ${await own.accessToken()}`]] });
  expect(up.status).toBe(200);
  await other.close();
});

describe('tokens that only the provider can read', () => {
  const introspectionSays = (answer: unknown) =>
    auth0.answers.set('/introspect', (_request, _body, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
    );
  const good = () => ({ active: true, sub: 'auth0|1', aud: API, exp: clock.seconds() + 60, scope: 'read', azp: 'c' });
  afterEach(() => auth0.answers.clear());
  beforeEach(() => clock.pass('2s'));

  it('are asked about at the issuer that has such, once for many at the same time', async () => {
    introspectionSays(good());
    const hits = [own, auth0].map((issuer) => issuer.hitsOf('/introspect'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('opaque-1')));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(answers[0]!.json).toMatchObject({ issuer: auth0.url, subject: 'auth0|1', scopes: ['read'] });
    expect([own.hitsOf('/introspect') - hits[0]!, auth0.hitsOf('/introspect') - hits[1]!]).toEqual([0, 1]);
  });

  it.each([
    ['inactive', { active: false }, 'token_revoked'],
    ['JW-52: active in words', { active: 'true', sub: 'x', aud: API }, 'token_revoked'],
    ['of another issuer', { active: true, sub: 'x', aud: API, exp: 4e9, iss: 'https://evil.test' }, 'issuer_mismatch'],
    ['for another audience', { active: true, sub: 'x', aud: 'other', exp: 4e9 }, 'audience_mismatch'],
    ['without an audience', { active: true, sub: 'x', exp: 4e9 }, 'audience_mismatch'],
    ['without an end', { active: true, sub: 'x', aud: API }, 'claims_invalid'],
    ['bound to a key', { active: true, sub: 'x', aud: API, exp: 4e9, cnf: { jkt: 'x' } }, 'proof_required'],
  ])('%s: refused', async (name, said, code) => {
    introspectionSays(said);
    const answer = await ask(`opaque-${name.length}`);
    expect([answer.status, answer.json['code']]).toEqual([401, code]);
  });

  it.each<[string, Answer]>([
    ['answers that it is busy', (_request, _body, response) => response.writeHead(503).end()],
    ['breaks the connection', (_request, _body, response) => response.destroy()],
  ])('a provider that %s is asked by one of them now and then, and soon believed again', async (_, away) => {
    auth0.answers.set('/introspect', away);
    let count = 0;
    const hits = auth0.hitsOf('/introspect');
    const asked = () => auth0.hitsOf('/introspect') - hits;
    const garbage = async () => expect((await ask(`garbage-${(count += 1)}`)).status).toBe(503);
    await garbage();
    for (let more = 0; more < 10; more += 1) await garbage();
    expect(asked()).toBe(1);
    for (let second = 1; second <= 10; second += 1) {
      clock.pass('1s');
      await Promise.all([garbage(), garbage(), garbage()]);
    }
    expect(asked()).toBe(11);

    introspectionSays(good());
    expect((await ask('opaque-of-somebody')).status).toBe(503);
    clock.pass('1s');
    const answers = [await ask('opaque-of-somebody'), await ask('opaque-of-another')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('one token that a provider cannot answer about keeps no other waiting', async () => {
    auth0.answers.set('/introspect', (_request, body, response) => {
      if (body.get('token') === 'opaque-poison') return response.writeHead(500).end();
      return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(good()));
    });
    expect((await ask('opaque-poison')).status).toBe(503);
    expect((await ask('opaque-healthy')).status).toBe(200);
  });

  it('a JWT of that issuer is asked about as well, as it says for itself', async () => {
    const token = await byAuth0(auth0Claims({ jti: 'asked' }));
    expect((await ask(token)).status).toBe(200);
    clock.pass('2s');
    auth0.revoked.add(token);
    expect((await ask(token)).json['code']).toBe('token_revoked');
    expect(keycloak.hitsOf('/introspect')).toBe(0);
  });
});
