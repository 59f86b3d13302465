import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { authorizationResponseOf, leftHalf } from '../support/authorization-response.js';
import type { Answer, Form, PersonBrowser } from '../support/house.js';
import { encode } from '../support/house.js';
import { CertifiedHouse } from './certified-house.js';
import { CALLBACK, RelyingParty } from './relying-party.js';

/** The response types of OpenID Connect Core §3, with the grant types of Registration §2. */
const FLOWS: [string, string[]][] = [
  ['code', ['authorization_code']],
  ['id_token', ['implicit']],
  ['id_token token', ['implicit']],
  ['code id_token', ['authorization_code', 'implicit']],
  ['code token', ['authorization_code', 'implicit']],
  ['code id_token token', ['authorization_code', 'implicit']],
];

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open()));
afterAll(() => house.close());

/** As the suite registers one: for one response type, confidential, without PKCE. */
const register = (response_type: string, grant_types: string[]) =>
  RelyingParty.register(house, { response_types: [response_type], grant_types });

async function ask(party: RelyingParty, change: Form, browser: PersonBrowser = house.browser()) {
  const { parameters } = await party.request({ response_type: party.registration['response_types'] as string, ...change });
  const answer = await browser.walk(await browser.get(`/authorize?${encode(parameters)}`));
  return { parameters, answer, response: authorizationResponseOf(answer) };
} // prettier-ignore

/** What the client receives: a URL with a fragment, or a POST of a form. */
function received(answer: Answer): URL | Request {
  const location = answer.headers.get('location');
  if (location !== null) return new URL(location);
  const { to, parameters } = authorizationResponseOf(answer);
  return new Request(to, { method: 'POST', body: new URLSearchParams(parameters) });
}

/** Checks an ID token by the provider's published keys and nothing else. */
async function prove(party: RelyingParty, idToken: string) {
  const keys = createRemoteJWKSet(new URL(party.as.jwks_uri!), { [customFetch]: fetch as never });
  const { payload, protectedHeader } = await jwtVerify(idToken, keys, {
    issuer: house.issuer,
    audience: party.registration.client_id,
    currentDate: new Date(house.clock.now()),
  });
  expect(protectedHeader).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
  return payload;
}

describe.each(FLOWS)('%s', (response_type, grant_types) => {
  let party: RelyingParty;
  let browser: PersonBrowser;
  const parts = response_type.split(' ');
  const usual = response_type === 'code' ? 'query' : 'fragment';
  beforeAll(async () => {
    party = await register(response_type, grant_types);
    browser = house.browser();
  });

  it.each([
    [undefined, usual],
    ['fragment', 'fragment'],
    ['form_post', 'form_post'],
  ])('with response_mode %s: everything of the response is proved and works', async (response_mode, mode) => {
    const { parameters, response } = await ask(party, { response_mode, scope: 'openid email' }, browser);
    const { code, id_token, access_token, ...rest } = response.parameters;
    expect([response.mode, response.to]).toEqual([mode, CALLBACK]);
    expect(rest).toMatchObject({ state: parameters['state'], iss: house.issuer });
    expect([code, id_token, access_token].map((part) => part !== undefined)).toEqual(
      ['code', 'id_token', 'token'].map((part) => parts.includes(part)),
    );
    const claims = id_token === undefined ? undefined : await prove(party, id_token);
    if (claims) {
      expect(claims['nonce']).toBe(parameters['nonce']);
      expect(claims['at_hash']).toBe(access_token && leftHalf(access_token));
      expect(claims['c_hash']).toBe(code && leftHalf(code));
      expect(claims['email']).toBe(response_type === 'id_token' ? 'alice@example.com' : undefined);
      expect(claims).not.toHaveProperty('name');
    }
    if (access_token !== undefined) {
      expect(rest).toMatchObject({ token_type: 'Bearer', expires_in: '300' });
      const answer = await oauth.userInfoRequest(party.as, party.client, access_token);
      const told = await oauth.processUserInfoResponse(
          party.as, party.client, (claims?.sub) ?? oauth.skipSubjectCheck, answer,
        ); // prettier-ignore
      expect(told).toMatchObject({ email: 'alice@example.com' });
    }
    if (code !== undefined) {
      const checked = oauth.validateAuthResponse(
          party.as, party.client, new URLSearchParams({ code, state: rest['state']!, iss: rest['iss']! }), parameters['state'] as string,
        ); // prettier-ignore
      const nonce = parameters['nonce'] as string;
      const callback = { response: checked, redirectUri: CALLBACK, nonce, verifier: oauth.nopkce } as const;
      const redeemed = await party.redeem(callback);
      expect(redeemed.claims.sub).toBe(claims?.sub ?? redeemed.claims.sub);
      expect(await party.userinfo(redeemed)).toMatchObject({ email: 'alice@example.com' });
      await expect(party.redeem(callback)).rejects.toMatchObject({ error: 'invalid_grant' });
    }
  });

  it('prompt=none is silent for who is signed in, and login_required for nobody, in every channel', async () => {
    for (const [response_mode, mode] of [[undefined, usual], ['form_post', 'form_post']]) {
      const silent = await ask(party, { response_mode, prompt: 'none' }, browser);
      expect(silent.response.parameters).not.toHaveProperty('error');
      const { response, parameters } = await ask(party, { response_mode, prompt: 'none' });
      expect(response).toMatchObject({ mode, parameters: { error: 'login_required', state: parameters['state'] } });
      const known = ['error', 'error_description', 'iss', 'session_state', 'state'];
      expect(Object.keys(response.parameters).filter((name) => !known.includes(name))).toEqual([]);
    }
  }); // prettier-ignore

  it('without a response_type is told so in the query', async () => {
    const { response } = await ask(party, { response_type: undefined });
    expect(response).toMatchObject({ mode: 'query', parameters: { error: 'invalid_request' } });
  });

  it('without a nonce is refused where an ID token comes back from here', async () => {
    const { response } = await ask(party, { nonce: undefined, prompt: 'none' }, browser);
    if (parts.includes('id_token')) {
      expect(response).toMatchObject({ mode: 'fragment', parameters: { error: 'invalid_request' } });
    } else {
      expect(response.parameters).not.toHaveProperty('error');
    }
  });
});

it.each(['fragment', 'form_post'])('oauth4webapi proves a hybrid response by %s', async (response_mode) => {
  const party = await register('code id_token', ['authorization_code', 'implicit']);
  const { parameters, answer } = await ask(party, { response_mode });
  const proved = await oauth.validateCodeIdTokenResponse(
    party.as, party.client, received(answer), parameters['nonce'] as string, parameters['state'] as string,
  ); // prettier-ignore
  expect(proved.get('code')).toEqual(expect.any(String));
});

it.each(['fragment', 'form_post'])('openid-client signs in by the implicit flow with %s', async (response_mode) => {
  const config = await openid.dynamicClientRegistration(new URL(house.issuer), {
    redirect_uris: [CALLBACK],
    response_types: ['id_token'],
    grant_types: ['implicit'],
    token_endpoint_auth_method: 'none',
    [openid.clockSkew]: Math.round(house.clock.now() / 1000 - Date.now() / 1000),
  });
  openid.useIdTokenResponseType(config);
  const [nonce, state] = [openid.randomNonce(), openid.randomState()];
  const url = openid.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid', nonce, state, response_mode });
  const browser = house.browser();
  const answer = await browser.walk(await browser.get(url.href));
  const claims = await openid.implicitAuthentication(config, received(answer), nonce, { expectedState: state });
  expect(claims).toMatchObject({ iss: house.issuer, nonce, sub: expect.any(String) });
}); // prettier-ignore

it('openid-client signs in by the hybrid flow', async () => {
  const config = await openid.dynamicClientRegistration(new URL(house.issuer), {
    redirect_uris: [CALLBACK],
    response_types: ['code id_token'],
    grant_types: ['authorization_code', 'implicit'],
    token_endpoint_auth_method: 'client_secret_post',
    [openid.clockSkew]: Math.round(house.clock.now() / 1000 - Date.now() / 1000),
  });
  openid.useCodeIdTokenResponseType(config);
  const [nonce, state] = [openid.randomNonce(), openid.randomState()];
  const url = openid.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: 'openid', nonce, state });
  const browser = house.browser();
  const back = received(await browser.walk(await browser.get(url.href)));
  const tokens = await openid.authorizationCodeGrant(config, back, { expectedNonce: nonce, expectedState: state });
  expect(tokens.claims()).toMatchObject({ nonce });
});

describe('registration', () => {
  it.each<[string, Record<string, unknown>]>([
    ['the response types of a hybrid client without implicit', { response_types: ['code id_token'] }],
    ['an implicit client without its grant type', { response_types: ['id_token'] }],
    ['an implicit client that wants a code', { response_types: ['code'], grant_types: ['implicit'] }],
    ['an unknown response type', { response_types: ['code none'] }],
    ['a grant type for codes without one', { response_types: ['id_token'], grant_types: ['implicit', 'authorization_code'] }],
  ])('refuses %s', async (_, metadata) => {
    await expect(RelyingParty.register(house, metadata)).rejects.toMatchObject({ error: 'invalid_client_metadata' });
  }); // prettier-ignore

  it.each(['http://127.0.0.1/callback', 'https://localhost/callback', 'http://localhost:8080/callback'])(
    'refuses %s to a web client with implicit; a native one may have it',
    async (uri) => {
      const metadata = { response_types: ['id_token'], grant_types: ['implicit'], redirect_uris: [uri] };
      await expect(RelyingParty.register(house, metadata)).rejects.toMatchObject({ error: 'invalid_redirect_uri' });
      const native = { ...metadata, application_type: 'native', token_endpoint_auth_method: 'none' };
      expect((await RelyingParty.register(house, native)).registration['redirect_uris']).toEqual([uri]);
    },
  );

  it('knows a response type in any order', async () => {
    const party = await register('token id_token', ['implicit']);
    const { response } = await ask(party, { response_type: 'id_token token' });
    expect(response.parameters).toHaveProperty('access_token');
  });
});
