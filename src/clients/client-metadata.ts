import { z } from 'zod';
import {
  CONTENT_ENCRYPTION_ALGORITHMS,
  isEncryptionKey,
  KEY_MANAGEMENT_ALGORITHMS,
} from '../protocol/encryption-algorithm.js';
import { SIGNING_ALGORITHMS } from '../protocol/signing-algorithm.js';
import { JWT_BEARER, TOKEN_EXCHANGE } from '../protocol/grant-type.js';
import { type OAuthErrorCode } from '../protocol/oauth-error.js';
import { isLoopbackHost, redirectUriProblem } from '../protocol/redirect-uri.js';
import { grantTypesOf, parseResponseType } from '../protocol/response-type.js';
import { STANDARD_SCOPES } from '../protocol/scope.js';
import { jwkProblem, knownMembers } from './public-jwk.js';

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

/** Algorithms of request objects that are signed; `none` may be registered where unsigned ones are accepted. */
export const REQUEST_OBJECT_ALGORITHMS = ASSERTION_ALGORITHMS;

/** OpenID Connect Core §8. */
export const SUBJECT_TYPES = ['public', 'pairwise'] as const;

/** What only a client that proves who it is may have: nothing else in these grants tells who asks. */
const CONFIDENTIAL_GRANT_TYPES = ['client_credentials', TOKEN_EXCHANGE, JWT_BEARER];

const MOST_URIS = 50;
/** RFC 6749 §3.3, several scopes with one or more spaces between. */
const SCOPES = /^[\x20\x21\x23-\x5B\x5D-\x7E]*$/;
/** RFC 3986 §3.5. */
const FRAGMENT = /^[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*$/;
/** With the flag u a surrogate matches only without its other half, which PostgreSQL does not take. */
const NO_TEXT = /[\p{Cc}\p{Bidi_Control}\p{Surrogate}]/u;

const text = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((value) => !NO_TEXT.test(value), 'has a control character');

/** A URL that people or we ourselves open: https, or http on loopback for development. Never a script. */
export const webUrl = z.string().max(2000).refine(isWebUrl, 'is not an https URL');
const httpsUrl = webUrl.refine((value) => value.startsWith('https:'), 'is not an https URL');
/** Where a request goes to: what stands behind a `#` never leaves the browser. */
const requestUrl = webUrl.refine((value) => !value.includes('#'), 'has a fragment');

const jwk = z
  .looseObject({
    kty: z.string(),
    kid: text(200).optional(),
    use: text(50).optional(),
    alg: text(50).optional(),
    key_ops: z.array(text(50)).max(10).optional(),
  })
  .transform((key, context) => {
    const problem = jwkProblem(key);
    if (problem === undefined) return knownMembers(key);
    context.addIssue(problem);
    return z.NEVER;
  });
export const clientJwks = z.object({ keys: z.array(jwk).min(1).max(20) });

const keyManagement = z.enum(KEY_MANAGEMENT_ALGORITHMS).optional();
const contentEncryption = z.enum(CONTENT_ENCRYPTION_ALGORITHMS).optional();

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
  scope: z.string().max(4096).regex(SCOPES, 'has a character it may not have').optional(),
  contacts: z.array(text(200)).max(20).optional(),
  client_uri: webUrl.optional(),
  logo_uri: webUrl.optional(),
  policy_uri: webUrl.optional(),
  tos_uri: webUrl.optional(),
  jwks_uri: webUrl.optional(),
  jwks: clientJwks.optional(),
  sector_identifier_uri: httpsUrl.optional(),
  subject_type: z.enum(SUBJECT_TYPES).default('public'),
  id_token_signed_response_alg: z.enum(SIGNING_ALGORITHMS).default('RS256'),
  userinfo_signed_response_alg: z.enum(SIGNING_ALGORITHMS).optional(),
  introspection_signed_response_alg: z.enum(SIGNING_ALGORITHMS).optional(),
  id_token_encrypted_response_alg: keyManagement,
  id_token_encrypted_response_enc: contentEncryption,
  userinfo_encrypted_response_alg: keyManagement,
  userinfo_encrypted_response_enc: contentEncryption,
  introspection_encrypted_response_alg: keyManagement,
  introspection_encrypted_response_enc: contentEncryption,
  request_object_encryption_alg: keyManagement,
  request_object_encryption_enc: contentEncryption,
  request_uris: z.array(webUrl).max(MOST_URIS).optional(),
  request_object_signing_alg: z.enum([...REQUEST_OBJECT_ALGORITHMS, 'none']).optional(),
  require_signed_request_object: z.boolean().optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  default_max_age: z.int().min(0).optional(),
  require_auth_time: z.boolean().optional(),
  default_acr_values: z.array(text(200)).max(20).optional(),
  initiate_login_uri: httpsUrl.optional(),
  backchannel_logout_uri: requestUrl.optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  frontchannel_logout_uri: requestUrl.optional(),
  frontchannel_logout_session_required: z.boolean().optional(),
  software_id: text(200).optional(),
  software_version: text(200).optional(),
});

function isWebUrl(value: string): boolean {
  const [address, fragment = '', ...more] = value.split('#');
  return more.length === 0 && FRAGMENT.test(fragment) && redirectUriProblem(address, 'web') === undefined;
}

export type ClientMetadata = z.infer<typeof clientMetadata>;

/** Why metadata were refused: the code of RFC 7591 §3.2.2 and a sentence that names the member. */
export interface MetadataProblem {
  code: Extract<OAuthErrorCode, 'invalid_redirect_uri' | 'invalid_client_metadata'>;
  member: string;
  description: string;
}

const invalid = (member: string, description: string): MetadataProblem => ({
  code: 'invalid_client_metadata',
  member,
  description: `${member}: ${description}`,
});

/** Whether redirect URIs, grant types and response types go together (OpenID Connect Registration §2, RFC 7591 §2.1). */
function flowProblem(metadata: ClientMetadata): MetadataProblem | undefined {
  const { grant_types: grantTypes, response_types: responseTypes, redirect_uris: redirectUris } = metadata;
  const isImplicit = grantTypes.includes('implicit');
  const badRedirect = (description: string): MetadataProblem => ({
    ...invalid('redirect_uris', description),
    code: 'invalid_redirect_uri',
  });
  if ((isImplicit || grantTypes.includes('authorization_code')) && redirectUris.length === 0) {
    return badRedirect('at least one is needed');
  }
  if (isImplicit && metadata.application_type === 'web' && !redirectUris.every(isPublicHttps)) {
    return badRedirect('a web client with the grant type implicit has https only, and no localhost');
  }
  for (const name of responseTypes) {
    const type = parseResponseType(name);
    if (type === undefined) return invalid('response_types', 'one of them is unknown');
    // `code` is what a client has that says nothing, also one that never goes to the authorization endpoint.
    const needed = type === 'code' ? [] : grantTypesOf(type);
    const missing = needed.find((grantType) => !grantTypes.includes(grantType));
    if (missing !== undefined) return invalid('response_types', `${type} needs the grant type ${missing}`);
  }
  const hasCode = responseTypes.some((name) => name.split(' ').includes('code'));
  if (grantTypes.includes('authorization_code') && responseTypes.length > 0 && !hasCode) {
    return invalid('response_types', 'one with code is needed for the grant type authorization_code');
  }
  return undefined;
}

function isPublicHttps(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol === 'https:' && !isLoopbackHost(hostname);
}

/** Whether the client's request objects could be proved (OpenID Connect Registration §2, RFC 9101 §10.5). */
function requestObjectProblem(metadata: ClientMetadata): MetadataProblem | undefined {
  const { request_object_signing_alg: algorithm, require_signed_request_object: required } = metadata;
  const hasKeys = metadata.jwks !== undefined || metadata.jwks_uri !== undefined;
  const sharesSecret = metadata.token_endpoint_auth_method === 'client_secret_jwt';
  if (algorithm === 'HS256' && !sharesSecret) {
    return invalid('request_object_signing_alg', 'HS256 is for clients with client_secret_jwt');
  }
  if (algorithm !== undefined && algorithm !== 'HS256' && algorithm !== 'none' && !hasKeys) {
    return invalid('request_object_signing_alg', 'needs jwks or jwks_uri');
  }
  if (required && algorithm === 'none') return invalid('request_object_signing_alg', 'must not be none');
  if (required && !hasKeys && !sharesSecret) return invalid('require_signed_request_object', 'needs jwks or jwks_uri');
  return undefined;
}

const ENCRYPTED_RESPONSES = ['id_token', 'userinfo', 'introspection'] as const;

/** Whether what the client wants encrypted could be: it needs a key for that (OpenID Connect Core §10.2). */
function encryptionProblem(metadata: ClientMetadata): MetadataProblem | undefined {
  const { jwks, jwks_uri: url } = metadata;
  for (const what of ENCRYPTED_RESPONSES) {
    const member = `${what}_encrypted_response_alg` as const;
    const algorithm = metadata[member];
    if (metadata[`${what}_encrypted_response_enc`] && !algorithm) return invalid(member, 'is needed beside the enc');
    if (algorithm && url === undefined && !jwks?.keys.some((key) => isEncryptionKey(key, algorithm))) {
      return invalid(member, `needs a key for ${algorithm} in jwks, or jwks_uri`);
    }
  }
  if (metadata.request_object_encryption_enc && !metadata.request_object_encryption_alg) {
    return invalid('request_object_encryption_alg', 'is needed beside the enc');
  }
  return undefined;
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
  const flow = flowProblem(metadata);
  if (flow) return flow;
  if (metadata.jwks && metadata.jwks_uri) return invalid('jwks', 'jwks and jwks_uri exclude each other');
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
  const problem = requestObjectProblem(metadata) ?? encryptionProblem(metadata);
  if (problem) return problem;
  const forbidden = metadata.grant_types.find((grantType) => CONFIDENTIAL_GRANT_TYPES.includes(grantType));
  if (metadata.token_endpoint_auth_method === 'none' && forbidden !== undefined) {
    return invalid('grant_types', `a public client cannot have ${forbidden}`);
  }
  if (metadata.frontchannel_logout_uri && !isOnRedirectOrigin(metadata.frontchannel_logout_uri, metadata)) {
    return invalid('frontchannel_logout_uri', 'must have the scheme, host and port of a redirect URI');
  }
  if (metadata.subject_type === 'pairwise' && sectorOf(metadata) === undefined) {
    return invalid(
      'sector_identifier_uri',
      "is needed for pairwise subjects unless all redirect URIs have one host that is the client's own",
    );
  }
  return undefined;
}

/** Front-Channel Logout 1.0 §2: nobody puts a page of another site into our signed-out page. */
function isOnRedirectOrigin(uri: string, { redirect_uris: redirectUris }: ClientMetadata): boolean {
  const { origin } = new URL(uri);
  return redirectUris.some((redirectUri) => new URL(redirectUri).origin === origin);
}

/**
 * The host whose clients see one and the same pairwise subject (OpenID Connect Core §8.1): that of the sector identifier
 * URI, else the one host of all redirect URIs. A private scheme has none, and a native client's loopback address is
 * everybody's: undefined.
 */
export function sectorOf(metadata: ClientMetadata): string | undefined {
  if (metadata.sector_identifier_uri) return new URL(metadata.sector_identifier_uri).hostname;
  const urls = metadata.redirect_uris.map((uri) => new URL(uri));
  const [host, ...more] = new Set(urls.map(({ hostname }) => hostname));
  if (host === undefined || more.length > 0 || !urls.every(({ protocol }) => /^https?:$/.test(protocol)))
    return undefined;
  return metadata.application_type === 'native' && isLoopbackHost(host) ? undefined : host;
}

/** The scopes a client may ask for: those it registered, else the standard ones. */
export function registeredScopes(metadata: ClientMetadata): readonly string[] {
  return metadata.scope === undefined ? STANDARD_SCOPES : metadata.scope.split(' ').filter((scope) => scope !== '');
}
