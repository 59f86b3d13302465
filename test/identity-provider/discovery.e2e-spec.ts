import { DEVICE_CODE } from '../../src/protocol/grant-type.js';
import { type House, openHouse } from '../support/house.js';

let house: House;
beforeAll(async () => (house = await openHouse()));
afterAll(() => house.close());

const PATHS = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];
const read = async (path: string) => (await (await fetch(house.issuer + path)).json()) as Record<string, unknown>;

/** The registered metadata names of OpenID Connect Discovery, RFC 8414 and their extensions that we may use. */
const KNOWN = new Set(
  `issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri registration_endpoint scopes_supported
  response_types_supported response_modes_supported grant_types_supported acr_values_supported subject_types_supported
  id_token_signing_alg_values_supported userinfo_signing_alg_values_supported
  request_object_signing_alg_values_supported token_endpoint_auth_methods_supported
  token_endpoint_auth_signing_alg_values_supported display_values_supported claim_types_supported claims_supported
  service_documentation claims_locales_supported ui_locales_supported claims_parameter_supported
  request_parameter_supported request_uri_parameter_supported require_request_uri_registration op_policy_uri op_tos_uri
  revocation_endpoint revocation_endpoint_auth_methods_supported
  revocation_endpoint_auth_signing_alg_values_supported introspection_endpoint
  introspection_endpoint_auth_methods_supported introspection_endpoint_auth_signing_alg_values_supported
  introspection_signing_alg_values_supported code_challenge_methods_supported
  introspection_encryption_alg_values_supported introspection_encryption_enc_values_supported
  id_token_encryption_alg_values_supported id_token_encryption_enc_values_supported
  userinfo_encryption_alg_values_supported userinfo_encryption_enc_values_supported
  request_object_encryption_alg_values_supported request_object_encryption_enc_values_supported
  pushed_authorization_request_endpoint
  authorization_response_iss_parameter_supported end_session_endpoint prompt_values_supported
  backchannel_logout_supported backchannel_logout_session_supported frontchannel_logout_supported
  frontchannel_logout_session_supported check_session_iframe device_authorization_endpoint`.split(/\s+/),
);

it.each(PATHS)('%s names the issuer and what is served, and nothing unknown', async (path) => {
  const metadata = await read(path);
  expect(metadata['issuer']).toBe(house.issuer);
  expect(Object.keys(metadata).filter((name) => !KNOWN.has(name))).toEqual([]);
  expect(metadata['id_token_signing_alg_values_supported']).toContain('RS256');
  expect(metadata['id_token_signing_alg_values_supported']).not.toContain('none');
  expect(metadata['authorization_response_iss_parameter_supported']).toBe(true);
  expect(metadata['acr_values_supported']).toContain('urn:gatehouse:pwd');
  expect(metadata['ui_locales_supported']).toEqual(['en', 'de', 'fr', 'es', 'ar']);
  expect(metadata['claims_supported']).toEqual(expect.arrayContaining(['sub', 'email', 'updated_at', 'address']));
  expect(metadata['scopes_supported']).toEqual(expect.arrayContaining(['openid', 'offline_access', 'orders:read']));
  expect(metadata['grant_types_supported']).toEqual(
    expect.arrayContaining(['authorization_code', 'refresh_token', 'client_credentials', DEVICE_CODE]),
  );
});

it('PK-15 the one challenge method is S256', async () => {
  expect((await read(PATHS[0]!))['code_challenge_methods_supported']).toEqual(['S256']);
});

it('both documents say the same', async () => {
  expect(await read(PATHS[0]!)).toEqual(await read(PATHS[1]!));
});

it('every address in it answers', async () => {
  const metadata = await read(PATHS[0]!);
  const addresses = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$/.test(name));
  expect(addresses.length).toBeGreaterThanOrEqual(7);
  for (const [, address] of addresses) {
    expect(address).toMatch(new RegExp(`^${house.issuer}/`));
    expect((await fetch(address as string)).status).not.toBe(404);
  }
});

it.each([...PATHS, '/jwks'])('%s may be read by everybody and kept', async (path) => {
  const response = await fetch(house.issuer + path, { headers: { origin: 'https://anybody.test' } });
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(response.headers.get('cache-control')).toMatch(/^public, max-age=\d+$/);
  expect(response.headers.get('content-type')).toMatch(/^application\/(json|jwk-set\+json)/);
});

it.each([...PATHS, '/jwks'].flatMap((path) => ['POST', 'PUT', 'DELETE'].map((method) => [method, path])))(
  '%s %s is refused',
  async (method, path) => {
    const response = await fetch(house.issuer + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  },
);

it.each([...PATHS, '/jwks'])('%s is not sent again to whoever has it', async (path) => {
  const first = await fetch(house.issuer + path);
  const etag = first.headers.get('etag')!;
  const ask = async (known: string) => {
    const answer = await fetch(house.issuer + path, { headers: { 'if-none-match': known } });
    return [answer.status, answer.headers.get('etag'), (await answer.text()).length];
  };
  expect(await ask(etag)).toEqual([304, etag, 0]);
  expect(await ask(`"another", W/${etag}`)).toEqual([304, etag, 0]);
  expect(await ask('"another"')).toEqual([200, etag, (await first.text()).length]);
});

it('HEAD is GET without a body', async () => {
  const response = await fetch(house.issuer + PATHS[0]!, { method: 'HEAD' });
  expect([response.status, await response.text()]).toEqual([200, '']);
});

it('KC-01 the key set shows public members only', async () => {
  const { keys } = (await read('/jwks')) as { keys: Record<string, unknown>[] };
  expect(keys.length).toBeGreaterThanOrEqual(8);
  const allowed = ['kty', 'kid', 'alg', 'use', 'n', 'e', 'crv', 'x', 'y'];
  for (const key of keys) expect(allowed).toEqual(expect.arrayContaining(Object.keys(key)));
});

it('a new resource’s scopes appear', async () => {
  await house.resources.put({ audience: 'urn:new', scopes: ['new:read'], tokenFormat: 'jwt' });
  expect((await read(PATHS[0]!))['scopes_supported']).toContain('new:read');
});
