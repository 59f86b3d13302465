import { z } from 'zod';
import { SIGNING_ALGORITHMS } from '../protocol/signing-algorithm.js';
import { type OAuthErrorCode } from '../protocol/oauth-error.js';
import { redirectUriProblem } from '../protocol/redirect-uri.js';
import { STANDARD_SCOPES } from '../protocol/scope.js';

export const CLIENT_AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
] as const;
export type ClientAuthMethod = (typeof CLIENT_AUTH_METHODS)[number];

/** Algorithms a client may sign its assertions with: asymmetric ones, and HS256 for `client_secret_jwt`. */
export const ASSERTION_ALGORITHMS = [...SIGNING_ALGORITHMS, 'HS256'] as const;

const MOST_URIS = 50;
const CONTROL_OR_BIDI = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => !CONTROL_OR_BIDI.test(value), 'has a control character');

/** A URL that people or we ourselves open: https, or http on loopback for development. Never a script. */
const webUrl = z
  .string()
  .max(2000)
  .refine((value) => redirectUriProblem(value.split('#', 1)[0], 'web') === undefined, 'is not an https URL');
const httpsUrl = webUrl.refine((value) => value.startsWith('https:'), 'is not an https URL');

const jwks = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(20),
});

/**
 * A client's metadata by the names of RFC 7591 §2, OpenID Connect Registration §2 and the logout specifications.
 * Unknown members are dropped, so nobody can slip in a member that we might give a meaning later.
 */
export const clientMetadata = z.object({
  client_name: text(200).optional(),
  redirect_uris: z.array(z.string()).max(MOST_URIS).default([]),
  post_logout_redirect_uris: z.array(z.string()).max(MOST_URIS).optional(),
  grant_types: z.array(text(200)).max(20).default(['authorization_code']),
  response_types: z.array(text(50)).max(10).default(['code']),
  application_type: z.enum(['web', 'native']).default('web'),
  token_endpoint_auth_method: z.enum(CLIENT_AUTH_METHODS).default('client_secret_basic'),
  token_endpoint_auth_signing_alg: z.enum(ASSERTION_ALGORITHMS).optional(),
  scope: z.string().max(4096).optional(),
  contacts: z.array(text(200)).max(20).optional(),
  client_uri: webUrl.optional(),
  logo_uri: webUrl.optional(),
  policy_uri: webUrl.optional(),
  tos_uri: webUrl.optional(),
  jwks_uri: webUrl.optional(),
  jwks: jwks.optional(),
  sector_identifier_uri: httpsUrl.optional(),
  subject_type: z.enum(['public', 'pairwise']).default('public'),
  id_token_signed_response_alg: z.enum(SIGNING_ALGORITHMS).default('RS256'),
  userinfo_signed_response_alg: z.enum(SIGNING_ALGORITHMS).optional(),
  introspection_signed_response_alg: z.enum(SIGNING_ALGORITHMS).optional(),
  default_max_age: z.int().min(0).optional(),
  require_auth_time: z.boolean().optional(),
  default_acr_values: z.array(text(200)).max(20).optional(),
  initiate_login_uri: httpsUrl.optional(),
  backchannel_logout_uri: webUrl.optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  software_id: text(200).optional(),
  software_version: text(200).optional(),
});

export type ClientMetadata = z.infer<typeof clientMetadata>;

/** Why metadata were refused: the code of RFC 7591 §3.2.2 and a sentence that names the member. */
export interface MetadataProblem {
  code: Extract<OAuthErrorCode, 'invalid_redirect_uri' | 'invalid_client_metadata'>;
  member: string;
  description: string;
}

/** What the members must be together; undefined when they fit. */
export function metadataProblem(metadata: ClientMetadata): MetadataProblem | undefined {
  for (const member of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    for (const uri of metadata[member] ?? []) {
      const problem = redirectUriProblem(uri, metadata.application_type);
      if (problem) {
        const code = member === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata';
        return { code, member, description: `${member}: one of them ${problem}` };
      }
    }
  }
  const invalid = (member: string, description: string): MetadataProblem => ({
    code: 'invalid_client_metadata',
    member,
    description: `${member}: ${description}`,
  });
  const usesRedirects = metadata.grant_types.includes('authorization_code');
  if (usesRedirects && metadata.redirect_uris.length === 0) {
    return {
      code: 'invalid_redirect_uri',
      member: 'redirect_uris',
      description: 'redirect_uris: at least one is needed',
    };
  }
  if (
    usesRedirects !== metadata.response_types.includes('code') &&
    metadata.response_types.length > 0 &&
    usesRedirects
  ) {
    return invalid('response_types', 'code is needed for the grant type authorization_code');
  }
  if (metadata.jwks && metadata.jwks_uri) return invalid('jwks', 'jwks and jwks_uri exclude each other');
  const badKey = metadata.jwks?.keys.map(keyProblem).find((problem) => problem !== undefined);
  if (badKey) return invalid('jwks', badKey);
  if (metadata.token_endpoint_auth_method === 'private_key_jwt' && !metadata.jwks && !metadata.jwks_uri) {
    return invalid('token_endpoint_auth_method', 'private_key_jwt needs jwks or jwks_uri');
  }
  const assertionAlgorithm = metadata.token_endpoint_auth_signing_alg;
  if (
    assertionAlgorithm &&
    (metadata.token_endpoint_auth_method === 'client_secret_jwt') !== (assertionAlgorithm === 'HS256')
  ) {
    return invalid('token_endpoint_auth_signing_alg', 'does not fit token_endpoint_auth_method');
  }
  if (metadata.token_endpoint_auth_method === 'none' && metadata.grant_types.includes('client_credentials')) {
    return invalid('grant_types', 'a public client cannot have client_credentials');
  }
  if (
    metadata.subject_type === 'pairwise' &&
    !metadata.sector_identifier_uri &&
    hosts(metadata.redirect_uris).size > 1
  ) {
    return invalid('sector_identifier_uri', 'is needed for pairwise subjects when redirect URIs have several hosts');
  }
  return undefined;
}

/** A key of a client must be public, asymmetric and strong. */
function keyProblem(jwk: Record<string, unknown>): string | undefined {
  if (jwk['kty'] === 'oct') return 'a symmetric key is no public key';
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some((member) => member in jwk)) return 'a key has private members';
  if (jwk['kty'] === 'RSA') {
    const modulus = typeof jwk['n'] === 'string' ? Buffer.from(jwk['n'], 'base64url').length * 8 : 0;
    if (modulus < 2048) return 'an RSA key has fewer than 2048 bits';
  }
  return undefined;
}

export function hosts(uris: readonly string[]): Set<string> {
  return new Set(uris.flatMap((uri) => (URL.canParse(uri) ? [new URL(uri).host] : [])));
}

/** The scopes a client may ask for: those it registered, else the standard ones. */
export function registeredScopes(metadata: ClientMetadata): readonly string[] {
  return metadata.scope === undefined ? STANDARD_SCOPES : metadata.scope.split(' ').filter((scope) => scope !== '');
}
