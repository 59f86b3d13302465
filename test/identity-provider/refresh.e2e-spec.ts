import { claimsOf, type House, openHouse, type TestClient, type Tokens } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const OFFLINE = { scope: 'openid profile offline_access' };

const refreshed = async (client: TestClient, token: string, change = {}): Promise<Tokens> => {
  const { status, json } = await house.refresh(client, token, change);
  expect([status, json['error']]).toEqual([200, undefined]);
  return json as unknown as Tokens;
};
const expectRefused = async (client: TestClient, token: string, error = 'invalid_grant', change = {}) => {
  const { status, json } = await house.refresh(client, token, change);
  expect([status, json['error']]).toEqual([400, error]);
};

it('gives new tokens for the same authorization', async () => {
  const { tokens, client } = await house.codeFlow({ scope: 'openid profile' });
  house.clock.pass('4m');
  const next = await refreshed(client, tokens.refresh_token);
  expect(next.refresh_token).not.toBe(tokens.refresh_token);
  expect(next.scope).toBe('openid profile');
  expect((await house.userinfo(next.access_token)).status).toBe(200);
  expect((await house.userinfo(tokens.access_token)).status).toBe(200);
});

it('RT-19 the ID token says the same of the person, and no stale nonce', async () => {
  const { tokens, client } = await house.codeFlow({ nonce: 'n' });
  house.clock.pass('1h');
  const next = await refreshed(client, tokens.refresh_token);
  const [before, after] = [claimsOf(tokens.id_token), claimsOf(next.id_token)];
  for (const same of ['iss', 'sub', 'aud', 'auth_time', 'acr', 'sid']) expect(after[same]).toEqual(before[same]);
  expect(after['iat']).toBe((before['iat'] as number) + 3600);
  expect(after).not.toHaveProperty('nonce');
});

describe('the grace', () => {
  it('RT-05 the same token gets the identical answer for ten seconds', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const first = await house.refresh(client, tokens.refresh_token);
    house.clock.pass('9s');
    const again = await house.refresh(client, tokens.refresh_token);
    expect([again.status, again.page]).toEqual([200, first.page]);
    const next = await refreshed(client, (first.json as unknown as Tokens).refresh_token);
    expect(next.refresh_token).toEqual(expect.any(String));
  });

  it('RT-05 afterwards it is theft: the family dies', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const next = await refreshed(client, tokens.refresh_token);
    house.clock.pass('11s');
    await expectRefused(client, tokens.refresh_token);
    await expectRefused(client, next.refresh_token);
    expect((await house.userinfo(next.access_token)).status).toBe(401);
  });

  it('RT-04 is one generation: R1→R2→R3, then R1 kills the family', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const second = await refreshed(client, tokens.refresh_token);
    const third = await refreshed(client, second.refresh_token);
    await expectRefused(client, tokens.refresh_token);
    await expectRefused(client, third.refresh_token);
    expect((await house.userinfo(third.access_token)).status).toBe(401);
  });

  it('is erased once the successor is used', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const answers = () =>
      house.database.dataSource.query<{ previous_answer: Buffer }[]>(
        'SELECT previous_answer FROM refresh_token WHERE authorization_id = $1',
        [claimsOf(tokens.access_token)['authorization_id']],
      );
    const second = await refreshed(client, tokens.refresh_token);
    const [before] = await answers();
    await refreshed(client, second.refresh_token);
    const [after] = await answers();
    expect(after!.previous_answer.equals(before!.previous_answer)).toBe(false);
  });

  it('is for the same client only', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const first = await house.refresh(client, tokens.refresh_token);
    await expectRefused(house.other, tokens.refresh_token);
    expect((await house.refresh(client, tokens.refresh_token)).page).toBe(first.page);
  });

  it('RT-03 is known to every process', async () => {
    const another = await house.openAnother();
    const { tokens, client } = await house.codeFlow(OFFLINE);
    const first = await house.refresh(client, tokens.refresh_token);
    const again = await house.refresh(client, tokens.refresh_token, {}, { origin: another });
    expect(again.page).toBe(first.page);
    const second = await house.refresh(
      client,
      (first.json as unknown as Tokens).refresh_token,
      {},
      { origin: another },
    );
    expect(second.status).toBe(200);
    await expectRefused(client, tokens.refresh_token);
    const stolen = await house.refresh(
      client,
      (second.json as unknown as Tokens).refresh_token,
      {},
      { origin: another },
    );
    expect(stolen.json['error']).toBe('invalid_grant');
  });
});

describe('scope and resource', () => {
  it('RT-11 may be narrowed, and the next one has all of it again', async () => {
    const { tokens, client } = await house.codeFlow({ scope: 'openid profile email' });
    const narrow = await refreshed(client, tokens.refresh_token, { scope: 'openid' });
    expect(narrow.scope).toBe('openid');
    expect(claimsOf(narrow.access_token)['scope']).toBe('openid');
    expect((await refreshed(client, narrow.refresh_token)).scope).toBe('openid profile email');
  });

  it.each([
    ['RT-11 a wider scope', { scope: 'openid profile email' }, 'invalid_scope'],
    ['a scope that breaks the grammar', { scope: '"' }, 'invalid_scope'],
    ['RT-12 a resource that was not granted', { resource: 'urn:gatehouse:demo:invoices' }, 'invalid_target'],
  ])('%s is refused, and the token is not spent', async (_, change, error) => {
    const { tokens, client } = await house.codeFlow({ scope: 'openid profile' });
    await expectRefused(client, tokens.refresh_token, error, change);
    await refreshed(client, tokens.refresh_token);
  });

  it('without openid there is no ID token', async () => {
    const { tokens, client } = await house.codeFlow({ scope: 'openid profile' });
    expect(await refreshed(client, tokens.refresh_token, { scope: 'profile' })).not.toHaveProperty('id_token');
  });
});

describe('lifetimes', () => {
  it('RT-14 fourteen days unused', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    house.clock.pass('13d');
    const next = await refreshed(client, tokens.refresh_token);
    house.clock.pass('14d');
    await expectRefused(client, next.refresh_token);
  });

  it('RT-13 ninety days in all, however often it is used', async () => {
    const { tokens, client } = await house.codeFlow(OFFLINE);
    let current = tokens.refresh_token;
    for (let days = 0; days < 80; days += 10) {
      house.clock.pass('10d');
      current = (await refreshed(client, current)).refresh_token;
    }
    house.clock.pass('9d');
    const last = await refreshed(client, current);
    const [row] = await house.database.dataSource.query<{ idle_expires_at: string; expires_at: string }[]>(
      'SELECT idle_expires_at, expires_at FROM refresh_token WHERE authorization_id = $1',
      [claimsOf(tokens.access_token)['authorization_id']],
    );
    expect(row!.idle_expires_at).toBe(row!.expires_at);
    house.clock.pass('1d');
    await expectRefused(client, last.refresh_token);
  });
});

describe('what it hangs on', () => {
  it('RT-20 without offline_access: the session, by sign-out', async () => {
    const { tokens, client, browser } = await house.codeFlow();
    await browser.get(`/logout?id_token_hint=${tokens.id_token}`);
    await expectRefused(client, tokens.refresh_token);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('RT-20 without offline_access: the session, by its end in time', async () => {
    const { tokens, client } = await house.codeFlow();
    house.clock.pass('8h');
    await expectRefused(client, tokens.refresh_token);
  });

  it('RT-20 without offline_access: the session, by an administrator', async () => {
    const { tokens, client } = await house.codeFlow();
    await house.database.dataSource.query('DELETE FROM session WHERE sid = $1', [claimsOf(tokens.id_token)['sid']]);
    await expectRefused(client, tokens.refresh_token);
  });

  it('with offline_access: it outlives the session', async () => {
    const { tokens, client, browser } = await house.codeFlow(OFFLINE);
    await browser.get(`/logout?id_token_hint=${tokens.id_token}`);
    house.clock.pass('2d');
    await refreshed(client, tokens.refresh_token);
  });

  it('a sign-in anew by the same person keeps it', async () => {
    const { tokens, client, browser } = await house.codeFlow();
    house.clock.pass('10s');
    await house.codeFlow({ prompt: 'login' }, { client, browser });
    await refreshed(client, tokens.refresh_token);
  });

  it('TK-16 the person', async () => {
    const { sub } = await house.users.add({ username: 'erin', password: 'erin-password' });
    const browser = house.browser();
    await browser.signIn('erin', 'erin-password');
    const { tokens, client } = await house.codeFlow(OFFLINE, { browser });
    await house.users.disable(sub);
    await expectRefused(client, tokens.refresh_token);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    expect(await house.introspect(tokens.access_token)).toEqual({ active: false });
  });

  it('AZ-07 the client', async () => {
    const client = await house.client('refresh-disabled', { scope: OFFLINE.scope });
    const { tokens } = await house.codeFlow(OFFLINE, { client });
    await house.clients.disable(client.id);
    const { status, json } = await house.refresh(client, tokens.refresh_token);
    expect([status, json['error']]).toEqual([401, 'invalid_client']);
    expect((await house.userinfo(tokens.access_token)).status).toBe(401);
  });

  it('RT-09 each other cause', async () => {
    for (const target of ['authorization', 'subject', 'client'] as const) {
      const client = await house.client(`revoked-by-${target}`, { scope: OFFLINE.scope });
      const { tokens } = await house.codeFlow(OFFLINE, { client });
      const { authorization_id: authorization, sub: subject } = claimsOf(tokens.access_token) as Record<string, string>;
      const value = { authorization: authorization!, subject: subject!, client: client.id }[target];
      await house.authorizations.revoke({ [target]: value } as { client: string }, 'administrative');
      await expectRefused(client, tokens.refresh_token);
      expect((await house.userinfo(tokens.access_token)).status).toBe(401);
    }
  });
});

describe('who may use it', () => {
  it('another client may not, and does no harm', async () => {
    const { tokens, client } = await house.codeFlow();
    await expectRefused(house.other, tokens.refresh_token);
    await expectRefused(house.spa, tokens.refresh_token);
    await refreshed(client, tokens.refresh_token);
  });

  it('a confidential client proves itself every time', async () => {
    const { tokens } = await house.codeFlow();
    const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: 'rp-a' };
    expect((await house.token(undefined, form)).status).toBe(401);
  });

  it('a public client rotates, too', async () => {
    const { tokens } = await house.codeFlow(OFFLINE, { client: house.spa });
    const next = await refreshed(house.spa, tokens.refresh_token);
    house.clock.pass('11s');
    await expectRefused(house.spa, tokens.refresh_token);
    await expectRefused(house.spa, next.refresh_token);
  });
});

it('a token that is not as we made it is refused and harms nobody', async () => {
  const { tokens, client } = await house.codeFlow();
  const token = tokens.refresh_token;
  const flip = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
  const made = [
    '',
    'x',
    token.slice(1),
    `${token}A`,
    `${token}=`,
    token.toUpperCase(),
    ...[0, 10, 30, 60, 84].map(flip),
  ];
  for (const one of made) await expectRefused(client, one, one === '' ? 'invalid_request' : 'invalid_grant');
  await expectRefused(client, 'x'.repeat(2000), 'invalid_request');
  await expectRefused(client, tokens.access_token, 'invalid_grant');
  await refreshed(client, token);
});

it('RT-22 nothing in the database opens a session, a token or a code', async () => {
  const { tokens, client, browser } = await house.codeFlow(OFFLINE);
  const next = await refreshed(client, tokens.refresh_token);
  const tables = await house.database.dataSource.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  let dump = '';
  for (const { name } of tables) {
    const rows = await house.database.dataSource.query<Record<string, unknown>[]>(`SELECT * FROM "${name}"`);
    dump += JSON.stringify(rows, (_, value: unknown) => {
      const { type, data } = (value ?? {}) as { type?: string; data?: number[] };
      if (type !== 'Buffer') return value;
      return ['latin1', 'hex', 'base64url'].map((encoding) => Buffer.from(data!).toString(encoding as 'hex')).join(' ');
    });
  }
  expect(dump).toContain('rp-a');
  const secrets = [tokens, next].flatMap((set) => [set.refresh_token, set.access_token, set.id_token]);
  for (const secret of [...secrets, ...browser.cookies.values()]) {
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(secret.slice(0, 40));
  }
});
