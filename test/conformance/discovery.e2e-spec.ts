import type { JWK } from 'jose';
import { CertifiedHouse } from './certified-house.js';
import { discover } from './relying-party.js';

let house: CertifiedHouse;
beforeAll(async () => void (house = await CertifiedHouse.open()));
afterAll(() => house.close());

const read = async (path: string) => (await (await fetch(house.issuer + path)).json()) as Record<string, unknown>;

it('says what is really served, under the name that it is known by', async () => {
  const metadata = (await discover(house)) as unknown as Record<string, unknown>;
  expect(metadata).toMatchObject({
    issuer: house.issuer,
    authorization_endpoint: `${house.issuer}/authorize`,
    token_endpoint: `${house.issuer}/token`,
    userinfo_endpoint: `${house.issuer}/userinfo`,
    jwks_uri: `${house.issuer}/jwks`,
    registration_endpoint: `${house.issuer}/register`,
    revocation_endpoint: `${house.issuer}/revoke`,
    introspection_endpoint: `${house.issuer}/introspect`,
    end_session_endpoint: `${house.issuer}/logout`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    device_authorization_endpoint: `${house.issuer}/device_authorization`,
    subject_types_supported: ['public', 'pairwise'],
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  });
  expect(metadata['response_types_supported']).toEqual(
    expect.arrayContaining([
      'code',
      'id_token',
      'id_token token',
      'code id_token',
      'code token',
      'code id_token token',
    ]),
  );
  expect(metadata['grant_types_supported']).toEqual(
    expect.arrayContaining(['authorization_code', 'implicit', 'refresh_token']),
  );
  expect(metadata['id_token_signing_alg_values_supported']).toEqual(
    expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA']),
  );
  const requestAlgorithms = metadata['request_object_signing_alg_values_supported'] as string[];
  expect(requestAlgorithms).toEqual(expect.arrayContaining(['RS256', 'PS256', 'ES256', 'EdDSA']));
  expect(requestAlgorithms).not.toContain('none');
  expect(new Set(metadata['token_endpoint_auth_methods_supported'] as string[])).toEqual(
    new Set(['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none']),
  );
  expect(metadata['scopes_supported']).toEqual(
    expect.arrayContaining(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']),
  );
  expect(metadata['claims_supported']).toEqual(expect.arrayContaining(['sub', 'name', 'email', 'address', 'acr']));
  expect(metadata['acr_values_supported']).toEqual(expect.arrayContaining(['urn:gatehouse:pwd']));
});

it('has no member that nobody defined, and none that is empty', async () => {
  // The names of OpenID Connect Discovery §3, RFC 8414 §2, RFC 8628 §4, RFC 9101, RFC 9126, RFC 9207, RFC 9701, Prompt Create and the
  // logout specifications.
  const known = [
    'issuer', 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'registration_endpoint',
    'revocation_endpoint', 'introspection_endpoint', 'end_session_endpoint', 'scopes_supported',
    'response_types_supported', 'response_modes_supported', 'grant_types_supported', 'acr_values_supported',
    'prompt_values_supported', 'subject_types_supported', 'id_token_signing_alg_values_supported',
    'userinfo_signing_alg_values_supported', 'introspection_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported', 'token_endpoint_auth_signing_alg_values_supported',
    'revocation_endpoint_auth_methods_supported', 'revocation_endpoint_auth_signing_alg_values_supported',
    'introspection_endpoint_auth_methods_supported', 'introspection_endpoint_auth_signing_alg_values_supported',
    'claim_types_supported', 'claims_supported', 'claims_parameter_supported', 'request_parameter_supported',
    'request_uri_parameter_supported', 'require_request_uri_registration',
    'request_object_signing_alg_values_supported', 'code_challenge_methods_supported',
    'authorization_response_iss_parameter_supported', 'backchannel_logout_supported',
    'backchannel_logout_session_supported', 'frontchannel_logout_supported', 'frontchannel_logout_session_supported',
    'id_token_encryption_alg_values_supported', 'id_token_encryption_enc_values_supported',
    'userinfo_encryption_alg_values_supported', 'userinfo_encryption_enc_values_supported',
    'introspection_encryption_alg_values_supported', 'introspection_encryption_enc_values_supported',
    'request_object_encryption_alg_values_supported', 'request_object_encryption_enc_values_supported',
    'pushed_authorization_request_endpoint',
    'check_session_iframe', 'device_authorization_endpoint', 'ui_locales_supported',
  ]; // prettier-ignore
  const metadata = await read('/.well-known/openid-configuration');
  expect(Object.keys(metadata).filter((name) => !known.includes(name))).toEqual([]);
  for (const value of Object.values(metadata)) expect(value).not.toEqual([]);
});

it('says the same by RFC 8414', async () => {
  expect(await read('/.well-known/oauth-authorization-server')).toEqual(
    await read('/.well-known/openid-configuration'),
  );
});

it('publishes public keys only, each with its own kid', async () => {
  const { keys } = (await read('/jwks')) as unknown as { keys: JWK[] };
  expect(keys.map(({ kty }) => kty)).toEqual(expect.arrayContaining(['RSA', 'EC', 'OKP']));
  const encrypting = keys.filter(({ use }) => use === 'enc').map(({ alg }) => alg);
  expect(encrypting.sort()).toEqual(['ECDH-ES', 'RSA-OAEP-256']);
  const kids = keys.map(({ kid }) => kid);
  expect(kids.every((kid) => typeof kid === 'string' && kid !== '')).toBe(true);
  expect(new Set(kids).size).toBe(keys.length);
  const secret = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
  for (const key of keys) expect(Object.keys(key).filter((member) => secret.includes(member))).toEqual([]);
});

it('tells browsers to stay with TLS', async () => {
  const answer = await fetch(`${house.issuer}/login`);
  expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
});
