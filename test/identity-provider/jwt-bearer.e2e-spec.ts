import { createHmac, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { TrustedIssuer } from '../../src/clients/client-policy.js';
import { JWT_BEARER } from '../../src/protocol/grant-type.js';
import { claimsOf, type Form, type House, type JsonAnswer, openHouse, type TestClient } from '../support/house.js';

/** A partner's own sign-in vouches for people; the client `sync` brings its word. */
const PARTNER = 'https://partner.test';
let house: House;
let sync: TestClient;
let key: CryptoKey;
let publicKey: CryptoKey;
let trusted: TrustedIssuer;
let alice: string;

beforeAll(async () => {
  house = await openHouse();
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  publicKey = pair.publicKey;
  const jwk = { ...(await exportJWK(publicKey)), kid: 'partner' } as { kty: string };
  trusted = { issuer: PARTNER, jwks: { keys: [jwk] }, subject: 'username' };
  sync = await bearer('sync', [trusted]);
  alice = (await house.users.findByUsername('alice'))!.user.sub;
});
afterAll(() => house.close());

const bearer = (id: string, assertionIssuers: TrustedIssuer[], policy = {}, metadata = {}) =>
  house.client(
    id,
    {
      grant_types: ['authorization_code', JWT_BEARER],
      scope: 'openid profile offline_access orders:read',
      ...metadata,
    },
    { firstParty: true, assertionIssuers, ...policy },
  );

let count = 0;
const right = (): Record<string, unknown> => ({
  iss: PARTNER,
  sub: 'alice',
  aud: house.issuer,
  jti: `assertion-${(count += 1)}`,
  iat: house.clock.seconds(),
  exp: house.clock.seconds() + 60,
});

interface Making {
  header?: Record<string, unknown>;
  by?: CryptoKey | KeyObject;
}

function assertion(change: Record<string, unknown> = {}, { header = {}, by = key }: Making = {}): Promise<string> {
  const claims = Object.fromEntries(
    Object.entries({ ...right(), ...change }).filter(([, value]) => value !== undefined),
  );
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'partner', ...header }).sign(by);
}

const bring = (client: TestClient | undefined, word: string | undefined, form: Form = {}, origin?: string) =>
  house.token(client, { grant_type: JWT_BEARER, assertion: word, ...form }, origin ? { origin } : {});

async function granted(client: TestClient, word: string, form: Form = {}): Promise<string> {
  const { status, json } = await bring(client, word, form);
  expect([status, json['error_description']]).toEqual([200, undefined]);
  return json['access_token'] as string;
}

async function expectRefusal(answer: Promise<JsonAnswer>, error: string, status = 400) {
  const { status: got, json } = await answer;
  expect([got, json['error']]).toEqual([status, error]);
  expect(json).not.toHaveProperty('access_token');
}

const isActive = async (token: string, client = sync) => (await house.introspect(token, client))['active'];

describe('an assertion of somebody who is trusted', () => {
  it('gives a token about the person, that says nothing of a sign-in', async () => {
    const { status, json, headers } = await bring(sync, await assertion(), { scope: 'orders:read' });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'orders:read',
    });
    const claims = claimsOf(json['access_token'] as string);
    expect(claims).toMatchObject({ sub: alice, client_id: 'sync', aud: 'urn:gatehouse:demo:orders', roles: ['admin'] });
    for (const name of ['sid', 'auth_time', 'acr', 'amr']) expect(claims).not.toHaveProperty(name);
    expect(await house.introspect(json['access_token'] as string, sync)).toMatchObject({
      active: true,
      username: 'alice',
    });
  });

  it('without a scope: those of APIs; userinfo only where openid was asked for', async () => {
    expect(claimsOf(await granted(sync, await assertion()))['scope']).toBe('orders:read');
    const { json } = await bring(sync, await assertion(), { scope: 'openid profile' });
    expect(json).not.toHaveProperty('id_token');
    expect((await house.userinfo(json['access_token'] as string)).json['name']).toBe('Alice Liddell');
  });

  it('may say the token endpoint, and be without iat', async () => {
    await granted(sync, await assertion({ aud: `${house.issuer}/token`, iat: undefined }));
    await granted(sync, await assertion({ aud: [house.issuer] }));
  });

  it('its subject is what the policy says: ours, a username, or one of a list', async () => {
    const bySubject = await bearer('by-subject', [{ ...trusted, subject: 'subject' }]);
    expect(claimsOf(await granted(bySubject, await assertion({ sub: alice })))['sub']).toBe(alice);
    await expectRefusal(bring(bySubject, await assertion({ sub: 'alice' })), 'invalid_grant');
    const listed = await bearer('listed', [{ ...trusted, subject: 'listed', subjects: { 'employee 7': alice } }]);
    expect(claimsOf(await granted(listed, await assertion({ sub: 'employee 7' })))['sub']).toBe(alice);
    for (const sub of ['alice', alice, 'constructor', 'employee 8']) {
      await expectRefusal(bring(listed, await assertion({ sub })), 'invalid_grant');
    }
  });

  it('its keys may be at an address; away, the client is told to come again', async () => {
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'partner' }] });
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    const remote = await bearer('remote', [
      { issuer: PARTNER, jwks_uri: `http://127.0.0.1:${port}/jwks`, subject: 'username' },
    ]);
    // The guard for what is fetched: the operator has not opened loopback here.
    await expectRefusal(bring(remote, await assertion()), 'temporarily_unavailable', 503);
    server.close();
  });
});

describe('TK-18 what is not believed', () => {
  it.each<[string, Record<string, unknown>, Making?]>([
    ['another issuer', { iss: 'https://stranger.test' }],
    ['the client for an issuer', { iss: 'sync' }],
    ['no issuer', { iss: undefined }],
    ['nobody', { sub: undefined }],
    ['somebody whom nobody knows', { sub: 'mallory' }],
    ['another audience', { aud: 'https://elsewhere.test' }],
    ['no audience', { aud: undefined }],
    ['an audience beside ours', { aud: ['https://elsewhere.test', 'ours'] }],
    ['no end', { exp: undefined }],
    ['an end in the past', { exp: 1_000_000_000 }],
    ['no name of its own', { jti: undefined }],
    ['an empty name', { jti: '' }],
    ['a name that is no text', { jti: 7 }],
    ['the type of an access token', {}, { header: { typ: 'at+jwt' } }],
    ['the type of a client’s assertion', {}, { header: { typ: 'client-authentication+jwt' } }],
    ['a key it brings along', {}, { header: { jwk: { kty: 'EC' } } }],
    ['an unknown key', {}, { header: { kid: 'other' } }],
  ])('%s', async (_, change, ...[making]) => {
    const aud = Array.isArray(change['aud']) ? { aud: ['https://elsewhere.test', house.issuer] } : {};
    await expectRefusal(bring(sync, await assertion({ ...change, ...aud }, making)), 'invalid_grant');
  });

  it('an end too far away, a beginning to come, and one made long ago', async () => {
    const now = house.clock.seconds();
    for (const change of [{ exp: now + 3700 }, { nbf: now + 60 }, { iat: now + 60 }, { iat: now - 3700 }]) {
      await expectRefusal(bring(sync, await assertion(change)), 'invalid_grant');
    }
  });

  it('HS256 with the public key, alg none, another’s signature, garbage', async () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = encode(right());
    const confused = `${encode({ alg: 'HS256', kid: 'partner' })}.${payload}`;
    const hmac = createHmac('sha256', await exportSPKI(publicKey))
      .update(confused)
      .digest('base64url');
    const stranger = (await generateKeyPair('ES256')).privateKey;
    const words = [
      `${confused}.${hmac}`,
      `${encode({ alg: 'none' })}.${payload}.`,
      await assertion({}, { by: stranger }),
      'garbage',
      'a.b.c',
      'x'.repeat(8000),
    ];
    for (const word of words) await expectRefusal(bring(sync, word), 'invalid_grant');
    await expectRefusal(bring(sync, 'x'.repeat(9000)), 'invalid_request');
    await expectRefusal(bring(sync, undefined), 'invalid_request');
  });

  it('our own tokens', async () => {
    const { tokens } = await house.codeFlow({ scope: 'openid' });
    const own: TrustedIssuer = { issuer: house.issuer, jwks: trusted.jwks!, subject: 'subject' };
    const odd = await bearer('odd', [own]);
    for (const word of [tokens.access_token, tokens.id_token]) await expectRefusal(bring(odd, word), 'invalid_grant');
  });

  it('an issuer that is not trusted any more', async () => {
    const client = await bearer('was-trusted', [trusted]);
    await granted(client, await assertion());
    await house.clients.decide(client.id, { assertionIssuers: [{ ...trusted, issuer: 'https://other.test' }] });
    await expectRefusal(bring(client, await assertion()), 'invalid_grant');
    await house.clients.decide(client.id, { assertionIssuers: [] });
    await expectRefusal(bring(client, await assertion()), 'unauthorized_client');
  });
});

describe('used once', () => {
  it('also by another client that trusts the same issuer', async () => {
    const other = await bearer('other-sync', [trusted]);
    const word = await assertion();
    await granted(sync, word);
    for (const client of [sync, other]) await expectRefusal(bring(client, word), 'invalid_grant');
    // The same name under another signature is the same name.
    await expectRefusal(bring(sync, await assertion({ jti: claimsOf(word)['jti'] })), 'invalid_grant');
  });

  it('fifty at once over two processes: one succeeds', async () => {
    const origins = [house.issuer, await house.openAnother()];
    const word = await assertion();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => bring(sync, word, {}, origins[i % 2])));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.filter(({ status }) => status !== 200).map(({ json }) => json['error']))).toEqual(
      new Set(['invalid_grant']),
    );
  });

  it('a refusal for another reason does not use it up', async () => {
    const word = await assertion();
    await expectRefusal(bring(sync, word, { scope: 'admin' }), 'invalid_scope');
    await granted(sync, word);
  });
});

describe('denied by default', () => {
  it('a client without a trusted issuer, without the grant, without a secret', async () => {
    await expectRefusal(bring(await bearer('trusts-nobody', []), await assertion()), 'unauthorized_client');
    await expectRefusal(bring(house.web, await assertion()), 'unauthorized_client');
    await expectRefusal(bring(house.spa, await assertion()), 'unauthorized_client');
    await expectRefusal(bring({ ...sync, secret: 'wrong' }, await assertion()), 'invalid_client', 401);
    await expectRefusal(bring(undefined, await assertion()), 'invalid_client', 401);
  });

  it.each(['orders:write', 'openid offline_access', 'admin'])('the scope %s', async (scope) => {
    await expectRefusal(bring(sync, await assertion(), { scope }), 'invalid_scope');
  });

  it('a resource that nobody knows', async () => {
    await expectRefusal(bring(sync, await assertion(), { resource: 'urn:nobody' }), 'invalid_target');
  });

  it('TK-18 a client whose people are asked, before they were', async () => {
    const client = await bearer('asks', [trusted], { firstParty: false });
    await expectRefusal(bring(client, await assertion()), 'invalid_grant');
    await house.consents.grant(alice, client.id, ['openid']);
    await expectRefusal(bring(client, await assertion()), 'invalid_grant');
    await house.consents.grant(alice, client.id, ['orders:read']);
    const token = await granted(client, await assertion());
    await house.consents.withdraw(alice, client.id);
    expect(await isActive(token, client)).toBe(false);
    await expectRefusal(bring(client, await assertion()), 'invalid_grant');
  });
});

it('TK-16 ends with the person and the client', async () => {
  const { sub } = (await house.users.findByUsername('bob'))!.user;
  const token = await granted(sync, await assertion({ sub: 'bob' }));
  expect(await isActive(token)).toBe(true);
  await house.suspensions.disableUser(sub);
  expect(await isActive(token)).toBe(false);
  await expectRefusal(bring(sync, await assertion({ sub: 'bob' })), 'invalid_grant');
  await house.users.enable(sub);
  expect(await isActive(token)).toBe(false);
  const ending = await bearer('ending', [trusted]);
  const second = await granted(ending, await assertion());
  await house.suspensions.disableClient('ending');
  await house.clients.enable('ending');
  expect(await isActive(second, ending)).toBe(false);
});
