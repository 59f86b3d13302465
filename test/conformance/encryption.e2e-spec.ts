import {
  compactDecrypt,
  CompactEncrypt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { authorizationResponseOf } from '../support/authorization-response.js';
import { claimsOf, encode, type Form, headerOf } from '../support/house.js';
import { makeRequestKey, type RequestKey, signRequest } from '../support/request-object.js';
import { CertifiedHouse } from './certified-house.js';
import { CALLBACK, RelyingParty, type SignedIn } from './relying-party.js';

const ALGORITHMS = ['RSA-OAEP-256', 'ECDH-ES'] as const;
const CONTENTS = ['A128CBC-HS256', 'A256GCM'] as const;
const COMBINATIONS = ALGORITHMS.flatMap((alg) => CONTENTS.map((enc) => [alg, enc] as const));

/** A client's key that others encrypt with. */
interface OwnKey {
  privateKey: CryptoKey;
  jwk: Record<string, unknown>;
}

let house: CertifiedHouse;
let keys: Record<(typeof ALGORITHMS)[number], OwnKey>;
let signing: RequestKey;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  keys = { 'RSA-OAEP-256': await makeKey('RSA-OAEP-256'), 'ECDH-ES': await makeKey('ECDH-ES') };
  signing = await makeRequestKey('RS256');
});
afterAll(() => house.close());

async function makeKey(alg: string, kid = alg): Promise<OwnKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'enc' } };
}

const register = (metadata: Record<string, unknown> = {}) =>
  RelyingParty.register(house, {
    jwks: { keys: [signing.jwk, ...Object.values(keys).map(({ jwk }) => jwk)] },
    ...metadata,
  });

/** Opens what was encrypted for the client, by jose alone. */
async function opened(token: string, { privateKey }: OwnKey): Promise<string> {
  const { plaintext } = await compactDecrypt(token, privateKey);
  return new TextDecoder().decode(plaintext);
}

/** Signs somebody in and gives the token response as it came. */
async function tokens(party: RelyingParty, change: Form = {}): Promise<Record<string, string>> {
  const { parameters } = await party.request(change);
  const browser = house.browser();
  const back = authorizationResponseOf(await browser.walk(await browser.get(`/authorize?${encode(parameters)}`)));
  const form = new URLSearchParams({ code: back.parameters['code']!, redirect_uri: CALLBACK });
  const response = await oauth.genericTokenEndpointRequest(
    party.as, party.client, party.authentication, 'authorization_code', form,
  ); // prettier-ignore
  return (await response.json()) as Record<string, string>;
}

describe.each(COMBINATIONS)('%s with %s', (alg, enc) => {
  it('an ID token is signed, then encrypted for the client alone', async () => {
    const party = await register({ id_token_encrypted_response_alg: alg, id_token_encrypted_response_enc: enc });
    expect(party.registration).toMatchObject({ id_token_encrypted_response_alg: alg });
    const { id_token, access_token } = await tokens(party, { nonce: 'a nonce' });
    expect(decodeProtectedHeader(id_token!)).toMatchObject({ alg, enc, cty: 'JWT', kid: alg });
    const signed = await opened(id_token!, keys[alg]);
    expect(headerOf(signed)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
    expect(claimsOf(signed)).toMatchObject({ iss: house.issuer, aud: party.registration.client_id, nonce: 'a nonce' });
    expect(access_token).toEqual(expect.any(String));
  });

  it('userinfo is encrypted, signed before that when it is to be', async () => {
    const wanted = { userinfo_encrypted_response_alg: alg, userinfo_encrypted_response_enc: enc };
    for (const signed of [undefined, 'ES256']) {
      const party = await register({ ...wanted, userinfo_signed_response_alg: signed });
      const { access_token } = await tokens(party, { scope: 'openid email' });
      const answer = await fetch(`${house.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
      expect(answer.headers.get('content-type')).toBe('application/jwt');
      const body = await answer.text();
      expect(decodeProtectedHeader(body)).toMatchObject({ alg, enc, kid: alg, ...(signed ? { cty: 'JWT' } : {}) });
      const inner = await opened(body, keys[alg]);
      const claims = (signed ? claimsOf(inner) : JSON.parse(inner)) as object;
      expect(claims).toMatchObject({
        email: 'alice@example.com',
        iss: house.issuer,
        aud: party.registration.client_id,
      });
      if (signed) expect(headerOf(inner)).toMatchObject({ alg: signed });
    }
  });

  it('introspection is encrypted', async () => {
    const party = await register({ introspection_encrypted_response_alg: alg, introspection_encrypted_response_enc: enc });
    const { access_token } = await tokens(party);
    const answer = await oauth.introspectionRequest(party.as, party.client, party.authentication, access_token!);
    expect(answer.headers.get('content-type')).toBe('application/token-introspection+jwt');
    const inner = await opened(await answer.text(), keys[alg]);
    expect(headerOf(inner)).toMatchObject({ typ: 'token-introspection+jwt' });
    expect(claimsOf(inner)).toMatchObject({ token_introspection: { active: true } });
  }); // prettier-ignore

  it('a request object may be signed, then encrypted for the provider', async () => {
    const party = await register({ request_object_encryption_alg: alg, request_object_encryption_enc: enc });
    const { parameters } = await party.request();
    for (const header of [{}, { kid: undefined }]) {
      const nested = await encryptForProvider(party, await signRequest(parameters, signing), { alg, enc, ...header });
      const answer = await ask(party, nested);
      expect(answer).toMatchObject({ code: expect.any(String), state: parameters['state'] });
    }
    const forged = await encryptForProvider(party, JSON.stringify(parameters), { alg, enc });
    expect(await ask(party, forged)).toMatchObject({ error: 'invalid_request_object' });
  });
});

/** A JWE for a key that the provider publishes. */
async function encryptForProvider(party: RelyingParty, plaintext: string, header: { alg: string; enc: string; kid?: undefined }) {
  const { keys: published } = (await (await fetch(party.as.jwks_uri!)).json()) as { keys: JWK[] };
  const [key, ...more] = published.filter(({ use, alg }) => use === 'enc' && alg === header.alg);
  expect(more).toEqual([]);
  const protectedHeader = JSON.parse(JSON.stringify({ kid: key!.kid, cty: 'JWT', ...header })) as { alg: string; enc: string };
  return new CompactEncrypt(new TextEncoder().encode(plaintext))
    .setProtectedHeader(protectedHeader)
    .encrypt(await importJWK(key!, header.alg));
} // prettier-ignore

async function ask(party: RelyingParty, request: string): Promise<Record<string, string>> {
  const { client_id } = party.registration;
  const beside = { client_id, response_type: 'code', scope: 'openid', redirect_uri: CALLBACK, request };
  const browser = house.browser();
  return authorizationResponseOf(await browser.walk(await browser.get(`/authorize?${encode(beside)}`))).parameters;
}

it('an encrypted request object outlives a rotation of the keys', async () => {
  const party = await register();
  const { parameters } = await party.request();
  const nested = await encryptForProvider(party, await signRequest(parameters, signing), { alg: 'ECDH-ES', enc: 'A256GCM' });
  house.clock.pass('6m');
  await house.keys.rotate();
  expect(await ask(party, nested)).toHaveProperty('code');
}); // prettier-ignore

it.each<[string, (token: string) => string]>([
  ['another header', (token) => changed(token, (header) => ({ ...header, cty: 'json' }))],
  ['a compressed content', (token) => changed(token, (header) => ({ ...header, zip: 'DEF' }))],
  ['another algorithm', (token) => changed(token, (header) => ({ ...header, alg: 'dir' }))],
  ['RSA1_5', (token) => changed(token, (header) => ({ ...header, alg: 'RSA1_5' }))],
  ['a key of nobody', (token) => changed(token, (header) => ({ ...header, kid: 'nobody' }))],
  ['a point that is on no curve', (token) => changed(token, (header) => ({ ...header, epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }))],
  ['a tag that was cut', (token) => token.slice(0, -4)],
])('a request object with %s is refused', async (_, change) => {
  const party = await register();
  const { parameters } = await party.request();
  const nested = await encryptForProvider(party, await signRequest(parameters, signing), { alg: 'ECDH-ES', enc: 'A256GCM' });
  expect(await ask(party, nested)).toHaveProperty('code');
  expect(await ask(party, change(nested))).toMatchObject({ error: 'invalid_request_object' });
}); // prettier-ignore

function changed(token: string, change: (header: Record<string, unknown>) => Record<string, unknown>): string {
  const [, ...rest] = token.split('.');
  return [Buffer.from(JSON.stringify(change(headerOf(token)))).toString('base64url'), ...rest].join('.');
}

it('the content encryption is A128CBC-HS256 when the client names none', async () => {
  const party = await register({ id_token_encrypted_response_alg: 'ECDH-ES' });
  expect(decodeProtectedHeader((await tokens(party))['id_token']!)['enc']).toBe('A128CBC-HS256');
});

it('the key comes from jwks_uri, and a new one is taken within a minute', async () => {
  const path = '/encryption-keys';
  const publish = (...jwks: unknown[]) =>
    house.documents.set(path, { type: 'application/json', body: JSON.stringify({ keys: jwks }) });
  const [first, second] = [await makeKey('RSA-OAEP-256', 'first'), await makeKey('RSA-OAEP-256', 'second')];
  publish(signing.jwk, first.jwk);
  const party = await RelyingParty.register(house, {
    jwks_uri: `${house.sites.plain}${path}`,
    id_token_encrypted_response_alg: 'RSA-OAEP-256',
  });
  expect(decodeProtectedHeader((await tokens(party))['id_token']!)['kid']).toBe('first');
  publish(signing.jwk, second.jwk);
  house.clock.pass('61s');
  const { id_token } = await tokens(party);
  expect(decodeProtectedHeader(id_token!)['kid']).toBe('second');
  expect(claimsOf(await opened(id_token!, second))).toHaveProperty('sub');
  house.documents.delete(path);
  house.clock.pass('61s');
  expect(decodeProtectedHeader((await tokens(party))['id_token']!)['kid']).toBe('second');
  publish(signing.jwk);
  house.clock.pass('61s');
  await expect(party.authorize(house.browser())).rejects.toMatchObject({ error: 'invalid_request' });
});

it('an encrypted ID token in the front channel is bound to code and access token', async () => {
  const party = await register({
    response_types: ['code id_token token'],
    grant_types: ['authorization_code', 'implicit'],
    id_token_encrypted_response_alg: 'ECDH-ES',
  });
  const { parameters } = await party.request({ response_type: 'code id_token token' });
  const browser = house.browser();
  const answer = await browser.walk(await browser.get(`/authorize?${encode(parameters)}`));
  const { id_token } = authorizationResponseOf(answer).parameters;
  const claims = claimsOf(await opened(id_token!, keys['ECDH-ES']));
  expect(claims).toMatchObject({ nonce: parameters['nonce'], c_hash: expect.any(String), at_hash: expect.any(String) });
});

it('a hint may be the ID token that was decrypted, or encrypted again for the provider', async () => {
  const party = await register({ id_token_encrypted_response_alg: 'RSA-OAEP-256' });
  const browser = house.browser();
  const { parameters } = await party.request();
  const back = authorizationResponseOf(await browser.walk(await browser.get(`/authorize?${encode(parameters)}`)));
  const form = new URLSearchParams({ code: back.parameters['code']!, redirect_uri: CALLBACK });
  const response = await oauth.genericTokenEndpointRequest(
    party.as, party.client, party.authentication, 'authorization_code', form,
  ); // prettier-ignore
  const { id_token } = (await response.json()) as Record<string, string>;
  const signed = await opened(id_token!, keys['RSA-OAEP-256']);
  const again = await encryptForProvider(party, signed, { alg: 'ECDH-ES', enc: 'A128CBC-HS256' });
  for (const [hint, expected] of [[signed, 'code'], [again, 'code'], [id_token!, 'error']] as const) {
    const silent = (await party.request({ prompt: 'none', id_token_hint: hint })).parameters;
    expect(authorizationResponseOf(await browser.get(`/authorize?${encode(silent)}`)).parameters).toHaveProperty(expected);
  }
}); // prettier-ignore

it('openid-client decrypts what it is sent', async () => {
  const config = await openid.dynamicClientRegistration(new URL(house.issuer), {
    redirect_uris: [CALLBACK],
    jwks: { keys: [keys['ECDH-ES'].jwk as Record<string, string>] },
    token_endpoint_auth_method: 'client_secret_post',
    id_token_encrypted_response_alg: 'ECDH-ES',
    id_token_encrypted_response_enc: 'A256GCM',
    userinfo_signed_response_alg: 'RS256',
    userinfo_encrypted_response_alg: 'ECDH-ES',
    userinfo_encrypted_response_enc: 'A256GCM',
    [openid.clockSkew]: Math.round(house.clock.now() / 1000 - Date.now() / 1000),
  });
  openid.enableDecryptingResponses(config, ['A256GCM'], { key: keys['ECDH-ES'].privateKey, kid: 'ECDH-ES' });
  openid.enableNonRepudiationChecks(config);
  const [nonce, state] = [openid.randomNonce(), openid.randomState()];
  const url = openid.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid email', nonce, state });
  const browser = house.browser();
  const back = new URL((await browser.walk(await browser.get(url.href))).headers.get('location')!);
  const signedIn = await openid.authorizationCodeGrant(config, back, { expectedNonce: nonce, expectedState: state });
  const { sub } = signedIn.claims()! as SignedIn['claims'];
  expect(await openid.fetchUserInfo(config, signedIn.access_token, sub)).toMatchObject({ email: 'alice@example.com' });
});

describe('registration', () => {
  const rsa = 'RSA-OAEP-256';
  it.each<[string, Record<string, unknown>, string]>([
    ['RSA1_5', { id_token_encrypted_response_alg: 'RSA1_5' }, 'id_token_encrypted_response_alg'],
    ['a shared secret', { userinfo_encrypted_response_alg: 'dir' }, 'userinfo_encrypted_response_alg'],
    ['an enc without alg', { id_token_encrypted_response_enc: 'A256GCM' }, 'id_token_encrypted_response_alg'],
    ['an enc of a request without alg', { request_object_encryption_enc: 'A256GCM' }, 'request_object_encryption_alg'],
    ['an unknown enc', { id_token_encrypted_response_alg: rsa, id_token_encrypted_response_enc: 'A192GCM' }, 'id_token_encrypted_response_enc'],
    ['no key', { id_token_encrypted_response_alg: rsa, jwks: undefined }, 'id_token_encrypted_response_alg'],
    ['a key for signatures only', { introspection_encrypted_response_alg: rsa, jwks: 'signing' }, 'introspection_encrypted_response_alg'],
    ['authorization responses as JWTs', { authorization_encrypted_response_alg: rsa }, 'authorization_encrypted_response_alg'],
  ])('refuses %s', async (_, metadata, member) => {
    const jwks = metadata['jwks'] === 'signing' ? { jwks: { keys: [signing.jwk] } } : {};
    await expect(register({ ...metadata, ...jwks })).rejects.toMatchObject({
      error: 'invalid_client_metadata',
      error_description: expect.stringContaining(member),
    });
  }); // prettier-ignore
});
