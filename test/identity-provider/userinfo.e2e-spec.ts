import { createRemoteJWKSet, jwtVerify } from 'jose';
import { claimsOf, type House, jsonAnswer, openHouse, type Tokens } from '../support/house.js';

let house: House;
let tokens: Tokens;
beforeAll(async () => {
  house = await openHouse();
  ({ tokens } = await house.codeFlow({ scope: 'openid profile email address phone' }));
});
afterAll(() => house.close());

const ask = async (init: RequestInit, query = '') => jsonAnswer(await fetch(`${house.issuer}/userinfo${query}`, init));
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const ALICE = {
  sub: expect.stringMatching(/^usr_/),
  name: 'Alice Liddell',
  given_name: 'Alice',
  middle_name: 'Pleasance',
  family_name: 'Liddell',
  nickname: 'Al',
  preferred_username: 'alice',
  profile: 'https://example.com/alice',
  picture: 'https://example.com/alice.png',
  website: 'https://alice.example.com',
  email: 'alice@example.com',
  email_verified: true,
  gender: 'female',
  birthdate: '1852-05-04',
  zoneinfo: 'Europe/London',
  locale: 'en-GB',
  phone_number: '+44 20 7946 0018',
  phone_number_verified: false,
  address: expect.objectContaining({ locality: 'Oxford' }),
  updated_at: 1_700_000_000,
};

it('says at once what another process has written about the person', async () => {
  const nickname = async () => (await house.userinfo(tokens.access_token)).json['nickname'];
  expect([await nickname(), await nickname()]).toEqual(['Al', 'Al']);
  const rename = `UPDATE gatehouse_user SET claims = claims || jsonb_build_object('nickname', $1::text) WHERE username = 'alice'`;
  await house.database.dataSource.query(rename, ['Ali']);
  expect(await nickname()).toBe('Ali');
  await house.database.dataSource.query(rename, ['Al']);
  expect(await nickname()).toBe('Al');
});

describe('the twenty standard claims', () => {
  it.each<[string, () => Promise<{ status: number; json: unknown }>]>([
    ['GET', () => ask({ headers: bearer(tokens.access_token) })],
    ['POST', () => ask({ method: 'POST', headers: bearer(tokens.access_token) })],
    [
      'POST with a form',
      () => ask({ method: 'POST', body: new URLSearchParams({ access_token: tokens.access_token }) }),
    ],
    ['bearer in lower case', () => ask({ headers: { authorization: `bearer ${tokens.access_token}` } })],
  ])('by %s', async (_, request) => {
    const { status, json } = await request();
    expect([status, json]).toEqual([200, ALICE]);
  });

  it('never null and never empty', async () => {
    await house.users.add({ username: 'frank', password: 'frank-password', claims: { name: '', email: null, address: {}, nickname: 'F' } });
    const browser = house.browser();
    await browser.signIn('frank', 'frank-password');
    const flow = await house.codeFlow({ scope: 'openid profile email address' }, { browser });
    expect((await house.userinfo(flow.tokens.access_token)).json).toEqual({ sub: expect.any(String), nickname: 'F' });
  }); // prettier-ignore

  it.each([
    ['openid', ['sub']],
    ['openid email', ['email', 'email_verified', 'sub']],
    ['openid phone', ['phone_number', 'phone_number_verified', 'sub']],
    ['openid address offline_access', ['address', 'sub']],
  ])('IN-13 of the scope %s are %j', async (scope, names) => {
    const flow = await house.codeFlow({ scope });
    expect(Object.keys((await house.userinfo(flow.tokens.access_token)).json).sort()).toEqual(names);
  });

  it('by name: the claims parameter', async () => {
    const claims = JSON.stringify({
      userinfo: { given_name: null, email: { essential: true }, roles: null, password_hash: null, iss: null },
      id_token: { phone_number: null },
    });
    const flow = await house.codeFlow({ claims });
    const { json } = await house.userinfo(flow.tokens.access_token);
    expect(json).toEqual({ sub: expect.any(String), given_name: 'Alice', email: 'alice@example.com' });
  });

  it('by name, but not beyond the scopes that the client may have', async () => {
    const client = await house.client('claims-modest', { scope: 'openid profile' });
    const claims = JSON.stringify({
      userinfo: { email: { essential: true }, name: null },
      id_token: { address: null },
    });
    const { tokens } = await house.codeFlow({ claims }, { client });
    expect((await house.userinfo(tokens.access_token)).json).toEqual({
      sub: expect.any(String),
      name: 'Alice Liddell',
    });
    expect(claimsOf(tokens.id_token)).not.toHaveProperty('address');
  });
});

describe('a signed answer', () => {
  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('by %s has iss and aud', async (algorithm) => {
    const client = await house.client(`userinfo-${algorithm}`, { userinfo_signed_response_alg: algorithm });
    const flow = await house.codeFlow({ scope: 'openid email' }, { client });
    const answer = await house.userinfo(flow.tokens.access_token);
    expect(answer.headers.get('content-type')).toBe('application/jwt');
    const keys = createRemoteJWKSet(new URL(`${house.issuer}/jwks`));
    const { payload } = await jwtVerify(answer.page, keys, { issuer: house.issuer, audience: client.id, algorithms: [algorithm] });
    expect(payload).toEqual({
      iss: house.issuer,
      aud: client.id,
      iat: house.clock.seconds(),
      sub: expect.any(String),
      email: 'alice@example.com',
      email_verified: true,
    });
  }); // prettier-ignore
});

describe('refuses', () => {
  it('nobody, with a challenge that names no error', async () => {
    const { status, headers } = await ask({});
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="gatehouse"');
  });

  it.each<[string, () => string]>([
    ['garbage', () => 'garbage'],
    ['an ID token', () => tokens.id_token],
    ['a refresh token', () => tokens.refresh_token],
    ['another signature', () => `${tokens.access_token.slice(0, -8)}AAAAAAAA`],
    ['alg none', () => `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${tokens.access_token.split('.')[1]}.`],
    ['a lot', () => 'a.'.repeat(4000)],
  ])('%s', async (_, token) => {
    const { status, headers, json } = await house.userinfo(token());
    expect([400, 401]).toContain(status);
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
    expect(json['error']).toMatch(/^invalid_/);
    expect(headers.get('cache-control')).toBe('no-store');
  }); // prettier-ignore

  it('a token that has expired', async () => {
    const flow = await house.codeFlow();
    house.clock.pass('299s');
    expect((await house.userinfo(flow.tokens.access_token)).status).toBe(200);
    house.clock.pass('1s');
    expect((await house.userinfo(flow.tokens.access_token)).status).toBe(401);
    ({ tokens } = await house.codeFlow({ scope: 'openid profile email address phone' }));
  });

  it('a token without openid', async () => {
    const flow = await house.codeFlow({ scope: 'email' });
    const { status, headers, json } = await house.userinfo(flow.tokens.access_token);
    expect([status, json['error']]).toEqual([403, 'insufficient_scope']);
    expect(headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('a token for an API, unless it has openid too', async () => {
    const userinfo = async (scope: string) => {
      const flow = await house.codeFlow({ scope }, { client: house.native });
      expect(claimsOf(flow.tokens.access_token)).toMatchObject({ aud: expect.stringContaining('orders') });
      return (await house.userinfo(flow.tokens.access_token)).status;
    };
    expect(await userinfo('orders:read')).toBe(403);
    expect(await userinfo('openid orders:read')).toBe(200);
  });

  it('a token in the URL', async () => {
    expect((await ask({}, `?access_token=${tokens.access_token}`)).status).toBe(401);
  });

  it('a token in two places', async () => {
    const body = new URLSearchParams({ access_token: tokens.access_token });
    expect((await ask({ method: 'POST', body, headers: bearer(tokens.access_token) })).status).toBe(400);
    const inUrl = `?access_token=${tokens.access_token}`;
    expect((await ask({ method: 'POST', body }, inUrl)).status).toBe(400);
    const { status, headers } = await ask({ headers: bearer(tokens.access_token) }, inUrl);
    expect(status).toBe(400);
    // RFC 6750 §3: whoever is not let in is challenged.
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_request"/);
  });

  it('a token in JSON', async () => {
    const body = JSON.stringify({ access_token: tokens.access_token });
    expect((await ask({ method: 'POST', body, headers: { 'content-type': 'application/json' } })).status).toBe(401);
  });

  it.each(['Bearer', 'Bearer a b', 'Basic abc', 'DPoP abc', 'Bearer "x"'])('the header %j', async (authorization) => {
    const { status, headers } = await ask({ headers: { authorization } });
    expect([400, 401]).toContain(status);
    expect(headers.get('www-authenticate')).toMatch(
      status === 400 ? /^Bearer .*"invalid_request"/ : /^Bearer .*"invalid_token"/,
    );
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('%s', async (method) => {
    const { status, headers } = await ask({ method, headers: bearer(tokens.access_token) });
    expect(status).toBe(405);
    expect(headers.get('allow')).toMatch(/^GET, POST/);
  });

  it.each([
    ['bad JSON', 'application/json', '{'],
    ['multipart', 'multipart/form-data; boundary=x', 'x'],
    ['1 MB', 'application/x-www-form-urlencoded', `access_token=${'a'.repeat(1_000_000)}`],
  ])('a body that is %s', async (_, type, body) => {
    const { status } = await ask({ method: 'POST', body, headers: { 'content-type': type } });
    expect([400, 401, 413, 415]).toContain(status);
  });
});
