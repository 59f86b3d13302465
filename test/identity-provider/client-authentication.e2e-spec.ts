import { basic, type Form, type House, openHouse, type TestClient } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const b64 = (text: string) => Buffer.from(text).toString('base64');
const CODE = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://rp-a.test/cb' };
/** What every endpoint that clients call is asked; a client that proved itself gets past authentication. */
const ENDPOINTS: [string, Form][] = [
  ['/token', CODE],
  ['/token', { grant_type: 'refresh_token', refresh_token: 'x' }],
  ['/revoke', { token: 'x' }],
  ['/introspect', { token: 'x' }],
];

async function expectRefused(
  path: string,
  client: TestClient | undefined,
  form: Form,
  headers: Record<string, string> = {},
) {
  const answer = await house.post(path, client, form, { headers });
  expect(answer.json).toEqual({ error: 'invalid_client', error_description: 'client authentication failed' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

it.each<[string, () => TestClient]>([
  ['client_secret_basic', () => house.web],
  ['client_secret_post', () => house.other],
])('%s proves the client at every endpoint', async (_, client) => {
  const { status, json } = await house.token(client(), CODE);
  expect([status, json['error']]).toEqual([400, 'invalid_grant']);
  expect((await house.post('/revoke', client(), { token: 'x' })).status).toBe(200);
  expect((await house.post('/introspect', client(), { token: 'x' })).json).toEqual({ active: false });
});

it('none is enough for a public client at token and revocation, not at introspection: IN-01', async () => {
  expect((await house.token(house.spa, CODE)).json['error']).toBe('invalid_grant');
  expect((await house.post('/revoke', house.spa, { token: 'x' })).status).toBe(200);
  await expectRefused('/introspect', house.spa, { token: 'x' });
});

describe.each(ENDPOINTS)('%s', (path, form) => {
  it('CA-02 refuses a confidential client that proves nothing', async () => {
    await expectRefused(path, undefined, { ...form, client_id: 'rp-a' });
    await expectRefused(path, undefined, { ...form, client_id: 'rp-b' });
    await expectRefused(path, undefined, { ...form, client_id: 'rp-b', client_secret: '' });
  });

  it('IN-01 refuses nobody and a bearer token', async () => {
    await expectRefused(path, undefined, form);
    await expectRefused(path, undefined, form, { authorization: 'Bearer abc' });
  });

  it('refuses a wrong secret, an unknown client and CA-08 another method than the registered one alike', async () => {
    await expectRefused(path, { ...house.web, secret: 'wrong' }, form);
    await expectRefused(path, { ...house.other, secret: 'wrong' }, form);
    await expectRefused(path, { ...house.web, id: 'nobody' }, form);
    await expectRefused(path, { ...house.web, method: 'client_secret_post' }, form);
    await expectRefused(path, { ...house.other, method: 'client_secret_basic' }, form);
    await expectRefused(path, { ...house.spa, secret: 'x', method: 'client_secret_post' }, form);
    await expectRefused(path, undefined, form, { authorization: basic('spa', '') });
  });

  it('CA-05 refuses two methods at once', async () => {
    const { status, json } = await house.post(path, house.web, {
      ...form,
      client_id: 'rp-a',
      client_secret: house.web.secret!,
    });
    expect([status, json['error']]).toEqual([400, 'invalid_request']);
  });

  it('CA-06 refuses two names', async () => {
    await expectRefused(path, house.web, { ...form, client_id: 'rp-b' });
  });

  it('TK-28 refuses two Authorization headers', async () => {
    const { request } = await import('node:http');
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = request(`${house.issuer}${path}`, { method: 'POST' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      outgoing.on('error', reject);
      outgoing.setHeader('content-type', 'application/x-www-form-urlencoded');
      outgoing.setHeader('authorization', [basic('rp-a', house.web.secret!), basic('rp-b', house.other.secret!)]);
      outgoing.end('token=x');
    });
    expect(status).toBe(400);
  });

  it('CA-18 believes no certificate header', async () => {
    await expectRefused(path, undefined, { ...form, client_id: 'rp-a' }, {
      'x-ssl-client-cert': 'x',
      'x-forwarded-client-cert': 'Subject="CN=rp-a"',
      'ssl-client-verify': 'SUCCESS',
    }); // prettier-ignore
  });
});

describe('CA-07 Basic is read strictly', () => {
  const right = () => b64(`rp-a:${encodeURIComponent(house.web.secret!)}`);

  it('takes the scheme in any case', async () => {
    const { json } = await house.post(
      '/introspect',
      undefined,
      { token: 'x' },
      { headers: { authorization: `bAsIc ${right()}` } },
    );
    expect(json).toEqual({ active: false });
  });

  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['no base64', () => '!!!!'],
    ['white space inside', () => `${right().slice(0, 8)} ${right().slice(8)}`],
    ['two spaces', () => ` ${right()}`],
    ['no padding', () => b64(`rp-a:${'s'.repeat(5)}`).replace(/=+$/, '')],
    ['the URL alphabet', () => Buffer.from('rp-a:\u00ff\u00fe>?').toString('base64url')],
    ['no colon', () => b64('rp-a')],
    ['no id', () => b64(':secret')],
    ['broken UTF-8', () => Buffer.from([0x72, 0x3a, 0xff]).toString('base64')],
    ['a broken escape', () => b64('rp-a:%zz')],
    ['a NUL', () => b64('rp-a\0:x')],
    ['a prototype name', () => b64('__proto__:x')],
    ['5 KB', () => b64(`rp-a:${'s'.repeat(5000)}`)],
  ])('refuses %s', async (_, credentials) => {
    await expectRefused('/introspect', undefined, { token: 'x' }, { authorization: `Basic ${credentials()}` });
  });
});

it('CA-19, TK-29 one answer for every cause', async () => {
  const bodies = await Promise.all([
    house.token({ ...house.web, secret: 'wrong' }, CODE),
    house.token({ ...house.web, id: 'nobody' }, CODE),
    house.token({ ...house.web, method: 'client_secret_post' }, CODE),
  ]);
  expect(new Set(bodies.map(({ page }) => page)).size).toBe(1);
});

it('CA-20 many wrong secrets have to wait; another client does not', async () => {
  const client = await house.client('guessed');
  const wrong = { ...client, secret: 'wrong' };
  let last = 0;
  for (let i = 0; i < 60 && last !== 429; i += 1) {
    const answer = await house.token(wrong, CODE);
    last = answer.status;
    if (last === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(last).toBe(429);
  expect((await house.token(house.web, CODE)).json['error']).toBe('invalid_grant');
});

it('secrets are kept as digests', async () => {
  const rows =
    await house.database.dataSource.query<{ secret_digest: Buffer; secret_sealed: null }[]>('SELECT * FROM client');
  expect(JSON.stringify(rows)).not.toContain('the secret of');
  expect(rows.find(({ secret_digest }) => secret_digest)!.secret_digest).toHaveLength(32);
});
