import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { authorizationResponseOf } from '../support/authorization-response.js';
import { claimsOf, encode, type Form } from '../support/house.js';
import { makeRequestKey, type RequestKey, signRequest, unsignedRequest } from '../support/request-object.js';
import { CertifiedHouse } from './certified-house.js';
import { CALLBACK, RelyingParty } from './relying-party.js';

let house: CertifiedHouse;
let key: RequestKey;
beforeAll(async () => {
  house = await CertifiedHouse.open();
  key = await makeRequestKey('RS256');
});
afterAll(() => house.close());

const register = (metadata: Record<string, unknown> = {}) =>
  RelyingParty.register(house, { jwks: { keys: [key.jwk] }, ...metadata });

/** What goes beside the object in OpenID Connect: what OAuth requires, and the scope (Core §6.1). */
async function ask(party: RelyingParty, beside: Form, browser = house.browser()) {
  const { client_id } = party.registration;
  const request = { client_id, response_type: 'code', scope: 'openid', ...beside };
  const answer = await browser.walk(await browser.get(`/authorize?${encode(request)}`));
  return authorizationResponseOf(answer);
}
const publish = (path: string, body: string, type = 'application/jwt') => {
  house.documents.set(path, { type, body });
  return `${house.sites.plain}${path}`;
};

describe('by value', () => {
  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('signed with %s', async (alg) => {
    const own = await makeRequestKey(alg);
    const party = await register({ jwks: { keys: [own.jwk] }, request_object_signing_alg: alg });
    const { parameters, verifier } = await party.request();
    const request = await signRequest(parameters, own, { typ: undefined });
    const { parameters: answer } = await ask(party, { request });
    expect(answer['state']).toBe(parameters['state']);
    await party.redeem({
      response: oauth.validateAuthResponse(party.as, party.client, new URLSearchParams(answer), answer['state']),
      redirectUri: CALLBACK,
      nonce: parameters['nonce'] as string,
      verifier,
    });
  });

  it('is merged with what stands beside it, and goes before it (Core §6.1)', async () => {
    const party = await register();
    const { parameters } = await party.request({ scope: 'openid email', state: undefined });
    const request = await signRequest(JSON.parse(JSON.stringify(parameters)) as object as Record<string, unknown>, key);
    const beside = { state: 'beside', nonce: 'beside', scope: 'openid phone', redirect_uri: 'https://rp.example.test/other' };
    const response = await ask(party, { request, ...beside });
    expect(response).toMatchObject({ to: CALLBACK, parameters: { code: expect.any(String), state: 'beside' } });
    const { tokens } = await signIn(party, response.parameters, parameters['nonce'] as string);
    expect(tokens.scope).toBe('openid email');
  }); // prettier-ignore

  it.each<[string, Form]>([
    ['response_type', { response_type: 'code id_token' }],
    ['client_id', {}],
  ])('AZ-22 its %s must be that of the request', async (name, beside) => {
    const party = await register();
    const { parameters } = await party.request();
    const request = await signRequest(name === 'client_id' ? { ...parameters, client_id: 'other' } : parameters, key);
    const { parameters: answer } = await ask(party, { request, redirect_uri: CALLBACK, ...beside });
    expect(answer['error']).toMatch(/^invalid_request/);
  });

  it('needs neither issuer, audience nor end; those that it has are checked', async () => {
    const party = await register();
    const { parameters } = await party.request();
    const now = house.clock.seconds();
    const right = { iss: party.registration.client_id, aud: house.issuer, exp: now + 60, nbf: now, iat: now, jti: 'one' };
    for (const more of [{}, right]) {
      const { parameters: answer } = await ask(party, { request: await signRequest({ ...parameters, ...more }, key) });
      expect(answer).toHaveProperty('code');
    }
    for (const wrong of [{ iss: 'other' }, { aud: 'https://other.test' }, { exp: now - 60 }, { nbf: now + 600 }]) {
      const request = await signRequest({ ...parameters, ...right, ...wrong }, key);
      expect((await ask(party, { request })).parameters['error']).toBe('invalid_request_object');
    }
  }); // prettier-ignore

  it('is unsigned only when the client registered that', async () => {
    const party = await register();
    const { parameters } = await party.request();
    const request = unsignedRequest(parameters);
    expect((await ask(party, { request })).parameters['error']).toBe('invalid_request_object');
    const plain = await register({ request_object_signing_alg: 'none' });
    const own = (await plain.request()).parameters;
    expect((await ask(plain, { request: unsignedRequest(own) })).parameters).toHaveProperty('code');
    const signed = await signRequest(own, key);
    expect((await ask(plain, { request: signed })).parameters['error']).toBe('invalid_request_object');
  });

  it.each<[string, Form]>([
    ['fragment', { response_type: 'id_token' }],
    ['form_post', { response_type: 'id_token', response_mode: 'form_post' }],
  ])('what it asks for comes back by %s, errors too', async (mode, change) => {
    const party = await register({ response_types: ['id_token'], grant_types: ['implicit'] });
    const { parameters } = await party.request(change);
    const beside = { response_type: 'id_token' };
    const right = await ask(party, { request: await signRequest(parameters, key), ...beside });
    expect(right).toMatchObject({ mode, parameters: { id_token: expect.any(String), state: parameters['state'] } });
    const silent = await signRequest({ ...parameters, prompt: 'none' }, key);
    const nobody = await ask(party, { request: silent, ...beside });
    expect(nobody).toMatchObject({ mode, parameters: { error: 'login_required', state: parameters['state'] } });
    const forged = `${(await signRequest(parameters, key)).slice(0, -8)}AAAAAAAA`;
    const refused = await ask(party, { request: forged, ...beside });
    expect(refused).toMatchObject({ mode, parameters: { error: 'invalid_request_object', state: parameters['state'] } });
  }); // prettier-ignore

  it('openid-client makes one', async () => {
    const config = await openid.dynamicClientRegistration(new URL(house.issuer), {
      redirect_uris: [CALLBACK],
      jwks: { keys: [key.jwk as Record<string, string>] },
      token_endpoint_auth_method: 'client_secret_post',
      require_signed_request_object: true,
      [openid.clockSkew]: Math.round(house.clock.now() / 1000 - Date.now() / 1000),
    });
    const [nonce, state] = [openid.randomNonce(), openid.randomState()];
    const parameters = { redirect_uri: CALLBACK, scope: 'openid', nonce, state, response_type: 'code' };
    const url = await openid.buildAuthorizationUrlWithJAR(config, parameters, { key: key.key as CryptoKey, kid: key.kid });
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request']);
    expect(decodeJwt(url.searchParams.get('request')!)).toHaveProperty('jti');
    const browser = house.browser();
    const back = new URL((await browser.walk(await browser.get(url.href))).headers.get('location')!);
    const tokens = await openid.authorizationCodeGrant(config, back, { expectedNonce: nonce, expectedState: state });
    expect(tokens.claims()).toMatchObject({ nonce });
    const again = authorizationResponseOf(await browser.get(url.href));
    expect(again.parameters['error']).toBe('invalid_request_object');
  }); // prettier-ignore
});

describe('by reference', () => {
  const signed = async (party: RelyingParty, change: Form = {}) => {
    const { parameters } = await party.request(change);
    return { parameters, object: await signRequest(JSON.parse(JSON.stringify(parameters)) as Record<string, unknown>, key) };
  }; // prettier-ignore

  it('is fetched from where the client registered it', async () => {
    const uri = `${house.sites.plain}/requests/one`;
    const party = await register({ request_uris: [uri], request_object_signing_alg: 'RS256' });
    expect(party.registration['request_uris']).toEqual([uri]);
    const { parameters, object } = await signed(party, { scope: 'openid email' });
    publish('/requests/one', object);
    const { parameters: answer } = await ask(party, { request_uri: uri });
    expect(answer['state']).toBe(parameters['state']);
    const { tokens } = await signIn(party, answer, parameters['nonce'] as string);
    expect(tokens.scope).toBe('openid email');
    const changed = await signed(party, { scope: 'openid' });
    publish('/requests/one', changed.object, 'application/oauth-authz-req+jwt');
    expect((await ask(party, { request_uri: uri })).parameters['state']).toBe(changed.parameters['state']);
  });

  it('a fragment marks its content: it is not verified, and another is another content (Core §6.2)', async () => {
    const uri = `${house.sites.plain}/requests/marked`;
    const party = await register({ request_uris: [`${uri}#registered`] });
    const first = await signed(party);
    publish('/requests/marked', first.object);
    expect((await ask(party, { request_uri: `${uri}#registered` })).parameters['state']).toBe(first.parameters['state']);
    const second = await signed(party);
    publish('/requests/marked', second.object);
    expect((await ask(party, { request_uri: `${uri}#registered` })).parameters['state']).toBe(first.parameters['state']);
    expect((await ask(party, { request_uri: `${uri}#second` })).parameters['state']).toBe(second.parameters['state']);
    house.clock.pass('6m');
    expect((await ask(party, { request_uri: `${uri}#registered` })).parameters['state']).toBe(second.parameters['state']);
  }); // prettier-ignore

  it('is unsigned only when the client registered that', async () => {
    const uri = `${house.sites.plain}/requests/plain`;
    const party = await register({ request_uris: [uri], request_object_signing_alg: 'none' });
    const { parameters } = await party.request();
    publish('/requests/plain', unsignedRequest(parameters));
    expect((await ask(party, { request_uri: uri })).parameters).toMatchObject({ state: parameters['state'] });
    const other = await register({ request_uris: [uri] });
    const { parameters: answer } = await ask(other, { request_uri: uri, redirect_uri: CALLBACK });
    expect(answer['error']).toBe('invalid_request_object');
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'invalid_request_uri'],
    ['a page', '<h1>Not found</h1>', 'invalid_request_uri'],
    ['JSON', '{"scope":"openid"}', 'invalid_request_uri'],
    ['a JWT of somebody else', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln', 'invalid_request_object'],
    ['too much', 'x'.repeat(40_000), 'invalid_request_uri'],
  ])('%s is refused', async (what, body, error) => {
    const path = `/requests/${encodeURIComponent(what)}`;
    const uri = publish(path, body);
    const party = await register({ request_uris: [uri] });
    const { parameters: answer } = await ask(party, { request_uri: uri, redirect_uri: CALLBACK, state: 'a state' });
    expect(answer).toMatchObject({ error, state: 'a state' });
  });

  it('what is not there, or not registered, is invalid_request_uri', async () => {
    const uri = `${house.sites.plain}/requests/missing`;
    const party = await register({ request_uris: [uri] });
    for (const request_uri of [uri, `${uri}/other`, `${uri}?x=1`, `${uri.toUpperCase()}`]) {
      const { parameters: answer } = await ask(party, { request_uri, redirect_uri: CALLBACK, state: 'a state' });
      expect(answer).toMatchObject({ error: 'invalid_request_uri', state: 'a state' });
    }
  });
});

describe('registration', () => {
  it.each<[string, Record<string, unknown>]>([
    ['request_uris over http', { request_uris: ['http://rp.example.test/request'] }],
    ['request_uris that are no URL', { request_uris: ['request'] }],
    ['an algorithm that nobody has', { request_object_signing_alg: 'RS1' }],
    ['a signature without a key', { request_object_signing_alg: 'RS256', jwks: undefined }],
    ['a shared secret that it does not have', { request_object_signing_alg: 'HS256' }],
    [
      'signed requests without a signature',
      { require_signed_request_object: true, request_object_signing_alg: 'none' },
    ],
    ['signed requests without a key', { require_signed_request_object: true, jwks: undefined }],
  ])('refuses %s', async (_, metadata) => {
    await expect(register(metadata)).rejects.toMatchObject({ error: 'invalid_client_metadata', status: 400 });
  });
});

describe('pushed (RFC 9126)', () => {
  it('by oauth4webapi, authenticated as at the token endpoint', async () => {
    const own = { privateKey: key.key as CryptoKey, jwk: key.jwk };
    for (const metadata of [
      { token_endpoint_auth_method: 'client_secret_basic' },
      { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'RS256' },
    ]) {
      const party = await RelyingParty.register(house, { jwks: { keys: [key.jwk] }, ...metadata }, own);
      const { parameters } = await party.request();
      const form = new URLSearchParams(parameters as Record<string, string>);
      const answer = await oauth.pushedAuthorizationRequest(party.as, party.client, party.authentication, form);
      const { request_uri } = await oauth.processPushedAuthorizationResponse(party.as, party.client, answer);
      const response = await ask(party, { request_uri, response_type: undefined, scope: undefined });
      expect(response.parameters['state']).toBe(parameters['state']);
      await signIn(party, response.parameters, parameters['nonce'] as string);
    }
  });

  it('the assertion may be for this endpoint (§2)', async () => {
    const own = { privateKey: key.key as CryptoKey, jwk: key.jwk };
    const metadata = { jwks: { keys: [key.jwk] }, token_endpoint_auth_method: 'private_key_jwt' };
    const party = await RelyingParty.register(house, metadata, own);
    const { client_id } = party.registration;
    const now = house.clock.seconds();
    const claims = {
      iss: client_id,
      sub: client_id,
      aud: `${house.issuer}/par`,
      jti: 'par-1',
      iat: now,
      exp: now + 60,
    };
    const body = new URLSearchParams({
      ...((await party.request()).parameters as Record<string, string>),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await signRequest(claims, key, { typ: 'JWT' }),
    });
    expect((await fetch(`${house.issuer}/par`, { method: 'POST', body })).status).toBe(201);
  });
});

/** Redeems what came back, and checks the ID token. */
function signIn(party: RelyingParty, answer: Record<string, string>, nonce: string) {
  const response = oauth.validateAuthResponse(party.as, party.client, new URLSearchParams(answer), answer['state']);
  return party.redeem({ response, redirectUri: CALLBACK, nonce, verifier: oauth.nopkce });
}

it('the nonce is the signed one', async () => {
  const party = await register();
  const { parameters } = await party.request({ nonce: 'signed' });
  const response = await ask(party, { request: await signRequest(parameters, key), nonce: 'beside' });
  const { tokens } = await signIn(party, response.parameters, 'signed');
  expect(claimsOf(tokens.id_token)['nonce']).toBe('signed');
});
