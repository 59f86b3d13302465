import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import { request } from 'undici';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps, INVOICES_AUDIENCE, ORDERS_AUDIENCE } from '../../src/apps/support/demo.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';
import { DemoTokens } from './demo-tokens.js';
import { addressesFrom, FrontDoor, freePortBase } from './front-door.js';

/**
 * The orders API as its own process, with no database and no directory, against the real provider. The provider's clock is
 * ours, ten minutes slow at first, so that it gives tokens that have expired.
 */
const clock = new TestClock(Date.now() - 600_000);
const tokens: Record<string, string> = {};
let at: ReturnType<typeof addressesFrom>;
let demo: DemoTokens;
let orders: FrontDoor;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [database, base] = await Promise.all([createProviderDatabase(clock), freePortBase()]);
  cleanUp.push(database.drop);
  at = addressesFrom(base);
  demo = new DemoTokens(at.provider);
  const config = identityProviderConfig({ PORT: String(base) });
  const circumstances = {
    databaseUrl: database.url,
    secrets: SECRETS,
    clock,
    apps: demoApps(base),
    logger: false as const,
  };
  const provider = await startIdentityProvider(config, circumstances);
  cleanUp.push(() => provider.close());
  tokens['expired'] = await demo.service({ scope: 'orders:read' });
  clock.pass('10m');
  orders = new FrontDoor('orders', {
    ISSUER: at.provider,
    PORT: String(base + 2),
    PUBLIC_URL: at.orders,
    GATEHOUSE_DIRECTORY: '/nowhere',
  });
  cleanUp.push(() => orders.stop());
  await orders.ready(at.orders);
  tokens['good'] = await demo.service({ scope: 'orders:read' });
  Object.assign(tokens, await badTokens(), await personTokens());
});
afterAll(async () => {
  for (const work of cleanUp.reverse()) await work();
});

/** A person's tokens, by the code flow: of the demo's native client, and of desk, whose ID tokens are ES256 as well. */
async function personTokens(): Promise<Record<string, string>> {
  const native = await demo.ofAlice('http://127.0.0.1:9/callback', 'demo-native');
  const desk = await demo.ofAlice(`${at.desk}/auth/callback`, 'desk', 'demo-desk-secret');
  return {
    person: native['access_token']!,
    'JW-25: an ID token by RS256': native['id_token']!,
    'JW-25: an ID token by ES256': desk['id_token']!,
  };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

/** The good token, spoilt in one way each. */
async function badTokens(): Promise<Record<string, string>> {
  const [header, payload, signature] = tokens['good']!.split('.') as [string, string, string];
  const claims = decode(payload);
  const { keys } = (await (await fetch(`${at.provider}/jwks`)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = keys.find(({ kid }) => kid === decode(header)['kid'])!;
  const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const confused = `${encode({ ...decode(header), alg: 'HS256' })}.${payload}`;
  const foreign = await TinyIssuer.listen(new TestClock(Date.now()));
  const foreignToken = (change: object) =>
    foreign.sign({ ...foreign.accessClaims({ aud: ORDERS_AUDIENCE }), ...change });
  const bad = {
    'another scope written in': `${header}.${encode({ ...claims, scope: 'orders:read orders:write' })}.${signature}`,
    'JW-06: a bit of the signature changed': `${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'JW-06: no signature': `${header}.${payload}.`,
    'JW-01: alg none': `${encode({ ...decode(header), alg: 'none' })}.${payload}.`,
    'JW-01: alg none, and signed': `${encode({ ...decode(header), alg: 'none' })}.${payload}.${signature}`,
    'JW-03: HS256 with the public key': `${confused}.${createHmac('sha256', pem).update(confused).digest('base64url')}`,
    'a key it brings along': `${encode({ ...decode(header), jwk: key })}.${payload}.${signature}`,
    'a foreign issuer': await foreignToken({}),
    'a foreign key under our issuer’s name': await foreignToken({ iss: at.provider }),
  };
  await foreign.close();
  return bad;
}

async function ask(authorization: string | string[], method: 'GET' | 'POST' = 'GET') {
  const { statusCode, headers, body } = await request(`${at.orders}/orders`, {
    method,
    headers: [authorization].flat().flatMap((value) => ['authorization', value]),
  });
  return { status: statusCode, headers, body: (await body.json()) as Record<string, unknown> };
}

it('takes a good token, of a program and of a person', async () => {
  expect(await ask(`Bearer ${tokens['good']}`)).toMatchObject({ status: 200, body: { subject: 'demo-service' } });
  expect((await ask(`Bearer ${tokens['person']}`)).status).toBe(200);
  expect((await ask(`Bearer ${tokens['person']}`, 'POST')).status).toBe(400);
});

it.each<[string, string]>([
  ['expired', 'token_expired'],
  ['another scope written in', 'signature_invalid'],
  ['JW-06: a bit of the signature changed', 'signature_invalid'],
  ['JW-06: no signature', 'malformed_token'],
  ['JW-01: alg none', 'malformed_token'],
  ['JW-01: alg none, and signed', 'algorithm_refused'],
  ['JW-03: HS256 with the public key', 'algorithm_refused'],
  ['a key it brings along', 'malformed_token'],
  ['a foreign issuer', 'issuer_mismatch'],
  ['a foreign key under our issuer’s name', 'signature_invalid'],
  ['JW-25: an ID token by RS256', 'wrong_token_type'],
  ['JW-25: an ID token by ES256', 'wrong_token_type'],
])('refuses %s: 401 %s', async (name, code) => {
  const { status, headers, body } = await ask(`Bearer ${tokens[name]}`);
  expect([status, body['code'], body['error']]).toEqual([401, code, 'invalid_token']);
  expect(body['message']).toEqual(expect.stringMatching(/\w+ \w+/));
  expect(headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/);
  expect(headers['cache-control']).toBe('no-store');
  expect(JSON.stringify(body)).not.toContain(tokens[name]!.slice(0, 20));
});

it('JW-28: refuses a token for another API', async () => {
  const token = await demo.service({ scope: 'orders:read', resource: INVOICES_AUDIENCE }).catch(() => undefined);
  expect(token).toBeDefined();
  expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 401, body: { code: 'audience_mismatch' } });
});

it.each<[string, string, () => string | string[]]>([
  ['nothing', 'unauthenticated', () => []],
  ['garbage', 'malformed_token', () => 'Bearer garbage'],
  ['three dots', 'malformed_token', () => 'Bearer a.b.c'],
  ['JW-45: a JWE', 'malformed_token', () => 'Bearer a.b.c.d.e'],
  ['another scheme', 'malformed_credentials', () => 'Basic YTpi'],
  ['no token', 'malformed_credentials', () => 'Bearer '],
  ['two spaces', 'malformed_credentials', () => `Bearer  ${tokens['good']}`],
  ['two headers', 'malformed_credentials', () => [`Bearer ${tokens['good']}`, `Bearer ${tokens['good']}`]],
  ['JW-44: one of 15 kB', 'malformed_token', () => `Bearer ${'a'.repeat(15_000)}`],
])('refuses %s: 401 %s', async (_name, code, authorization) => {
  const { status, headers, body } = await ask(authorization());
  expect([status, body['code']]).toEqual([401, code]);
  expect(headers['www-authenticate']).toMatch(/^Bearer /);
});

it('403 for a token that does not cover it, with the scope that would', async () => {
  const { status, headers, body } = await ask(`Bearer ${tokens['good']}`, 'POST');
  expect([status, body['code']]).toEqual([403, 'insufficient_scope']);
  expect(headers['www-authenticate']).toMatch(/error="insufficient_scope".*scope="orders:write"/);
});

it('JW-41: a token in the query is nothing', async () => {
  const { statusCode, body } = await request(`${at.orders}/orders?access_token=${tokens['good']}`);
  expect([statusCode, await body.json()]).toEqual([401, expect.objectContaining({ code: 'unauthenticated' })]);
});

it('JW-41, JW-55: its log names the reasons and holds no token', () => {
  expect(orders.output).toMatch(/401 token_expired/);
  expect(orders.output).not.toContain('eyJ');
});
