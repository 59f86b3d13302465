import { type House, openHouse } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const isAlive = async (accessToken: string) => (await house.userinfo(accessToken)).status === 200;

it('RT-17 a refresh token takes its whole authorization with it', async () => {
  const { tokens, client } = await house.codeFlow();
  const next = (await house.refresh(client, tokens.refresh_token)).json as Record<string, string>;
  const { status, page, headers } = await house.post('/revoke', client, { token: next['refresh_token'] });
  expect([status, page]).toEqual([200, '']);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(await isAlive(tokens.access_token)).toBe(false);
  expect(await isAlive(next['access_token']!)).toBe(false);
  expect(await house.introspect(next['access_token']!)).toEqual({ active: false });
  expect((await house.refresh(client, next['refresh_token']!)).json['error']).toBe('invalid_grant');
});

it('RT-17 so does one that was rotated away', async () => {
  const { tokens, client } = await house.codeFlow();
  const next = (await house.refresh(client, tokens.refresh_token)).json as Record<string, string>;
  house.clock.pass('1m');
  expect((await house.post('/revoke', client, { token: tokens.refresh_token })).status).toBe(200);
  expect((await house.refresh(client, next['refresh_token']!)).json['error']).toBe('invalid_grant');
});

it.each(['jwt', 'opaque'] as const)('an access token (%s) goes alone', async (accessTokenFormat) => {
  const client = await house.client(`revoke-${accessTokenFormat}`, {}, { accessTokenFormat });
  const { tokens } = await house.codeFlow({}, { client });
  expect(await isAlive(tokens.access_token)).toBe(true);
  expect((await house.post('/revoke', client, { token: tokens.access_token })).status).toBe(200);
  expect(await isAlive(tokens.access_token)).toBe(false);
  expect(await house.introspect(tokens.access_token, client)).toEqual({ active: false });
  expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
  // Twice is no error.
  expect((await house.post('/revoke', client, { token: tokens.access_token })).status).toBe(200);
});

it('a client’s own access token goes, too', async () => {
  const token = (await house.token(house.service, { grant_type: 'client_credentials' })).json['access_token'] as string;
  expect(await house.introspect(token, house.service)).toMatchObject({ active: true });
  await house.post('/revoke', house.service, { token });
  expect(await house.introspect(token, house.service)).toEqual({ active: false });
});

it.each(['access_token', 'refresh_token', 'unheard_of', '__proto__'])(
  'IN-04 the hint %s changes nothing',
  async (hint) => {
    const { tokens, client } = await house.codeFlow();
    await house.post('/revoke', client, { token: tokens.refresh_token, token_type_hint: hint });
    expect(await isAlive(tokens.access_token)).toBe(false);
  },
);

it('IN-08 another client’s token is refused and lives on', async () => {
  const { tokens, client } = await house.codeFlow();
  for (const stranger of [house.other, house.spa]) {
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      const { status, json } = await house.post('/revoke', stranger, { token });
      expect([status, json['error']]).toEqual([400, 'invalid_request']);
    }
  }
  expect(await isAlive(tokens.access_token)).toBe(true);
  expect((await house.refresh(client, tokens.refresh_token)).status).toBe(200);
});

it.each(['random', 'a.b.c', '\0', 'x'.repeat(20_000), '__proto__'])(
  'IN-09 a token nobody knows is no error: %#',
  async (token) => {
    const { status, page } = await house.post('/revoke', house.web, { token });
    expect([status, page]).toEqual([200, '']);
  },
);

it('a public client revokes its own by its name', async () => {
  const { tokens } = await house.codeFlow({}, { client: house.spa });
  expect((await house.post('/revoke', house.spa, { token: tokens.refresh_token })).status).toBe(200);
  expect(await isAlive(tokens.access_token)).toBe(false);
});

it('refuses no token, another verb, and a token in the URL', async () => {
  expect((await house.post('/revoke', house.web, {})).json['error']).toBe('invalid_request');
  expect((await house.post('/revoke', house.web, { token: ['a', 'b'] })).json['error']).toBe('invalid_request');
  expect((await house.post('/revoke?token=x', house.web, {})).json['error']).toBe('invalid_request');
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect((await fetch(`${house.issuer}/revoke`, { method })).status).toBe(405);
  }
});
