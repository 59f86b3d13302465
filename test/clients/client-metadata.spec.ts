import { clientMetadata, metadataProblem, registeredScopes } from '../../src/clients/client-metadata.js';

const RIGHT = { redirect_uris: ['https://rp.test/cb'] };
const RSA = { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(256, 0xff).toString('base64url') };

/** The member at fault, or undefined. */
function fault(change: Record<string, unknown>): string | undefined {
  const parsed = clientMetadata.safeParse({ ...RIGHT, ...change });
  return parsed.success ? metadataProblem(parsed.data)?.member : String(parsed.error.issues[0]!.path[0]);
}

it('fills in the defaults of RFC 7591', () => {
  expect(clientMetadata.parse(RIGHT)).toEqual({
    ...RIGHT,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    application_type: 'web',
    token_endpoint_auth_method: 'client_secret_basic',
    subject_type: 'public',
    id_token_signed_response_alg: 'RS256',
  });
});

it('DR-03 drops members that it does not know', () => {
  const stranger = { skip_consent: true, first_party: true, trusted: true, require_pkce: false, id: 'x', roles: ['a'] };
  expect(clientMetadata.parse({ ...RIGHT, ...stranger })).toEqual(clientMetadata.parse(RIGHT));
  const prototype = clientMetadata.parse(JSON.parse('{"redirect_uris":["https://rp.test/cb"],"__proto__":{"a":1}}'));
  expect(prototype).toEqual(clientMetadata.parse(RIGHT));
  expect(prototype).not.toHaveProperty('a');
});

it.each<[string, Record<string, unknown>]>([
  ['a native client', { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'com.example.app:/cb'] }],
  ['a machine', { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }],
  ['a public client', { token_endpoint_auth_method: 'none' }],
  ['a key by value', { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [RSA] } }],
  ['keys elsewhere', { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://rp.test/jwks' }],
  ['pages', { client_uri: 'https://rp.test', logo_uri: 'https://rp.test/l.png', tos_uri: 'https://rp.test/#terms' }],
  [
    'where logouts go',
    { backchannel_logout_uri: 'https://api.rp.test/out?a=b', frontchannel_logout_uri: 'https://rp.test/out?a=b' },
  ],
  ['where logins begin', { initiate_login_uri: 'https://rp.test/login' }],
  ['HMAC assertions', { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'HS256' }],
])('takes %s', (_, change) => {
  expect(fault(change)).toBeUndefined();
});

const URI_MEMBERS = [
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'jwks_uri',
  'sector_identifier_uri',
  'initiate_login_uri',
  'backchannel_logout_uri',
  'frontchannel_logout_uri',
];
const BAD_URIS = [
  'javascript:alert(1)',
  'JaVaScRiPt:x',
  'data:text/html,x',
  'file:///etc/passwd',
  'gopher://x',
  'http://rp.test/',
];

it.each(URI_MEMBERS.flatMap((member) => BAD_URIS.map((uri) => [member, uri])))('DR-05 refuses %s %s', (member, uri) => {
  expect(fault({ [member]: uri })).toBe(member);
});

it.each(BAD_URIS)('DR-05 refuses the redirect URI %s', (uri) => {
  expect(fault({ redirect_uris: [uri] })).toBe('redirect_uris');
  expect(fault({ post_logout_redirect_uris: [uri] })).toBe('post_logout_redirect_uris');
});

it.each<[string, string, Record<string, unknown>]>([
  ['RU-08 a fragment', 'redirect_uris', { redirect_uris: ['https://rp.test/cb#x'] }],
  ['a fragment that no server sees', 'backchannel_logout_uri', { backchannel_logout_uri: 'https://rp.test/#x' }],
  ['a fragment in a frame', 'frontchannel_logout_uri', { frontchannel_logout_uri: 'https://rp.test/#x' }],
  ['a frame of another host', 'frontchannel_logout_uri', { frontchannel_logout_uri: 'https://www.rp.test/out' }],
  ['a frame of another port', 'frontchannel_logout_uri', { frontchannel_logout_uri: 'https://rp.test:8443/out' }],
  ['RU-20 a wildcard', 'redirect_uris', { redirect_uris: ['https://*.rp.test/'] }],
  ['no redirect URI', 'redirect_uris', { redirect_uris: [] }],
  ['DR-07 a redirect URI that is null', 'redirect_uris', { redirect_uris: [null] }],
  ['DR-07 a hole', 'redirect_uris', { redirect_uris: Array(3) }],
  ['DR-07 an object', 'redirect_uris', { redirect_uris: { 0: 'https://rp.test/cb' } }],
  ['DR-07 ten thousand', 'redirect_uris', { redirect_uris: Array(10_000).fill('https://rp.test/cb') }],
  ['DR-07 a name of 1 MB', 'client_name', { client_name: 'x'.repeat(1_000_000) }],
  ['DR-07 a name that is an object', 'client_name', { client_name: { toString: 'x' } }],
  ['AZ-34 a name with a right-to-left override', 'client_name', { client_name: 'Bank\u202e' }],
  ['AZ-34 a name with a line break', 'client_name', { client_name: 'Bank\nof' }],
  ['an empty name', 'client_name', { client_name: ' ' }],
  ['DR-06 jwks and jwks_uri', 'jwks', { jwks: { keys: [RSA] }, jwks_uri: 'https://rp.test/jwks' }],
  ['DR-06 a private key', 'jwks', { jwks: { keys: [{ ...RSA, d: 'AQ' }] } }],
  ['DR-06 1024 bits', 'jwks', { jwks: { keys: [{ ...RSA, n: Buffer.alloc(128, 0xff).toString('base64url') }] } }],
  ['DR-06 an exponent of 1', 'jwks', { jwks: { keys: [{ ...RSA, e: 'AQ' }] } }],
  ['DR-06 an exponent that costs', 'jwks', { jwks: { keys: [{ ...RSA, e: Buffer.alloc(33, 1).toString('base64url') }] } }],
  ['DR-06 a symmetric key', 'jwks', { jwks: { keys: [{ kty: 'oct', k: 'AQ' }] } }],
  ['no keys', 'jwks', { jwks: { keys: [] } }],
  ['KC-02 a weak curve', 'jwks', { jwks: { keys: [{ kty: 'EC', crv: 'P-192', x: 'AQ', y: 'AQ' }] } }],
  ['no key to prove itself with', 'token_endpoint_auth_method', { token_endpoint_auth_method: 'private_key_jwt' }],
  ['an unknown method', 'token_endpoint_auth_method', { token_endpoint_auth_method: '__proto__' }],
  ['alg none', 'id_token_signed_response_alg', { id_token_signed_response_alg: 'none' }],
  ['HS256 for ID tokens', 'id_token_signed_response_alg', { id_token_signed_response_alg: 'HS256' }],
  ['RS256 for HMAC', 'token_endpoint_auth_signing_alg', { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'RS256' }],
  ['a public machine', 'grant_types', { token_endpoint_auth_method: 'none', grant_types: ['client_credentials', 'authorization_code'] }],
  ['code without its response type', 'response_types', { response_types: ['id_token'] }],
  ['a negative default_max_age', 'default_max_age', { default_max_age: -1 }],
  ['pairwise over two hosts', 'sector_identifier_uri', { subject_type: 'pairwise', redirect_uris: ['https://a.test/', 'https://b.test/'] }],
  ['initiate_login_uri on loopback', 'initiate_login_uri', { initiate_login_uri: 'http://localhost/login' }],
])('refuses %s', (_, member, change) => {
  expect(fault(change)).toBe(member);
}); // prettier-ignore

it.each([
  [undefined, ['openid', 'profile', 'email', 'address', 'phone', 'offline_access']],
  ['', []],
  ['a  b', ['a', 'b']],
])('registeredScopes of %j', (scope, scopes) => {
  expect(registeredScopes(clientMetadata.parse({ ...RIGHT, scope }))).toEqual(scopes);
});
