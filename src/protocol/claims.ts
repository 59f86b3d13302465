import { invalidRequest } from './oauth-error.js';

/** OpenID Connect Core §5.4: the claims each scope asks for. */
export const CLAIMS_BY_SCOPE: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website',
    'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at',
  ],
  email: ['email', 'email_verified'],
  address: ['address'],
  phone: ['phone_number', 'phone_number_verified'],
}; // prettier-ignore

/** The claims about a person that may be asked for one by one. */
export const USER_CLAIMS: readonly string[] = Object.values(CLAIMS_BY_SCOPE).flat();

const SCOPE_OF_CLAIM: ReadonlyMap<string, string> = new Map(
  Object.entries(CLAIMS_BY_SCOPE).flatMap(([scope, claims]) => claims.map((claim) => [claim, scope] as const)),
);

/** What is asked about one claim: null means "if you have it" (OpenID Connect Core §5.5.1). */
export type ClaimRequest = null | { essential?: boolean; value?: unknown; values?: unknown[] };

/** The parsed `claims` parameter (OpenID Connect Core §5.5). */
export interface ClaimsRequest {
  userinfo?: Record<string, ClaimRequest>;
  id_token?: Record<string, ClaimRequest>;
}

const LONGEST = 4096;
const MOST_CLAIMS = 100;

/**
 * Parses the `claims` parameter; members it does not know are ignored, as §5.5 says.
 * @throws OAuthError invalid_request when it is not the JSON that §5.5 describes, or unreasonably large.
 */
export function parseClaimsRequest(text: string | undefined): ClaimsRequest | undefined {
  if (text === undefined) return undefined;
  if (text.length > LONGEST) throw invalid(`is longer than ${LONGEST} characters`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid('is not JSON');
  }
  if (!isObject(parsed)) throw invalid('is not a JSON object');
  const request: ClaimsRequest = {};
  for (const target of ['userinfo', 'id_token'] as const) {
    if (parsed[target] === undefined) continue;
    request[target] = parseTarget(parsed[target], target);
  }
  return request;
}

function parseTarget(value: unknown, target: string): Record<string, ClaimRequest> {
  if (!isObject(value)) throw invalid(`has a member ${target} that is not an object`);
  const entries = Object.entries(value);
  if (entries.length > MOST_CLAIMS) throw invalid(`asks for more than ${MOST_CLAIMS} claims`);
  const claims = Object.create(null) as Record<string, ClaimRequest>;
  for (const [name, request] of entries) claims[name] = parseOne(request);
  return { ...claims };
}

function parseOne(request: unknown): ClaimRequest {
  if (request === null) return null;
  if (!isObject(request)) throw invalid('asks for a claim with something other than null or an object');
  const { essential, value, values } = request;
  if (essential !== undefined && typeof essential !== 'boolean')
    throw invalid('has an essential that is not a boolean');
  if (values !== undefined && !Array.isArray(values)) throw invalid('has values that are not an array');
  return {
    ...(essential === undefined ? {} : { essential }),
    ...(value === undefined ? {} : { value }),
    ...(values === undefined ? {} : { values: values as unknown[] }),
  };
}

/**
 * The scopes that hold what is asked for claim by claim: a person who is asked about the one is asked about the other, and
 * a client that may not have the scope may not have its claims.
 */
export function scopesBehind(request: ClaimsRequest | undefined): string[] {
  const names = Object.values(request ?? {}).flatMap((claims) => Object.keys(claims));
  return [...new Set(names.flatMap((name) => SCOPE_OF_CLAIM.get(name) ?? []))];
}

/** The request without claims about a person that none of these scopes holds. */
export function claimsWithin(request: ClaimsRequest, scopes: readonly string[]): ClaimsRequest {
  const permitted = (name: string) => scopes.includes(SCOPE_OF_CLAIM.get(name) ?? name) || !SCOPE_OF_CLAIM.has(name);
  return Object.fromEntries(
    Object.entries(request).map(([target, claims]) => [
      target,
      Object.fromEntries(Object.entries(claims).filter(([name]) => permitted(name))),
    ]),
  );
}

/** The values a claim must have when it is asked for with `value` or `values`; undefined: any. */
export function wantedValues(request: ClaimRequest | undefined): unknown[] | undefined {
  if (!request) return undefined;
  return request.value !== undefined ? [request.value] : request.values;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(problem: string) {
  return invalidRequest(`claims ${problem}`, 'claims');
}

/** Claims worth sending: no null, no empty text, no empty object (OpenID Connect Core §5.3.2). */
export function presentClaims(
  names: Iterable<string>,
  from: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const present: Record<string, unknown> = {};
  for (const name of names) {
    if (!Object.hasOwn(from, name)) continue;
    const value = from[name];
    if (value === null || value === undefined || value === '') continue;
    if (isObject(value) && Object.keys(value).length === 0) continue;
    present[name] = value;
  }
  return present;
}
