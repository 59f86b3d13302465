import { createRemoteJWKSet, jwtVerify } from 'jose';
import { claimsOf, headerOf, type House, openHouse } from '../support/house.js';

const ORDERS = 'urn:gatehouse:demo:orders';
const DESK = { id: 'desk', secret: 'demo-desk-secret', redirectUri: '', method: 'client_secret_basic' } as const;
const SIGNED = 'application/token-introspection+jwt';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

it('tells the client whose token it is what stands in it', async () => {
  const { tokens } = await house.codeFlow({ scope: 'openid email' });
  expect(await house.introspect(tokens.access_token)).toEqual({
    active: true,
    token_type: 'Bearer',
    username: 'alice',
    ...claimsOf(tokens.access_token),
  });
});

it('tells the owner of the resource, also about opaque tokens', async () => {
  await house.resources.put({
    audience: 'urn:opaque',
    scopes: ['opaque:read'],
    tokenFormat: 'opaque',
    accessTokenSeconds: 60,
    ownerClientId: DESK.id,
  });
  const client = await house.client('opaque-client', { scope: 'openid opaque:read' });
  house.clock.pass('6s');
  const { tokens } = await house.codeFlow({ scope: 'opaque:read' }, { client });
  expect(tokens.access_token).toMatch(/^[\w-]{43}$/);
  expect(tokens.expires_in).toBe(60);
  expect(await house.introspect(tokens.access_token, DESK)).toMatchObject({ active: true, aud: 'urn:opaque', username: 'alice' });
  house.clock.pass('60s');
  expect(await house.introspect(tokens.access_token, DESK)).toEqual({ active: false });
}); // prettier-ignore

describe('IN-02 another client', () => {
  it('learns nothing', async () => {
    const { tokens } = await house.codeFlow();
    expect(await house.introspect(tokens.access_token, house.other)).toEqual({ active: false });
  });

  it('learns nothing about a token for a resource it does not own', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid orders:read' });
    expect(claimsOf(tokens.access_token)['aud']).toBe(ORDERS);
    expect(await house.introspect(tokens.access_token, house.other)).toEqual({ active: false });
    expect(await house.introspect(tokens.access_token, DESK)).toMatchObject({ active: true });
  });

  it('learns nothing in a signed answer either', async () => {
    const { tokens } = await house.codeFlow();
    const answer = await house.post('/introspect', house.other, { token: tokens.access_token }, { headers: { accept: SIGNED } });
    expect(claimsOf(answer.page)['token_introspection']).toEqual({ active: false });
  }); // prettier-ignore
});

it('signs its answer when it is asked to (RFC 9701)', async () => {
  const { tokens } = await house.codeFlow();
  const answer = await house.post('/introspect', house.web, { token: tokens.access_token }, { headers: { accept: SIGNED } });
  expect(answer.headers.get('content-type')).toBe(SIGNED);
  const { payload } = await jwtVerify(answer.page, createRemoteJWKSet(new URL(`${house.issuer}/jwks`)), {
    issuer: house.issuer,
    audience: 'rp-a',
    typ: 'token-introspection+jwt',
  });
  expect(payload).toEqual({
    iss: house.issuer,
    aud: 'rp-a',
    iat: house.clock.seconds(),
    token_introspection: expect.objectContaining({ active: true, client_id: 'rp-a' }),
  });
  // It is no token: nobody takes it for one.
  expect((await house.userinfo(answer.page)).status).toBe(401);
}); // prettier-ignore

it.each(['access_token', 'refresh_token', 'unheard_of'])(
  'IN-04 the hint %s changes nothing',
  async (token_type_hint) => {
    const { tokens } = await house.codeFlow();
    const { json } = await house.post('/introspect', house.web, { token: tokens.access_token, token_type_hint });
    expect(json['active']).toBe(true);
  },
);

it('IN-05 IN-07 everything that is no access token of ours is inactive', async () => {
  const { tokens } = await house.codeFlow();
  const made = [tokens.id_token, tokens.refresh_token, 'garbage', 'a.b.c', '\0', '__proto__', 'x'.repeat(20_000)];
  const [header, payload] = tokens.access_token.split('.');
  for (const token of [...made, `${header}.${payload}.`, `${tokens.access_token}A`]) {
    expect(await house.introspect(token)).toEqual({ active: false });
  }
  expect((await house.post('/introspect', house.web, { token: 'x'.repeat(1_000_000) })).status).toBe(413);
});

it('an expired token is inactive', async () => {
  const { tokens } = await house.codeFlow();
  house.clock.pass('300s');
  expect(await house.introspect(tokens.access_token)).toEqual({ active: false });
});

it('a token that lives longer than usual is remembered for as long, and dies with its code', async () => {
  await house.resources.put({
    audience: 'urn:slow',
    scopes: ['slow:read'],
    tokenFormat: 'jwt',
    accessTokenSeconds: 7200,
  });
  const client = await house.client('slow', { scope: 'slow:read', grant_types: ['authorization_code'] });
  const { tokens, grant } = await house.codeFlow({ scope: 'slow:read' }, { client });
  expect(tokens.expires_in).toBe(7200);
  house.clock.pass('110m');
  await house.authorizations.sweep();
  expect(await house.introspect(tokens.access_token, client)).toMatchObject({ active: true });
  await house.redeem(client, grant);
  expect(await house.introspect(tokens.access_token, client)).toEqual({ active: false });
});

it('a resource may want RS256 (RFC 9068 §2.1), and its tokens are believed and revoked like the others', async () => {
  await house.resources.put({
    audience: 'urn:rsa',
    scopes: ['rsa:read'],
    tokenFormat: 'jwt',
    tokenSigningAlg: 'RS256',
  });
  const client = await house.client('rsa', { scope: 'openid rsa:read' });
  const { access_token: token } = (await house.codeFlow({ scope: 'openid rsa:read' }, { client })).tokens;
  expect(headerOf(token)).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: expect.any(String) });
  const keys = createRemoteJWKSet(new URL(`${house.issuer}/jwks`));
  const currentDate = new Date(house.clock.now());
  await jwtVerify(token, keys, { issuer: house.issuer, audience: 'urn:rsa', typ: 'at+jwt', currentDate });
  expect(await house.introspect(token, client)).toMatchObject({ active: true, aud: 'urn:rsa' });
  expect((await house.userinfo(token)).status).toBe(200);
  await house.post('/revoke', client, { token });
  expect(await house.introspect(token, client)).toEqual({ active: false });
  expect((await house.userinfo(token)).status).toBe(401);
});

it('refuses no token, two tokens, and another verb', async () => {
  expect((await house.post('/introspect', house.web, {})).json['error']).toBe('invalid_request');
  expect((await house.post('/introspect', house.web, { token: ['a', 'b'] })).json['error']).toBe('invalid_request');
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await fetch(`${house.issuer}/introspect?token=x`, { method })).status).toBe(405);
  }
});
