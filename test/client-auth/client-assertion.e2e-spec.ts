import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { type House, openHouse } from '../support/house.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

describe('client assertions (RFC 7523)', () => {
  let house: House;
  let issuer: string;
  let urls: string[];
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let published: object[];
  let keyServer: Server;
  /** What was asked of the server of keys. */
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  let secret: string;

  beforeAll(async () => {
    keys = await generateKeyPair('ES256', { extractable: true });
    published = [{ ...(await exportJWK(keys.publicKey)), kid: 'first' }];
    keyServer = createServer(({ url = '', headers }, response) => {
      asked.push({ path: url, headers });
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
    });
    await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
    const keyPort = (keyServer.address() as AddressInfo).port;
    house = await openHouse({ settings: { OUTBOUND_ALLOW: `jwks=127.0.0.1:${keyPort}` } });
    issuer = house.issuer;
    urls = [issuer, await house.openAnother()];
    const machine = {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
      scope: 'orders:read',
    };
    await house.client('by-key', {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: published },
    });
    await house.client('by-url', {
      ...machine,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `http://127.0.0.1:${keyPort}/jwks`,
    });
    secret = (await house.client('by-secret', { ...machine, token_endpoint_auth_method: 'client_secret_jwt' })).secret!;
  });

  afterAll(async () => {
    await house.close();
    keyServer.close();
  });

  const claimsOf = (clientId: string, change: Record<string, unknown> = {}) => ({
    iss: clientId,
    sub: clientId,
    aud: issuer,
    jti: crypto.randomUUID(),
    iat: house.clock.seconds(),
    exp: house.clock.seconds() + 60,
    ...change,
  });

  const sign = (claims: object, header: object = {}, key: Parameters<SignJWT['sign']>[0] = keys.privateKey) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', kid: 'first', ...header }).sign(key);

  const ask = (assertion: string, more: Record<string, string> = {}, { url = urls[0]!, headers = {} } = {}) =>
    fetch(`${url}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: TYPE,
        client_assertion: assertion,
        ...more,
      }),
    });

  it.each([
    ['the issuer as audience', () => ({})],
    ['the token endpoint as audience', () => ({ aud: `${issuer}/token` })],
    ['several audiences', () => ({ aud: [issuer, 'https://elsewhere.test'] })],
    ['no iat', () => ({ iat: undefined })],
  ])('accepts %s', async (_, change) => {
    expect((await ask(await sign(claimsOf('by-key', change())))).status).toBe(200);
  });

  it('accepts client_secret_jwt', async () => {
    const key = new TextEncoder().encode(secret);
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
    const body = { grant_type: 'client_credentials', client_id: 'by-key', client_secret: secret };
    const url = `${urls[0]}/token`;
    expect((await fetch(url, { method: 'POST', body: new URLSearchParams(body) })).status).toBe(401);
    const both = await ask(await sign(claimsOf('by-key')), { client_id: 'by-key', client_secret: 'x' });
    expect(both.status).toBe(400);
    expect(await both.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('CA-09 an assertion that proves nothing spoils a right secret', async () => {
    const { id: client_id, secret: client_secret = '' } = house.other;
    for (const assertion of [new UnsecuredJWT(claimsOf(client_id)).encode(), 'garbage', 'a.b.c']) {
      const response = await ask(assertion, {
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_id,
        client_secret,
      });
      expect([400, 401]).toContain(response.status);
      expect(['invalid_request', 'invalid_client']).toContain(((await response.json()) as { error: string }).error);
    }
    // An assertion under a foreign name is judged as what it is: nobody's proof.
    const { status } = await ask(await sign(claimsOf('rp-b')), { client_id: 'rp-b' });
    expect(status).toBe(401);
  });

  it('CA-16 an assertion under a secret that was replaced proves nothing any more', async () => {
    const client = await house.clients.find('by-secret');
    const under = (text: string) =>
      sign(claimsOf('by-secret'), { alg: 'HS256', kid: undefined }, new TextEncoder().encode(text));
    const fresh = (await house.clients.rotateSecret(client!))!;
    expect((await ask(await under(secret))).status).toBe(401);
    expect((await ask(await under(fresh))).status).toBe(200);
  });

  it('CA-13 lets one of fifty parallel presentations over two processes succeed', async () => {
    const assertion = await sign(claimsOf('by-key'));
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(assertion, {}, { url: urls[index % 2]! })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status !== 200 && status !== 401)).toEqual([]);
  });

  it('SS-12 SS-14 fetches a client’s jwks_uri once, and nothing else, and again for a key that it does not know', async () => {
    // SS-12: nothing in a request says where we ask; SS-14: nor does a parameter that no specification knows.
    const { port } = keyServer.address() as AddressInfo;
    const elsewhere = `127.0.0.1:${port}`;
    const headers = {
      'x-forwarded-host': elsewhere,
      'x-forwarded-prefix': '/evil',
      'x-zitadel-forward-host': elsewhere,
      forwarded: `host=${elsewhere}`,
    };
    const url = `http://${elsewhere}/evil`;
    const more = {
      client_session_host: url,
      jwks_uri: url,
      request_uri: url,
      logo_uri: url,
      sector_identifier_uri: url,
    };
    await Promise.all(Array.from({ length: 5 }, async () => ask(await sign(claimsOf('by-url')), more, { headers })));
    expect(asked.map(({ path }) => path)).toEqual(['/jwks']);
    expect(asked[0]!.headers).toMatchObject({ host: elsewhere });
    expect(Object.keys(asked[0]!.headers).filter((name) => /^x-|cookie|authorization|forwarded/.test(name))).toEqual(
      [],
    );
    const next = await generateKeyPair('ES256', { extractable: true });
    published = [{ ...(await exportJWK(next.publicKey)), kid: 'second' }];
    house.clock.pass('2s');
    expect((await ask(await sign(claimsOf('by-url'), { kid: 'second' }, next.privateKey))).status).toBe(200);
    expect((await ask(await sign(claimsOf('by-url')))).status).toBe(401);
  });
});
