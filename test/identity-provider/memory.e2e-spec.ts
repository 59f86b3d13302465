import { authorizationRequest, claimsOf, encode, type House, openHouse, type Tokens } from '../support/house.js';

// What a process keeps in memory of clients, people and authorizations is believed only while the database still says the
// same: whatever is changed through one process counts in the other one with its next answer.
let house: House;
let origin: string;
beforeAll(async () => {
  house = await openHouse();
  origin = await house.openAnother();
});
afterAll(() => house.close());

const OFFLINE = { scope: 'openid profile offline_access' };
const MACHINE = { grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: 'orders:read' };

/** A client, a code, and a family that the other process has just served twice. */
async function known(id: string) {
  const client = await house.client(id);
  const { browser, tokens } = await house.codeFlow(OFFLINE, { client });
  const refresh = (token: string) => house.refresh(client, token, {}, { origin });
  const once = (await refresh(tokens.refresh_token)).json as unknown as Tokens;
  const twice = (await refresh(once.refresh_token)).json as unknown as Tokens;
  const grant = await browser.obtainCode(OFFLINE, { client });
  const spent = await browser.obtainCode(OFFLINE, { client });
  expect((await house.redeem(client, spent, {}, { origin })).status).toBe(200);
  const introspect = () => house.post('/introspect', client, { token: twice.access_token }, { origin });
  expect((await introspect()).json['active']).toBe(true);
  return { client, browser, grant, introspect, tokens: twice, refresh: () => refresh(twice.refresh_token) };
}

it('a client that was disabled is refused by every process at once', async () => {
  const { client, grant, introspect, refresh } = await known('ended');
  const authorize = () =>
    fetch(`${origin}/authorize?${encode(authorizationRequest(client, OFFLINE))}`, { redirect: 'manual' });
  expect((await authorize()).status).toBe(303);
  await house.suspensions.disableClient(client.id);
  const answers = [await refresh(), await house.redeem(client, grant, {}, { origin }), await introspect()];
  expect(answers.map(({ status, json }) => [status, json['error']])).toEqual(
    Array.from({ length: 3 }, () => [401, 'invalid_client']),
  );
  expect((await authorize()).status).toBe(400);
});

it('a machine that was disabled gets nothing more, in no process', async () => {
  const machine = await house.client('machine', MACHINE);
  const ask = () => house.token(machine, { grant_type: 'client_credentials' }, { origin });
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  await house.suspensions.disableClient(machine.id);
  expect((await ask()).json['error']).toBe('invalid_client');
});

it('an old secret is worth nothing once there is a new one, and the new one is believed at once', async () => {
  const { client, introspect, refresh } = await known('rotated');
  const secret = await house.clients.rotateSecret((await house.clients.find(client.id))!);
  expect([(await refresh()).status, (await introspect()).status]).toEqual([401, 401]);
  client.secret = secret!;
  expect([(await refresh()).status, (await introspect()).status]).toEqual([200, 200]);
});

it('a scope that was taken away from a client is not renewed', async () => {
  const { client, refresh } = await known('narrowed');
  await house.register(client, { scope: 'openid offline_access' });
  expect((await refresh()).json['scope']).toBe('openid offline_access');
});

it('a person who was disabled gets no tokens, neither by a code nor by a refresh token', async () => {
  const { client, grant, tokens, refresh } = await known('person');
  const sub = claimsOf(tokens.access_token)['sub'] as string;
  await house.users.disable(sub);
  try {
    const answers = [await refresh(), await house.redeem(client, grant, {}, { origin })];
    expect(answers.map(({ json }) => json['error'])).toEqual(['invalid_grant', 'invalid_grant']);
  } finally {
    await house.users.enable(sub);
  }
});

it('tokens say what a person is now', async () => {
  const { tokens, refresh } = await known('roles');
  const sub = claimsOf(tokens.access_token)['sub'] as string;
  await house.users.setRoles(sub, ['auditor']);
  try {
    const next = (await refresh()).json as unknown as Tokens;
    expect(claimsOf(next.access_token)['roles']).toEqual(['auditor']);
  } finally {
    await house.users.setRoles(sub, ['admin']);
  }
});

it('tokens carry where the revocation log stands now, although this process has not looked at it since', async () => {
  const { refresh, tokens } = await known('position');
  const [before] = await position();
  await house.authorizations.revoke({ client: 'position-of-somebody-else' }, 'administrative');
  const [after] = await position();
  expect(after).not.toBe(before);
  expect(claimsOf(tokens.access_token)['rev']).toBe(before);
  const next = (await refresh()).json as unknown as Tokens;
  expect(claimsOf(next.access_token)['rev']).toBe(after);
});

it('a revoked family is not renewed from memory', async () => {
  const { refresh, tokens } = await known('revoked');
  const authorization = claimsOf(tokens.access_token)['authorization_id'] as string;
  await house.authorizations.revoke({ authorization }, 'administrative');
  expect((await refresh()).json['error']).toBe('invalid_grant');
});

async function position(): Promise<string[]> {
  const rows = await house.database.dataSource.query<{ at: string }[]>(
    `SELECT epoch || '.' || seq AS at FROM revocation_head`,
  );
  return rows.map(({ at }) => at);
}

it.each(['\\u0000', '\\ud800'])(
  'a code whose claims ask for %s, which PostgreSQL does not decode, gives tokens beside others',
  async (text) => {
    const client = await house.client(`claims-${text.slice(-4)}`);
    const { browser } = await house.codeFlow(OFFLINE, { client });
    const odd = { ...OFFLINE, claims: `{"userinfo":{"email":{"value":"${text}"}}}` };
    const grants = [];
    for (const asked of [OFFLINE, odd, OFFLINE]) grants.push(await browser.obtainCode(asked, { client }));
    const answers = await Promise.all(grants.map((grant) => house.redeem(client, grant)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  },
);
