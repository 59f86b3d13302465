// The same clients at both providers: what they may do, by the names of RFC 7591.
export const REDIRECT_URI = 'https://client.example.test/callback';
const SECRET_AUTH = 'client_secret_basic';

export const CLIENTS = {
  sso: { grant_types: ['authorization_code'], scope: 'openid profile' },
  refresh: { grant_types: ['authorization_code', 'refresh_token'], scope: 'openid' },
  machine: { grant_types: ['client_credentials'], scope: 'bench:read', response_types: [], redirect_uris: [] },
};

export function metadataOf(name) {
  return {
    client_name: `Bench ${name}`,
    redirect_uris: [REDIRECT_URI],
    response_types: ['code'],
    token_endpoint_auth_method: SECRET_AUTH,
    id_token_signed_response_alg: 'ES256',
    ...CLIENTS[name],
  };
}

export const MACHINE_RESOURCE = 'urn:bench:api';

export function basic(id, secret) {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}
