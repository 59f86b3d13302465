import { clientMetadata } from '../../src/clients/client-metadata.js';
import { type Client, DEFAULT_POLICY } from '../../src/clients/client.js';
import type { Resource } from '../../src/clients/resources.js';
import { parseAuthorizationRequest, stateOf } from '../../src/identity-provider/authorize/authorization-request.js';
import { Parameters } from '../../src/protocol/parameters.js';

const TARGET = { clientId: 'rp', redirectUri: 'https://rp.test/cb', responseMode: 'query' } as const;
const CHALLENGE = 'c'.repeat(43);
const RESOURCES: Resource[] = [{ audience: 'urn:orders', scopes: ['orders:read'], tokenFormat: 'jwt' }];

function client(metadata: Record<string, unknown> = {}, policy: Partial<Client['policy']> = {}): Client {
  return {
    id: 'rp',
    metadata: clientMetadata.parse({ redirect_uris: [TARGET.redirectUri], scope: 'openid profile orders:read', ...metadata }),
    policy: { ...DEFAULT_POLICY, ...policy },
    disabled: false,
    registeredAt: 0,
    position: '1.0',
  }; // prettier-ignore
}

const RIGHT = { response_type: 'code', scope: 'openid', code_challenge: CHALLENGE, code_challenge_method: 'S256' };

function parse(change: Record<string, string | undefined>, by = client(), more = '') {
  const fields = Object.entries({ ...RIGHT, ...change }).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(fields as [string, string][]).toString() + more;
  return parseAuthorizationRequest(Parameters.parse(text), TARGET, { client: by, resources: RESOURCES, preset: 'secure' });
} // prettier-ignore

it('reads everything a request may say', () => {
  expect(
    parse({
      scope: 'openid profile',
      nonce: 'n',
      prompt: 'login consent',
      max_age: '0',
      acr_values: 'a  b',
      claims: '{"userinfo":{"name":null}}',
      login_hint: 'alice',
      id_token_hint: 'x.y.z',
      resource: 'urn:orders',
      display: 'popup',
      ui_locales: 'de fr',
      unknown: 'ignored',
    }),
  ).toEqual({
    ...TARGET,
    responseType: 'code',
    scopes: ['openid', 'profile'],
    resources: ['urn:orders'],
    prompt: ['login', 'consent'],
    acrValues: ['a', 'b'],
    nonce: 'n',
    codeChallenge: CHALLENGE,
    maxAgeSeconds: 0,
    claims: { userinfo: { name: null } },
    loginHint: 'alice',
    uiLocales: ['de', 'fr'],
    idTokenHint: 'x.y.z',
  });
});

it.each<[string, Record<string, string | undefined>, string]>([
  ['no response_type', { response_type: undefined }, 'invalid_request'],
  ['AZ-02 response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
  ['AZ-03 code token', { response_type: 'code token' }, 'unsupported_response_type'],
  ['AZ-03 id_token token', { response_type: 'id_token token' }, 'unsupported_response_type'],
  ['AZ-03 code id_token token', { response_type: 'code id_token token' }, 'unsupported_response_type'],
  ['AZ-03 id_token', { response_type: 'id_token' }, 'unsupported_response_type'],
  ['AZ-04 spaces at the end', { response_type: 'code  ' }, 'unsupported_response_type'],
  ['AZ-04 code code', { response_type: 'code code' }, 'unsupported_response_type'],
  ['AZ-04 CODE', { response_type: 'CODE' }, 'unsupported_response_type'],
  ['AZ-04 code none', { response_type: 'code none' }, 'unsupported_response_type'],
  ['a prototype name', { response_type: '__proto__' }, 'unsupported_response_type'],
  ['AZ-10 a scope that is not the client’s', { scope: 'openid admin:write' }, 'invalid_scope'],
  ['AZ-11 a quote in the scope', { scope: 'openid"\\' }, 'invalid_scope'],
  ['AZ-12 a bomb of scopes', { scope: 'a'.repeat(50_000) }, 'invalid_scope'],
  ['AZ-15 prompt', { prompt: 'none login' }, 'invalid_request'],
  ['AZ-24 fragment', { response_mode: 'fragment' }, 'invalid_request'],
  ['AZ-24 form_post', { response_mode: 'form_post' }, 'invalid_request'],
  ['AZ-24 web_message', { response_mode: 'web_message' }, 'invalid_request'],
  ['AZ-24 bogus', { response_mode: 'bogus' }, 'invalid_request'],
  ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
  ['a max_age that is no number', { max_age: '1e3' }, 'invalid_request'],
  ['AZ-36 claims', { claims: '[]' }, 'invalid_request'],
  ['AZ-38 a resource with a fragment', { resource: 'urn:orders#x' }, 'invalid_target'],
  ['AZ-38 an unknown resource', { resource: 'urn:other' }, 'invalid_target'],
  ['PK-01 PK-02 no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['PK-03 plain', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['PK-03 plain by default', { code_challenge_method: undefined }, 'invalid_request'],
  ['PK-05 s256', { code_challenge_method: 's256' }, 'invalid_request'],
  ['PK-05 S512', { code_challenge_method: 'S512' }, 'invalid_request'],
  ['PK-05 a space at the end', { code_challenge_method: 'S256 ' }, 'invalid_request'],
  ['PK-05 a method without a challenge', { code_challenge: undefined }, 'invalid_request'],
  ['PK-06 42 characters', { code_challenge: 'c'.repeat(42) }, 'invalid_request'],
  ['PK-06 129 characters', { code_challenge: 'c'.repeat(129) }, 'invalid_request'],
  ['PK-06 padding', { code_challenge: `${'c'.repeat(42)}=` }, 'invalid_request'],
  ['PK-06 plus', { code_challenge: `${'c'.repeat(42)}+` }, 'invalid_request'],
  ['PK-06 empty', { code_challenge: '' }, 'invalid_request'],
  ['a nonce of 3 KB', { nonce: 'n'.repeat(3000) }, 'invalid_request'],
  ['registration', { registration: '{}' }, 'registration_not_supported'],
])('refuses %s', (_, change, code) => {
  expect(() => parse(change)).toThrow(expect.objectContaining({ code }));
});

it.each(['scope', 'nonce', 'response_type', 'prompt', 'state', 'unheard_of'])('refuses %s sent twice', (name) => {
  expect(() => parse({}, client(), `&${name}=x&${name}=x`)).toThrow(
    expect.objectContaining({ code: 'invalid_request', parameter: name }),
  );
});

it('lets a resource be named twice', () => {
  expect(parse({}, client(), '&resource=urn%3Aorders&resource=urn%3Aorders').resources).toEqual(['urn:orders']);
});

describe('what the client registered', () => {
  it('decides about response types', () => {
    expect(() => parse({}, client({ response_types: [], grant_types: ['client_credentials'] }))).toThrow(
      expect.objectContaining({ code: 'unauthorized_client' }),
    );
    expect(() => parse({}, client({ grant_types: ['refresh_token'] }))).toThrow(
      expect.objectContaining({ code: 'unauthorized_client' }),
    );
  });

  it('gives the defaults of max_age and acr_values', () => {
    const registered = client({ default_max_age: 60, default_acr_values: ['x'] });
    expect(parse({}, registered)).toMatchObject({ maxAgeSeconds: 60, acrValues: ['x'] });
    expect(parse({ max_age: '5', acr_values: 'y' }, registered)).toMatchObject({ maxAgeSeconds: 5, acrValues: ['y'] });
  });

  it('PK-02 may exempt a confidential client from PKCE, never a public one', () => {
    const none = { code_challenge: undefined, code_challenge_method: undefined };
    expect(parse(none, client({}, { requirePkce: false })).codeChallenge).toBeUndefined();
    expect(() => parse(none, client({ token_endpoint_auth_method: 'none' }, { requirePkce: false }))).toThrow(
      expect.objectContaining({ code: 'invalid_request', parameter: 'code_challenge' }),
    );
  });

  it('DR-03 gives a stranger no scope of a resource', () => {
    expect(parse({ scope: 'orders:read' }).scopes).toEqual(['orders:read']);
    expect(() => parse({ scope: 'orders:read' }, client({}, { dynamic: true }))).toThrow(
      expect.objectContaining({ code: 'invalid_scope' }),
    );
  });

  it('DR-03 lets a stranger name no resource', () => {
    expect(() => parse({ resource: 'urn:orders' }, client({}, { dynamic: true }))).toThrow(
      expect.objectContaining({ code: 'invalid_target' }),
    );
  });

  it('lets a client without scopes ask for the standard ones', () => {
    expect(parse({ scope: 'openid email offline_access' }, client({ scope: undefined })).scopes).toHaveLength(3);
  });
});

it('a state that cannot be returned is an error: without it the client would not believe the answer', () => {
  expect(() => parse({ state: 's'.repeat(8193) })).toThrow(expect.objectContaining({ parameter: 'state' }));
});

it.each([
  ['state=x', 'x'],
  ['state=a+b%26', 'a b&'],
  ['', undefined],
  ['state=', undefined],
  ['state=a&state=b', undefined],
  [`state=${'s'.repeat(8193)}`, undefined],
  [`state=${'s'.repeat(4096)}`, 's'.repeat(4096)],
])('stateOf(%j)', (query, state) => {
  expect(stateOf(Parameters.parse(query))).toBe(state);
});
