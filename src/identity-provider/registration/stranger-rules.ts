import type { ClientMetadata, MetadataProblem } from '../../clients/client-metadata.js';
import { DEVICE_CODE, JWT_BEARER, TOKEN_EXCHANGE } from '../../protocol/grant-type.js';
import { parseResponseType, type ResponseType } from '../../protocol/response-type.js';
import { STANDARD_SCOPES } from '../../protocol/scope.js';
import type { PolicyPreset } from '../identity-provider.options.js';

/** What this provider serves strangers. */
export interface Served {
  grantTypes: readonly string[];
  authMethods: readonly string[];
  responseTypes: readonly ResponseType[];
  /** Request objects without a signature. */
  unsignedRequests: boolean;
}

/**
 * Members that ask for protection which is not to be had here: answers as JWTs (JARM), tokens that are bound to a key (RFC
 * 9449 §5.2) or a certificate (RFC 8705 §3.4). A client that asked for it and was not told no would get its answers readable
 * by all in between, its tokens usable by all who find them; every other member that we do not act on may be left out (RFC
 * 7591 §2).
 */
const PROTECTED_RESPONSES = /^authorization_(?:signed|encrypted)_response_(?:alg|enc)$/;
const BOUND_TOKENS = ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'];

/**
 * A client that acts for itself is somebody's program, so it is registered by people. A stranger's could not have a
 * resource's scope anyway, and a token without one would only mislead an API that looks at the audience alone. The same
 * holds for programs that turn others' tokens and assertions into tokens.
 */
const NOT_FOR_STRANGERS = ['client_credentials', TOKEN_EXCHANGE, JWT_BEARER];

/**
 * The grant types that strangers may register. A device's code can be sent to anybody (RFC 8628 §5.4), so who may ask for
 * one is decided by people, except where certification runs.
 */
export function openGrantTypes(served: readonly string[], preset: PolicyPreset): string[] {
  const closed = preset === 'secure' ? [...NOT_FOR_STRANGERS, DEVICE_CODE] : NOT_FOR_STRANGERS;
  return served.filter((grantType) => !closed.includes(grantType));
}

/** Why a stranger may not register this (RFC 7591 §2 and §5), beyond what holds for every client. */
export function strangerProblem(
  sent: Readonly<Record<string, unknown>>,
  metadata: ClientMetadata,
  served: Served,
): MetadataProblem | undefined {
  const invalid = (member: string, description: string): MetadataProblem => ({
    code: 'invalid_client_metadata',
    member,
    description: `${member}: ${description}`,
  });
  const unserved = Object.keys(sent).find((member) => PROTECTED_RESPONSES.test(member));
  if (unserved !== undefined) return invalid(unserved, 'authorization responses as JWTs are not supported');
  const binding = BOUND_TOKENS.find((member) => sent[member] === true);
  if (binding !== undefined) return invalid(binding, 'access tokens that are bound to a key are not issued');
  if (!served.authMethods.includes(metadata.token_endpoint_auth_method)) {
    return invalid('token_endpoint_auth_method', 'is not supported');
  }
  if (!metadata.grant_types.every((grantType) => served.grantTypes.includes(grantType))) {
    return invalid('grant_types', `one of them cannot be registered here; there are ${served.grantTypes.join(', ')}`);
  }
  const types = served.responseTypes;
  if (!metadata.response_types.every((name) => types.some((type) => type === parseResponseType(name)))) {
    return invalid('response_types', `one of them is not supported; there are ${types.join(', ')}`);
  }
  if (metadata.response_types.includes('code') && !metadata.grant_types.includes('authorization_code')) {
    return invalid('grant_types', 'authorization_code is needed for the response type code');
  }
  if (metadata.request_object_signing_alg === 'none' && !served.unsignedRequests) {
    return invalid('request_object_signing_alg', 'request objects must be signed');
  }
  const scopes: readonly string[] = STANDARD_SCOPES;
  const wanted = metadata.scope?.split(' ').filter((scope) => scope !== '') ?? [];
  if (!wanted.every((scope) => scopes.includes(scope))) {
    return invalid('scope', `a client that registers itself may have ${scopes.join(', ')}`);
  }
  return undefined;
}

/** PKCE is turned off for nobody who registers, except where certification runs without it: for confidential clients. */
export function requiresPkce(metadata: ClientMetadata, preset: PolicyPreset): boolean {
  return preset === 'secure' || metadata.token_endpoint_auth_method === 'none';
}
