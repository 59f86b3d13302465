import { checkResources } from '../../authorizations/audience.js';
import { registeredScopes } from '../../clients/client-metadata.js';
import { type Client, isPublic } from '../../clients/client.js';
import type { Resource } from '../../clients/resources.js';
import { type ClaimsRequest, claimsWithin, parseClaimsRequest, scopesBehind } from '../../protocol/claims.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { isCodeChallenge } from '../../protocol/pkce.js';
import { parsePrompt, type Prompt } from '../../protocol/prompt.js';
import {
  defaultResponseMode,
  includesPart,
  isModeFor,
  parseResponseType,
  RESPONSE_MODES,
  type ResponseMode,
  type ResponseType,
} from '../../protocol/response-type.js';
import { invalidScope, isCovered, parseScope } from '../../protocol/scope.js';
import type { PolicyPreset } from '../identity-provider.options.js';
import { isRegisteredType, servesOlderFlows } from '../older-flows.js';

/** Where an answer goes: known before anything else is looked at, so that every later error can go there. */
export interface ResponseTarget {
  clientId: string;
  redirectUri: string;
  responseMode: ResponseMode;
  state?: string;
}

/** What a client asks of a person, wherever it asks: at the authorization endpoint, or for a device (RFC 8628 §3.1). */
export interface PersonRequest {
  scopes: string[];
  resources: string[];
  prompt: Prompt[];
  nonce?: string;
  maxAgeSeconds?: number;
  acrValues: string[];
  claims?: ClaimsRequest;
  loginHint?: string;
  /** Languages that the client wishes for, the preferred first (OpenID Connect Core §3.1.2.1). */
  uiLocales?: string[];
}

/** A checked authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). It survives being put aside as JSON. */
export interface AuthorizationRequest extends ResponseTarget, PersonRequest {
  responseType: ResponseType;
  codeChallenge?: string;
  idTokenHint?: string;
}

const LONGEST_NONCE = 2048;
const LONGEST_STATE = 8192;
const LONGEST_HINT = 320;

/**
 * Checks everything but `client_id`, `redirect_uri` and `state`, which the caller has settled.
 * @throws OAuthError that belongs into a redirect to the client.
 */
export function parseAuthorizationRequest(
  parameters: Parameters,
  target: ResponseTarget,
  context: { client: Client; resources: readonly Resource[]; preset: PolicyPreset },
): AuthorizationRequest {
  const { client } = context;
  const repeated = parameters.repeated(['resource']);
  if (repeated) throw invalidRequest(`${repeated} was sent more than once`, repeated);
  // Left out, its absence would look to the client like a forged answer.
  if (parameters.has('state') && target.state === undefined) {
    throw invalidRequest(`state is longer than ${LONGEST_STATE} characters`, 'state');
  }
  if (parameters.has('registration')) {
    throw new OAuthError('registration_not_supported', 'registration is not supported', { parameter: 'registration' });
  }
  const responseType = checkedResponseType(parameters, client, context.preset);
  checkResponseMode(parameters, target);

  const asked = parsePersonRequest(parameters, context);
  if (includesPart(responseType, 'id_token')) checkFrontChannelIdToken(asked);
  if (responseType === 'id_token' && asked.claims?.userinfo) {
    throw invalidRequest('claims asks for userinfo, but response_type gives no access token', 'claims');
  }
  const hasCode = includesPart(responseType, 'code');
  const codeChallenge = hasCode ? parseCodeChallenge(parameters, client) : undefined;
  const idTokenHint = parameters.get('id_token_hint');
  return {
    ...target,
    ...asked,
    responseType,
    // OpenID Connect Core §11: without a code there is no refresh token, so it is ignored.
    scopes: hasCode ? asked.scopes : asked.scopes.filter((scope) => scope !== 'offline_access'),
    ...(codeChallenge === undefined ? {} : { codeChallenge }),
    ...(idTokenHint === undefined ? {} : { idTokenHint }),
  };
}

/**
 * Checks what a client asks of a person, against what it may ask.
 * @throws OAuthError invalid_request, invalid_scope, invalid_target
 */
export function parsePersonRequest(
  parameters: Parameters,
  { client, resources }: { client: Client; resources: readonly Resource[] },
): PersonRequest {
  const scopes = parseScope(parameters.get('scope'));
  const allowed = allowedScopes(client, resources);
  if (!isCovered(scopes, allowed)) {
    throw invalidScope('scope asks for something that this client may not have');
  }
  const nonce = parameters.get('nonce');
  if (nonce && nonce.length > LONGEST_NONCE)
    throw invalidRequest(`nonce is longer than ${LONGEST_NONCE} characters`, 'nonce');
  const maxAge = parseMaxAge(parameters.get('max_age')) ?? client.metadata.default_max_age;
  const claims = parseClaimsRequest(parameters.get('claims'));
  const uiLocales = uiLocalesIn(parameters.get('ui_locales'));
  const loginHint = parameters.get('login_hint')?.slice(0, LONGEST_HINT);
  return {
    scopes,
    resources: resourcesOf(parameters, client, resources),
    prompt: parsePrompt(parameters.get('prompt')),
    acrValues: (parameters.get('acr_values') ?? client.metadata.default_acr_values?.join(' ') ?? '')
      .split(' ')
      .filter(Boolean),
    ...(nonce === undefined ? {} : { nonce }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
    ...(claims === undefined ? {} : { claims: claimsWithin(claims, allowed) }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(uiLocales.length === 0 ? {} : { uiLocales }),
  };
}

/** A wish that is never an error: what is no language tag is left out, and so is what is too much. */
function uiLocalesIn(value = ''): string[] {
  return value.split(' ', 20).filter((tag) => /^[a-z]{2,8}(-[a-z0-9]{1,8}){0,4}$/i.test(tag));
}

/** What a person is asked to allow: the scopes, and those whose claims are asked for by name (OpenID Connect Core §5.5). */
export function scopesToAllow({ scopes, claims }: Pick<PersonRequest, 'scopes' | 'claims'>): string[] {
  return [...new Set([...scopes, ...scopesBehind(claims)])];
}

/** `state` as it came; undefined when it is missing, repeated or unreasonable (then it cannot be returned). */
export function stateOf(parameters: Parameters): string | undefined {
  const state = sentOnce(parameters, 'state');
  return state !== undefined && state.length <= LONGEST_STATE ? state : undefined;
}

/**
 * How the answer travels, errors too: the mode that was asked for if it can be served, else the default of the response
 * type, even when that is refused (OAuth 2.0 Multiple Response Type Encoding Practices §2.1 and §5).
 */
export function responseModeOf(parameters: Parameters, olderFlows: boolean): ResponseMode {
  if (!olderFlows) return 'query';
  const type = parseResponseType(sentOnce(parameters, 'response_type'));
  const asked = sentOnce(parameters, 'response_mode');
  const mode = RESPONSE_MODES.find((known) => known === asked);
  return mode !== undefined && isModeFor(mode, type) ? mode : defaultResponseMode(type);
}

function sentOnce(parameters: Parameters, name: string): string | undefined {
  const [value, ...more] = parameters.all(name);
  return more.length === 0 ? value : undefined;
}

/** What the client registered; a resource's scopes only when they were registered by name. */
export function allowedScopes(client: Client, resources: readonly Resource[]): readonly string[] {
  const registered = registeredScopes(client.metadata);
  if (!client.policy.dynamic) return registered;
  const owned = new Set(resources.flatMap(({ scopes }) => scopes));
  return registered.filter((scope) => !owned.has(scope));
}

/**
 * The resources that were asked for. A client that registered itself gets none: its token would carry a person's roles to
 * an API whose owner never heard of it.
 */
function resourcesOf(parameters: Parameters, client: Client, resources: readonly Resource[]): string[] {
  const wanted = parameters.all('resource');
  if (client.policy.dynamic && wanted.length > 0) {
    throw new OAuthError('invalid_target', 'this client may not name a resource', { parameter: 'resource' });
  }
  return checkResources(wanted, resources);
}

/** @throws OAuthError when the type is unknown, not served to this client, or not registered by it. */
function checkedResponseType(parameters: Parameters, client: Client, preset: PolicyPreset): ResponseType {
  const type = parseResponseType(parameters.require('response_type'));
  if (type === undefined || (type !== 'code' && !servesOlderFlows(client, preset))) {
    throw new OAuthError('unsupported_response_type', 'response_type is not supported', { parameter: 'response_type' });
  }
  if (!isRegisteredType(type, client)) {
    throw new OAuthError('unauthorized_client', `this client is not registered for response_type ${type}`);
  }
  return type;
}

/** The target has the mode that was asked for, unless that one cannot be served. */
function checkResponseMode(parameters: Parameters, { responseMode }: ResponseTarget): void {
  const asked = parameters.get('response_mode');
  if (asked !== undefined && asked !== responseMode) {
    throw invalidRequest('response_mode is not supported for this request', 'response_mode');
  }
}

/** OpenID Connect Core §3.2.2.1 and §3.3.2.11: an ID token from this endpoint is bound to the request by its nonce. */
function checkFrontChannelIdToken({ scopes, nonce }: PersonRequest): void {
  if (!scopes.includes('openid')) throw invalidRequest('scope needs openid for an ID token', 'scope');
  if (nonce === undefined) throw invalidRequest('nonce is missing', 'nonce');
}

function parseMaxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalidRequest('max_age is not a number of seconds', 'max_age');
  return Number(text);
}

function parseCodeChallenge(parameters: Parameters, client: Client): string | undefined {
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined) {
    if (method !== undefined) throw invalidRequest('code_challenge is missing', 'code_challenge');
    if (client.policy.requirePkce || isPublic(client)) {
      throw invalidRequest('code_challenge is missing (PKCE with S256 is required)', 'code_challenge');
    }
    return undefined;
  }
  // Without a method it would be `plain` (RFC 7636 §4.3), which protects nothing.
  if (method !== 'S256') throw invalidRequest('code_challenge_method must be S256', 'code_challenge_method');
  if (!isCodeChallenge(challenge)) throw invalidRequest('code_challenge is not a S256 challenge', 'code_challenge');
  return challenge;
}
