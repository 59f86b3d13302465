import type { Client } from '../clients/client.js';
import {
  grantTypesOf,
  parseResponseType,
  RESPONSE_MODES,
  RESPONSE_TYPES,
  type ResponseMode,
  type ResponseType,
} from '../protocol/response-type.js';
import type { PolicyPreset } from './identity-provider.options.js';

/**
 * What OAuth 2.1 left behind: tokens in the front channel, answers outside the query (RFC 9700 §2.1.2). The preset
 * `certification` serves them to every client that registered for them, `secure` to those alone that the operator exempted.
 */
export function servesOlderFlows({ policy }: Client, preset: PolicyPreset): boolean {
  return preset === 'certification' || policy.olderFlows;
}

/** Whether the client registered the response type, and the grant types that go with it (OpenID Connect Registration §2). */
export function isRegisteredType(type: ResponseType, { metadata }: Client): boolean {
  return (
    metadata.response_types.some((name) => parseResponseType(name) === type) &&
    grantTypesOf(type).every((grantType) => metadata.grant_types.includes(grantType))
  );
}

/** What discovery and registration offer to everybody. */
export function servedResponseTypes(preset: PolicyPreset): readonly ResponseType[] {
  return preset === 'certification' ? RESPONSE_TYPES : ['code'];
}

export function servedResponseModes(preset: PolicyPreset): readonly ResponseMode[] {
  return preset === 'certification' ? RESPONSE_MODES : ['query'];
}

/** Grant types that no token endpoint serves: what a client registers for tokens in the front channel. */
export function frontChannelGrantTypes(preset: PolicyPreset): readonly string[] {
  return preset === 'certification' ? ['implicit'] : [];
}
