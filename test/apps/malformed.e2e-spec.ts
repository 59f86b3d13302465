import type { INestApplication } from '@nestjs/common';
import { startDesk } from '../../src/apps/desk/desk-app.js';
import { startOrders } from '../../src/apps/orders/orders-app.js';
import { startPortal } from '../../src/apps/portal/portal-app.js';
import { appConfig } from '../../src/apps/support/app-config.js';
import { DEMO_CLIENTS } from '../../src/apps/support/demo.js';
import { DEVICE_CODE, JWT_BEARER, TOKEN_EXCHANGE } from '../../src/protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE } from '../../src/protocol/token-type.js';
import { DpopClient } from '../support/dpop-client.js';
import { authorizationRequest, basic, freePort, type House, openHouse, type TestClient } from '../support/house.js';
import { makeRequestKey, type RequestKey, signRequest } from '../support/request-object.js';
import {
  commonFault,
  everywhere,
  FORM,
  JSON_TYPE,
  faultsOf,
  type Malformed,
  type MalformedAnswer,
  TEXTS,
  VALUES,
  wrongBodies,
  wrongForms,
  wrongJson,
  wrongJwts,
} from './malformed.js';

/**
 * Requests as nobody should send them, to every route of the provider and of the sample applications: whatever they are,
 * the answer is the caller's mistake in the words of the specifications, and never a fault of ours.
 */
let house: House;
let origin: string;
let client: TestClient;
let signing: RequestKey;
const apps: Record<string, INestApplication> = {};
const addresses: Record<string, string> = {};

const CLIENT_CREDENTIALS = 'client_credentials';
const ALL_METHODS = 'password,passkey,totp,recovery-code,magic-link,email-code';
const SCOPE = 'openid profile email offline_access orders:read';

beforeAll(async () => {
  house = await openHouse({
    hostname: 'localhost',
    settings: { REGISTRATION: 'open', SIGN_UP: 'true', LOGIN_METHODS: ALL_METHODS },
  });
  origin = house.issuer;
  signing = await makeRequestKey('ES256');
  const grant_types = ['authorization_code', 'refresh_token', CLIENT_CREDENTIALS, DEVICE_CODE, JWT_BEARER, TOKEN_EXCHANGE]; // prettier-ignore
  client = await house.client(
    'careless',
    { grant_types, scope: SCOPE, jwks: { keys: [signing.jwk] } },
    {
      firstParty: true,
      exchange: { audiences: ['urn:gatehouse:demo:orders'], scopes: ['orders:read'], impersonation: true },
      assertionIssuers: [{ issuer: 'https://partner.test', jwks: { keys: [signing.jwk as { kty: string }] }, subject: 'username' }],
    },
  ); // prettier-ignore
  await house.client('by-key', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [signing.jwk] }, grant_types: [CLIENT_CREDENTIALS], redirect_uris: [], response_types: [], scope: 'orders:read' }); // prettier-ignore
  await house.register({ ...house.native, redirectUri: 'http://127.0.0.1/callback' });

  const secrets = ['a secret for tests that is long enough'];
  const start = async (name: 'portal' | 'orders' | 'desk', portOffset: number) => {
    const port = await freePort();
    addresses[name] = `http://localhost:${port}`;
    const config = appConfig(
      { ISSUER: origin, PORT: String(port), PUBLIC_URL: addresses[name], ORDERS_URL: addresses[name] },
      { portOffset, client: DEMO_CLIENTS[name] },
    );
    if (name === 'orders') return startOrders(config, false);
    return (name === 'portal' ? startPortal : startDesk)(config, house.databaseUrl, secrets, false);
  };
  [apps['portal'], apps['orders'], apps['desk']] = await Promise.all([start('portal', 1), start('orders', 2), start('desk', 3)]); // prettier-ignore
});
afterAll(async () => {
  for (const app of Object.values(apps)) await app.close();
  await house?.close();
});

const authorization = () => ({ authorization: basic(client.id, client.secret!) });

/** An endpoint of the protocol answers in JSON, and its refusals have a code. */
function protocolFault({ status, headers, text }: MalformedAnswer): string | undefined {
  if (status < 400) return undefined;
  if (headers['cache-control'] !== 'no-store') return `kept by caches: ${String(headers['cache-control'])}`;
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' && /^[a-z_]+$/.test(error) ? undefined : `no code: ${text.slice(0, 200)}`;
  } catch {
    return `no JSON: ${text.slice(0, 200)}`;
  }
}

async function expectNoFault(requests: Malformed[], more: typeof protocolFault = () => undefined, at = origin) {
  expect(requests.length).toBeGreaterThan(0);
  expect(await faultsOf(at, requests, (answer) => commonFault(answer) ?? more(answer))).toEqual([]);
  // Nothing was logged as ours either.
  expect(house.log.filter((line) => /reference|Error:/.test(line) && !/relying/i.test(line))).toEqual([]);
}

it('IJ-21 every route of the provider, by every method, with every kind of body', async () => {
  await expectNoFault(everywhere(house.app));
});

it('an address that is no URL is answered in our own words', async () => {
  for (const at of [origin, ...Object.values(addresses)]) {
    for (const path of ['/%', '/%zz', '/login/%ff', '/%E0%A4%A?x=%']) {
      const response = await fetch(at + path);
      expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'no-store']);
      expect(await response.json()).toEqual({
        error: 'invalid_request',
        error_description: 'The request could not be read.',
        correlation_id: expect.any(String),
      });
    }
  }
});

it('the same by somebody who is signed in, and by a client', async () => {
  const browser = house.browser();
  await browser.signIn('alice', 'wonderland');
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  await expectNoFault(everywhere(house.app, { cookie, 'sec-fetch-site': 'same-origin', accept: 'text/html' }));
  const asked = ['/token', '/par', '/introspect', '/revoke', '/device_authorization'];
  const bodies = asked.flatMap((path) => wrongBodies('POST', path, authorization()));
  await expectNoFault(bodies, protocolFault);
});

it.each(['portal', 'orders', 'desk'])('every route of %s', async (name) => {
  await expectNoFault(everywhere(apps[name]!), undefined, addresses[name]);
});

describe('IJ-21 a right request of which one parameter is wrong', () => {
  it('/authorize and /par', async () => {
    const right = {
      ...(authorizationRequest(client) as Record<string, string>),
      prompt: 'login',
      max_age: '1',
      display: 'page',
      ui_locales: 'en',
      login_hint: 'alice',
      acr_values: 'phr',
      claims: '{"id_token":{"email":{"essential":true}}}',
      resource: 'urn:gatehouse:demo:orders',
      dpop_jkt: 'x',
      id_token_hint: 'a.b.c',
      response_mode: 'query',
      claims_locales: 'en',
      registration: '{}',
    };
    await expectNoFault(wrongForms('/authorize', right, {}, 'GET'));
    await expectNoFault(wrongForms('/par', right, authorization()), protocolFault);
    const claims = VALUES.flatMap((value) => [value, { id_token: value }, { userinfo: { email: value } }, { id_token: { acr: { values: value } } }]); // prettier-ignore
    await expectNoFault(
      claims.map((value) => ({
        what: 'claims',
        method: 'GET',
        target: `/authorize?${new URLSearchParams({ ...right, claims: JSON.stringify(value) })}`.slice(0, 12_000),
      })),
    );
  });

  it('a request object, rightly signed', async () => {
    const right = { ...authorizationRequest(client), iss: client.id, aud: origin, exp: house.clock.seconds() + 60, nbf: 1, iat: 1, jti: 'a', max_age: 1, claims: {}, resource: 'urn:gatehouse:demo:orders' }; // prettier-ignore
    const requests = Object.keys(right).flatMap((name) =>
      VALUES.map(async (value): Promise<Malformed> => {
        const request = await signRequest({ ...right, [name]: value }, signing);
        const body = new URLSearchParams({ request, client_id: client.id }).toString();
        const headers = { ...authorization(), 'content-type': FORM };
        return {
          what: `${name}: ${JSON.stringify(value)?.slice(0, 40)}`,
          method: 'POST',
          target: '/par',
          headers,
          body,
        };
      }),
    );
    await expectNoFault(await Promise.all(requests), protocolFault);
  });

  it('/token, by every grant', async () => {
    const { tokens } = await house.codeFlow({ scope: SCOPE }, { client });
    const subject = { subject_token: tokens.access_token, subject_token_type: ACCESS_TOKEN_TYPE };
    const { grant, tokens: web } = await house.codeFlow({ scope: 'openid offline_access' });
    const grants: Record<string, string>[] = [
      { grant_type: 'authorization_code', code: grant.code, redirect_uri: client.redirectUri, code_verifier: grant.verifier }, // prettier-ignore
      { grant_type: 'refresh_token', refresh_token: web.refresh_token, scope: 'openid' },
      { grant_type: CLIENT_CREDENTIALS, scope: 'orders:read', resource: 'urn:gatehouse:demo:orders' },
      { grant_type: DEVICE_CODE, device_code: 'a' },
      { grant_type: JWT_BEARER, assertion: 'a.b.c', scope: 'orders:read' },
      { grant_type: TOKEN_EXCHANGE, ...subject, actor_token: tokens.access_token, actor_token_type: ACCESS_TOKEN_TYPE, audience: 'urn:gatehouse:demo:orders', scope: 'orders:read', requested_token_type: ACCESS_TOKEN_TYPE }, // prettier-ignore
    ];
    for (const form of grants) await expectNoFault(wrongForms('/token', form, authorization()), protocolFault);
  });

  it('whoever asks: passwords, assertions, proofs of possession', async () => {
    const form = { grant_type: CLIENT_CREDENTIALS, scope: 'orders:read' };
    const post = (what: string, fields: Record<string, string>, headers: Record<string, string> = {}): Malformed => ({ what, method: 'POST', target: '/token', headers: { ...headers, 'content-type': FORM }, body: new URLSearchParams(fields).toString() }); // prettier-ignore
    const byPassword = TEXTS.flatMap((text) => [
      post('client_id', { ...form, client_id: text, client_secret: text }),
      post('Basic', form, { authorization: basic(text, 'a') }),
      post('Basic', form, { authorization: `Basic ${Buffer.from(text).toString('base64')}` }),
      ...(/[\0\r\n\u0080-\uffff]/.test(text) ? [] : [post('scheme', form, { authorization: text })]),
    ]);
    await expectNoFault(byPassword, protocolFault);

    const claims = { iss: 'by-key', sub: 'by-key', aud: origin, jti: 'a', iat: house.clock.seconds(), nbf: 1, exp: house.clock.seconds() + 60 }; // prettier-ignore
    const assertion = { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' };
    const signed = Object.keys(claims).flatMap((name) =>
      VALUES.map((value) => signRequest({ ...claims, [name]: value }, signing, { typ: 'JWT' })),
    );
    const assertions = [...(await Promise.all(signed)), ...wrongJwts(claims)];
    await expectNoFault(assertions.map((client_assertion) => post('assertion', { ...form, ...assertion, client_assertion })), protocolFault); // prettier-ignore
    const partners = { ...claims, iss: 'https://partner.test', sub: 'alice' };
    const bearers = Object.keys(partners).flatMap((name) =>
      VALUES.map((value) => signRequest({ ...partners, [name]: value }, signing, { typ: 'JWT' })),
    );
    await expectNoFault(
      [...(await Promise.all(bearers)), ...wrongJwts(partners)].map((one) =>
        post('jwt-bearer', { grant_type: JWT_BEARER, assertion: one }, authorization()),
      ),
      protocolFault,
    );

    const dpop = await DpopClient.create(house.clock);
    const proofs = ['jti', 'htm', 'htu', 'iat', 'nonce', 'ath', 'exp'].flatMap((name) =>
      VALUES.map((value) => dpop.proof('POST', `${origin}/token`, undefined, { claims: { [name]: value } })),
    );
    await expectNoFault(
      [...(await Promise.all(proofs)), ...wrongJwts({ jti: 'a' })]
        .filter((proof) => proof.length < 8_000 && !/[^\x20-\x7e]/.test(proof))
        .map((proof) => post('DPoP', form, { ...authorization(), dpop: proof })),
      protocolFault,
    );
  });

  it('where a token is presented, given back or asked about', async () => {
    const jwts = wrongJwts({ iss: origin, sub: 'a', aud: client.id, sid: 'a', jti: 'a', client_id: client.id, exp: 1, iat: 1, events: {} }); // prettier-ignore
    const headers = { ...authorization(), 'content-type': FORM };
    const asForm = (target: string, name: string) =>
      [...jwts, ...TEXTS].map((jwt): Malformed => ({ what: jwt.slice(0, 60), method: 'POST', target, headers, body: new URLSearchParams({ [name]: jwt }).toString() })); // prettier-ignore
    await expectNoFault([...asForm('/introspect', 'token'), ...asForm('/revoke', 'token')], protocolFault);
    await expectNoFault(
      wrongForms('/introspect', { token: 'a', token_type_hint: 'b' }, authorization()),
      protocolFault,
    );
    await expectNoFault(asForm('/logout', 'id_token_hint'));
    const bearer = jwts.filter((jwt) => jwt.length < 8_000);
    const present = (target: string) =>
      bearer.map((jwt): Malformed => ({ what: jwt.slice(0, 60), method: 'GET', target, headers: { authorization: `Bearer ${jwt}` } })); // prettier-ignore
    await expectNoFault([...present('/userinfo'), ...present('/ssf/streams')], protocolFault);
    await expectNoFault(present('/orders'), undefined, addresses['orders']);
    await expectNoFault([...present('/api/orders'), ...asForm('/auth/backchannel-logout', 'logout_token'), ...asForm('/auth/signals', 'token')], undefined, addresses['desk']); // prettier-ignore
    await expectNoFault(bearer.map((body) => ({ what: 'SET', method: 'POST', target: '/auth/signals', headers: { 'content-type': 'application/secevent+jwt' }, body })), undefined, addresses['desk']); // prettier-ignore
  });

  it('/logout, /device_authorization and the pages they lead to', async () => {
    const out = { id_token_hint: 'a.b.c', post_logout_redirect_uri: 'https://careless.test/bye', client_id: client.id, state: 's', logout_hint: 'a', ui_locales: 'en', csrf: 'a', confirmed: 'yes' }; // prettier-ignore
    await expectNoFault([...wrongForms('/logout', out), ...wrongForms('/logout', out, {}, 'GET')]);
    await expectNoFault(wrongForms('/device_authorization', { scope: 'openid', resource: 'urn:gatehouse:demo:orders' }, authorization()), protocolFault); // prettier-ignore
    await expectNoFault([...wrongForms('/device', { user_code: 'BCDF-GHJK', csrf: 'a' }), ...wrongForms('/device', { user_code: 'BCDF-GHJK' }, {}, 'GET')]); // prettier-ignore
    const tool = { token: 'a.b.c', audience: 'a', jwks: '{}' };
    await expectNoFault(wrongForms('/tools/token', tool));
    await expectNoFault(wrongJwts({ iss: origin, exp: 1 }).flatMap((token) => wrongForms('/tools/token', { token }).slice(-1))); // prettier-ignore
  });

  it('/register and what it made', async () => {
    const url = 'https://careless.test/a';
    const right: Record<string, unknown> = { redirect_uris: [url], client_name: 'a', grant_types: ['authorization_code'], response_types: ['code'], application_type: 'web', token_endpoint_auth_method: 'client_secret_basic', scope: 'openid', contacts: ['a@b.test'], client_uri: url, logo_uri: url, policy_uri: url, tos_uri: url, jwks: { keys: [signing.jwk] }, jwks_uri: url, sector_identifier_uri: url, subject_type: 'public', id_token_signed_response_alg: 'RS256', userinfo_signed_response_alg: 'RS256', id_token_encrypted_response_alg: 'RSA-OAEP-256', request_uris: [url], request_object_signing_alg: 'ES256', default_max_age: 1, require_auth_time: true, default_acr_values: ['a'], initiate_login_uri: url, post_logout_redirect_uris: [url], backchannel_logout_uri: url, frontchannel_logout_uri: url, software_id: 'a', software_statement: 'a.b.c', 'client_name#de': 'a' }; // prettier-ignore
    // What a logo or a sector would be fetched for does not concern the others.
    const { jwks_uri, sector_identifier_uri, logo_uri, software_statement, ...plain } = right;
    await expectNoFault(wrongJson('POST', '/register', plain), protocolFault);
    const fetched = { jwks_uri, sector_identifier_uri, logo_uri, software_statement };
    await expectNoFault(wrongJson('POST', '/register', { redirect_uris: [url], ...fetched }), protocolFault);
    const made = await fetch(`${origin}/register`, { method: 'POST', headers: { 'content-type': JSON_TYPE }, body: JSON.stringify({ redirect_uris: [url] }) }); // prettier-ignore
    const { client_id, registration_access_token } = (await made.json()) as Record<string, string>;
    expect(made.status).toBe(201);
    const headers = { authorization: `Bearer ${registration_access_token}` };
    await expectNoFault(wrongJson('PUT', `/register/${client_id}`, { client_id, ...plain }, headers), protocolFault);
  });

  it('streams of signals', async () => {
    const { json } = await house.token(house.web, { grant_type: CLIENT_CREDENTIALS, scope: 'ssf.read ssf.manage' });
    const headers = { authorization: `Bearer ${String(json['access_token'])}` };
    const push = { method: 'urn:ietf:rfc:8935', endpoint_url: 'https://careless.test/a', authorization_header: 'a' };
    const wish = { delivery: push, events_requested: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'], description: 'a', aud: 'a', iss: origin, stream_id: 'a' }; // prettier-ignore
    const created = await fetch(`${origin}/ssf/streams`, { method: 'POST', headers: { ...headers, 'content-type': JSON_TYPE }, body: '{}' }); // prettier-ignore
    const { stream_id } = (await created.json()) as { stream_id: string };
    const requests = [
      ...['streams', 'status', 'verify', 'subjects/add', 'subjects/remove', `poll/${stream_id}`].flatMap((path) => wrongBodies('POST', `/ssf/${path}`, headers)), // prettier-ignore
      ...['PATCH', 'PUT'].flatMap((method) => wrongJson(method, '/ssf/streams', { ...wish, stream_id }, headers)),
      ...wrongJson('PATCH', '/ssf/streams', { stream_id, delivery: {} }, headers),
      ...VALUES.flatMap((endpoint_url) => wrongJson('PATCH', '/ssf/streams', { stream_id, delivery: { ...push, endpoint_url } }, headers).slice(-1)), // prettier-ignore
      ...wrongJson('POST', '/ssf/status', { stream_id, status: 'paused', reason: 'a' }, headers),
      ...wrongJson('POST', '/ssf/verify', { stream_id, state: 'a' }, headers),
      ...['add', 'remove'].flatMap((verb) => wrongJson('POST', `/ssf/subjects/${verb}`, { stream_id, subject: { format: 'iss_sub', iss: origin, sub: 'a' }, verified: true }, headers)), // prettier-ignore
      ...wrongJson('POST', `/ssf/poll/${stream_id}`, { maxEvents: 1, returnImmediately: true, ack: ['a'], setErrs: { a: { err: 'b', description: 'c' } } }, headers), // prettier-ignore
      ...['streams', 'status', 'snapshot'].flatMap((path) => wrongForms(`/ssf/${path}`, { stream_id, seconds: '60', since: '1' }, headers, 'GET')), // prettier-ignore
      ...wrongJson('POST', '/ssf/streams', { ...wish, stream_id: undefined }, headers).slice(0, 60),
    ];
    await expectNoFault(requests, protocolFault);
  });
});

it('every form of every page, with each of its fields made wrong', async () => {
  const browser = house.browser();
  await browser.signIn('alice', 'wonderland');
  const here = async (path: string) => (await browser.get(path)).page;
  const pages = [...new Set(['/account', '/logout', '/device', '/', '/login?prompt=login', '/login/forgot-password', '/login/sign-up', '/account/email', '/account/password', '/account/authenticator/new', '/account/passkey/new', '/account/recovery-codes', ...[...(await here('/account')).matchAll(/href="(\/account\/[^"]+)"/g)].map(([, path]) => path!)])]; // prettier-ignore
  const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
  const headers = { cookie, 'sec-fetch-site': 'same-origin', accept: 'text/html' };
  let forms = 0;
  const requests: Malformed[] = [];
  for (const path of pages) {
    for (const [form, action] of (await here(path)).matchAll(/<form[^>]* action="([^"]+)".*?<\/form>/gs)) {
      const names = [...form.matchAll(/<(?:input|button|select|textarea)[^>]* name="([^"]+)"(?:[^>]* value="([^"]*)")?/g)]; // prettier-ignore
      const fields = Object.fromEntries(names.map(([, name, value]) => [name!, value ?? 'a']));
      forms += 1;
      requests.push(...wrongForms(action!.replaceAll('&amp;', '&'), fields, headers));
    }
  }
  expect(forms).toBeGreaterThan(8);
  // The last of them may sign out.
  await expectNoFault(requests);
});
