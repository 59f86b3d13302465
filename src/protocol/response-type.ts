/** What an authorization response can hold; a response type is a set of these. */
export type ResponsePart = 'code' | 'id_token' | 'token';

/**
 * Every response type, in the order that their names are known by (OAuth 2.0 Multiple Response Type Encoding Practices §3
 * and §5, OpenID Connect Core §3). `none` is not among them: nobody learns anything from it.
 */
export const RESPONSE_TYPES = [
  'code',
  'id_token',
  'id_token token',
  'code id_token',
  'code token',
  'code id_token token',
  'token',
] as const;
export type ResponseType = (typeof RESPONSE_TYPES)[number];

/** How an answer travels (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode 1.0). */
export const RESPONSE_MODES = ['query', 'fragment', 'form_post'] as const;
export type ResponseMode = (typeof RESPONSE_MODES)[number];

const BY_SET = new Map(RESPONSE_TYPES.map((type) => [keyOf(type.split(' ')), type]));

/** The response type of this name; the order of its parts does not matter. Undefined for everything else. */
export function parseResponseType(name: string | undefined): ResponseType | undefined {
  return name === undefined ? undefined : BY_SET.get(keyOf(name.split(' ')));
}

export function includesPart(type: ResponseType, part: ResponsePart): boolean {
  return type.split(' ').includes(part);
}

/** The grant types that a client must have registered for a response type (OpenID Connect Registration §2). */
export function grantTypesOf(type: ResponseType): string[] {
  return [...(includesPart(type, 'code') ? ['authorization_code'] : []), ...(type === 'code' ? [] : ['implicit'])];
}

/** Whether answers of this type may travel so: a token never in the query, where logs and histories keep it. */
export function isModeFor(mode: ResponseMode, type: ResponseType | undefined): boolean {
  return mode !== 'query' || type === undefined || type === 'code';
}

/** How an answer travels when the request does not say; also the answer to a type that nobody knows. */
export function defaultResponseMode(type: ResponseType | undefined): ResponseMode {
  return type === undefined || type === 'code' ? 'query' : 'fragment';
}

function keyOf(parts: readonly string[]): string {
  return parts.toSorted().join(' ');
}
