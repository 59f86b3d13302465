import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { Clients } from '../../src/clients/clients.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/test-clock.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SECRET = 'the client’s own secret, thirty-two bytes';

describe('client assertions (RFC 7523)', () => {
  const clock = new TestClock();
  let database: TestDatabase;
  let providers: NestFastifyApplication[];
  let issuer: string;
  let urls: string[];
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let published: object[];
  let keyServer: Server;
  let keyFetches = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    keys = await generateKeyPair('ES256', { extractable: true });
    published = [{ ...(await exportJWK(keys.publicKey)), kid: 'first' }];
    keyServer = createServer((_request, response) => {
      keyFetches += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
    });
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
    const keyPort = (keyServer.address() as AddressInfo).port;
    issuer = 'http://localhost:4621';
    urls = ['http://localhost:4621', 'http://localhost:4622'];
    const start = (port: string) =>
      startIdentityProvider(
        identityProviderConfig({ ISSUER: issuer, PORT: port, OUTBOUND_ALLOW: `jwks=127.0.0.1:${keyPort}` }),
        {
          databaseUrl: database.url,
          secrets: ['a secret for tests that is long enough'],
          logger: false,
          clock,
          apps: demoApps(4621),
        },
      );
    providers = [await start('4621'), await start('4622')];
    const clients = providers[0]!.get(Clients, { strict: false });
    const machine = { grant_types: ['client_credentials'], response_types: [], scope: 'orders:read' };
    await clients.put('by-key', {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: published },
    });
    await clients.put('by-url', {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `http://127.0.0.1:${keyPort}/jwks`,
    });
    await clients.put('by-secret', { ...machine, token_endpoint_auth_method: 'client_secret_jwt' }, {}, SECRET);
  });

  afterAll(async () => {
    await Promise.all(providers.map((provider) => provider.close()));
    keyServer.close();
    await database.drop();
  });

  const claimsOf = (clientId: string, change: Record<string, unknown> = {}) => ({
    iss: clientId,
    sub: clientId,
    aud: issuer,
    jti: crypto.randomUUID(),
    iat: clock.seconds(),
    exp: clock.seconds() + 60,
    ...change,
  });

  const sign = (claims: object, header: object = {}, key: Parameters<SignJWT['sign']>[0] = keys.privateKey) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'first', ...header }).sign(key);

  const ask = (assertion: string, more: Record<string, string> = {}, url = urls[0]!) =>
    fetch(`${url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: TYPE,
        client_assertion: assertion,
        ...more,
      }),
    });

  it.each([
    ['the issuer as audience', {}],
    ['the token endpoint as audience', { aud: 'http://localhost:4621/token' }],
    ['several audiences', { aud: ['http://localhost:4621', 'https://elsewhere.test'] }],
    ['no iat', { iat: undefined }],
  ])('accepts %s', async (_, change) => {
    expect((await ask(await sign(claimsOf('by-key', change)))).status).toBe(200);
  });

  it('accepts client_secret_jwt', async () => {
    const key = new TextEncoder().encode(SECRET);
    const assertion = await sign(claimsOf('by-secret'), { alg: 'HS256', kid: undefined }, key);
    expect((await ask(assertion)).status).toBe(200);
    expect((await ask(assertion)).status).toBe(401);
  });

  it.each([
    ['CA-11 another issuer', { iss: 'by-url' }],
    ['CA-12 no exp', { exp: undefined }],
    ['CA-12 an exp that is past', { exp: 1 }],
    ['CA-12 an exp far ahead', { exp: 9_999_999_999 }],
    ['CA-12 an iat far in the past', { iat: 1 }],
    ['CA-12 an nbf ahead', { nbf: 9_999_999_999 }],
    ['CA-15 no jti', { jti: undefined }],
    ['CA-15 a number as jti', { jti: 7 }],
    ['CA-15 an audience that holds null', { aud: [null] }],
    ['another audience', { aud: 'https://elsewhere.test' }],
    ['no audience', { aud: undefined }],
  ])('refuses %s', async (_, change) => {
    const response = await ask(await sign(claimsOf('by-key', change)));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it('CA-11 refuses a client_id that differs from the assertion', async () => {
    expect((await ask(await sign(claimsOf('by-key')), { client_id: 'by-url' })).status).toBe(401);
  });

  it('CA-14 refuses other algorithms, HS256 under the public key, none, and embedded keys', async () => {
    const pem = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    const rsa = await generateKeyPair('RS256');
    const jwk = await exportJWK(keys.publicKey);
    const attempts = [
      await sign(claimsOf('by-key'), { alg: 'HS256' }, pem),
      await sign(claimsOf('by-key'), { alg: 'RS256' }, rsa.privateKey),
      new UnsecuredJWT(claimsOf('by-key')).encode(),
      await sign(claimsOf('by-key'), { jwk }),
      await sign(claimsOf('by-key'), { jku: 'http://127.0.0.1:1/jwks' }),
      'garbage',
      'a.b.c',
    ];
    for (const assertion of attempts) expect((await ask(assertion)).status).toBe(401);
  });

  it('CA-08 refuses a secret where an assertion is registered, and CA-05 two methods at once', async () => {
    const body = { grant_type: 'client_credentials', client_id: 'by-key', client_secret: SECRET };
    const url = `${urls[0]}/token`;
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams(body) })).status).toBe(401);
    const both = await ask(await sign(claimsOf('by-key')), { client_id: 'by-key', client_secret: 'x' });
    expect(both.status).toBe(400);
    expect(await both.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('CA-13 lets one of fifty parallel presentations over two processes succeed', async () => {
    const assertion = await sign(claimsOf('by-key'));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => ask(assertion, {}, urls[index % 2])));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
  });

  it('fetches a client’s jwks_uri once, and again for a key that it does not know', async () => {
    await Promise.all(Array.from({ length: 5 }, async () => ask(await sign(claimsOf('by-url')))));
    expect(keyFetches).toBe(1);
    const next = await generateKeyPair('ES256', { extractable: true });
    published = [{ ...(await exportJWK(next.publicKey)), kid: 'second' }];
    clock.pass('2s');
    expect((await ask(await sign(claimsOf('by-url'), { kid: 'second' }, next.privateKey))).status).toBe(200);
    expect((await ask(await sign(claimsOf('by-url')))).status).toBe(401);
  });
});
