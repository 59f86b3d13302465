import * as oidc from 'openid-client';
import { KeysUnavailableError } from '../jwt/remote-keys.js';
import type { TokenClaims } from '../jwt/token-claims.js';
import { TokenError } from '../jwt/token-error.js';
import type { TokenVerifier } from '../jwt/token-verifier.js';
import { type Clock, SystemClock } from '../platform/clock.js';
import { type Outbound, OutboundError } from '../platform/outbound.js';
import { matches, randomToken } from '../platform/secret.js';
import { TOKEN_EXCHANGE } from '../protocol/grant-type.js';
import { ACCESS_TOKEN_TYPE, JWT_TYPE } from '../protocol/token-type.js';
import { type Provider, type ProviderMetadata, ProviderUnavailableError } from './provider-metadata.js';
import { isRecent } from './recent.js';
import { SignInError } from './sign-in-error.js';
import { isLoopback } from './web-url.js';

export { SignInError };

/** What a person must prove again, as the provider is asked for it (OpenID Connect Core §3.1.2.1). */
export interface StepUpRequest {
  /** One of these, the preferred first. */
  acrValues?: readonly string[];
  maxAgeSeconds?: number;
}

/** Claims of a token or of a sign-in. */
export type Claims = Readonly<Record<string, unknown>>;

/** Whose client it is, and what it goes by. */
export interface OidcClientSettings {
  issuer: string;
  clientId: string | undefined;
  clientSecret: string | undefined;
  scope: string;
  clock: Clock;
  outbound: Outbound;
  skewSeconds: number;
  /** For signing people in; a client that only asks for tokens has none. */
  session: { clientId: string; redirectUri: string; postLogoutRedirectUri: string; origin: string } | undefined;
}

/** What must be remembered between sending a browser to the provider and its return. */
export interface Attempt extends StepUpRequest {
  state: string;
  nonce: string;
  verifier: string;
}

/** What a sign-in or a refresh yields. */
export interface TokenSet {
  accessToken: string;
  /** Epoch milliseconds. */
  accessTokenExpiresAt: number;
  refreshToken?: string;
  idToken?: string;
  scope: string;
}

/** A sign-in that came off. */
export interface SignedIn {
  tokens: TokenSet & { idToken: string };
  idClaims: TokenClaims;
  /** ID token and userinfo together; where both speak, the signed one counts. */
  claims: Claims;
}

/** A person whom the provider vouched for, with its answer. */
interface Authenticated extends Pick<SignedIn, 'idClaims' | 'claims'> {
  response: oidc.TokenEndpointResponse;
  idToken: string;
}

/** An access token for calling an API. */
export interface IssuedToken {
  accessToken: string;
  /** Epoch milliseconds; undefined when the provider does not say. */
  expiresAt: number | undefined;
  scope: string | undefined;
}

/** What an access token is asked for: an API, by RFC 8707 or by the older name of RFC 8693, and scopes. */
export interface TokenTarget {
  /** The API, by its address. */
  resource?: string | readonly string[];
  /** The API, by the name that the provider has for it; only in a token exchange. */
  audience?: string | readonly string[];
  scope?: string | readonly string[];
}

/** The codes a provider may send back with the browser (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6). */
const PROVIDER_CODES = new Set([
  'access_denied',
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
  'invalid_target',
]);

/** The codes of the token endpoint that are told apart (RFC 6749 §5.2, RFC 8707 §2). */
const TOKEN_CODES: ReadonlySet<string> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
]);
/** How `openid-client` says that a token has ended, or is of the future. */
const LIBRARY_TIME_CODE = 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED';
/** What the library allows more than we do: whether a token is of now is for `believeIdToken` to say, by our clock. */
const LIBRARY_LEEWAY_SECONDS = 60;
const CLOCK_CODES: ReadonlySet<string> = new Set(['token_expired', 'token_not_yet_valid']);
const DEAD_GRANT: ReadonlySet<string> = new Set(['invalid_grant']);

/** In characters; a provider need not read more. */
const LONGEST_HINT = 320;

/** OpenID Connect Core §5.5: claims of the ID token that nobody gets unasked. */
const ASK_FOR_POSITION = JSON.stringify({ id_token: { rev: null, authorization_id: null } });

/**
 * This application as a client of the provider, and the one file that speaks `openid-client`: authorization code with
 * S256 PKCE, state and nonce. The library does not check an ID token's signature when it comes over TLS; ours is checked
 * like every other token.
 */
export class OidcClient {
  constructor(
    private readonly settings: OidcClientSettings,
    private readonly provider: Provider,
    private readonly verifier: TokenVerifier,
    private readonly feed: { readonly isOffered: boolean },
  ) {}

  /** Where to send the browser, and what to remember until it returns. */
  async begin(stepUp: StepUpRequest = {}, loginHint?: string): Promise<{ url: string; attempt: Attempt }> {
    const attempt = { state: randomToken(), nonce: randomToken(), verifier: randomToken(48), ...stepUp };
    const hint: Record<string, string> = loginHint ? { login_hint: loginHint.slice(0, LONGEST_HINT) } : {};
    return { url: await this.authorizationUrl(attempt, hint), attempt };
  }

  /** Where to send the browser for an attempt whose state somebody else made. @param more parameters of the request. */
  async authorizationUrl(attempt: Attempt, more: Record<string, string> = {}): Promise<string> {
    const { acrValues, maxAgeSeconds } = attempt;
    const url = oidc.buildAuthorizationUrl(await this.configuration(), {
      redirect_uri: this.session.redirectUri,
      scope: this.settings.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      // By these a session is known to the revocation feed; whoever has none does not ask.
      ...(this.feed.isOffered ? { claims: ASK_FOR_POSITION } : {}),
      ...(acrValues ? { acr_values: acrValues.join(' ') } : {}),
      ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
      ...more,
    });
    return url.href;
  }

  /**
   * Turns the provider's answer into tokens.
   * @param parameters of the callback, each once.
   * @throws SignInError when the answer is not believed; ProviderUnavailableError when the provider cannot be asked
   */
  async complete(parameters: URLSearchParams, attempt: Attempt): Promise<SignedIn> {
    const { response, idToken, ...proved } = await this.authenticate(parameters, attempt);
    return { ...proved, tokens: { ...this.tokenSet(response, this.settings.scope), idToken } };
  }

  /**
   * As {@link complete}, for who wants to know who somebody is and keeps no tokens.
   * @throws SignInError when the answer is not believed; ProviderUnavailableError when the provider cannot be asked
   */
  async authenticate(parameters: URLSearchParams, attempt: Attempt): Promise<Authenticated> {
    const metadata = await this.provider.metadata();
    checkResponse(parameters, attempt, metadata);
    const configuration = await this.configuration();
    const callback = new URL(this.session.redirectUri);
    callback.search = parameters.toString();
    const response = await this.speak('token_exchange_failed', () =>
      oidc.authorizationCodeGrant(configuration, callback, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
        idTokenExpected: true,
      }),
    );
    const idToken = response.id_token!;
    const idClaims = await this.believeIdToken(idToken);
    if (typeof idClaims['nonce'] !== 'string' || !matches(idClaims['nonce'], attempt.nonce)) {
      throw new SignInError('id_token_invalid', 'the ID token is for another sign-in');
    }
    this.checkStepUp(idClaims, attempt);
    const userinfo = metadata.userinfo_endpoint
      ? await this.speak('userinfo_failed', () =>
          oidc.fetchUserInfo(configuration, response.access_token, idClaims.sub),
        )
      : {};
    return { response, idToken, idClaims, claims: { ...aboutThePerson(userinfo), ...idClaims } };
  }

  /**
   * A new access token.
   * @throws SignInError `invalid_grant` when the provider takes the refresh token no more; ProviderUnavailableError
   */
  async refresh(refreshToken: string, subject: string, scope: string): Promise<TokenSet> {
    const configuration = await this.configuration();
    const response = await this.speak('refresh_failed', () => oidc.refreshTokenGrant(configuration, refreshToken));
    const tokens = this.tokenSet(response, scope);
    if (tokens.idToken) {
      const { sub } = await this.believeIdToken(tokens.idToken);
      // OpenID Connect Core §12.2: a refreshed ID token is of the same person.
      if (sub !== subject) throw new SignInError('invalid_grant', 'the refreshed tokens are of another person');
    }
    return { refreshToken, ...tokens };
  }

  /**
   * A token for this application itself (RFC 6749 §4.4).
   * @throws SignInError with the provider's code, or `token_request_failed`; ProviderUnavailableError
   */
  clientCredentials(target: TokenTarget): Promise<IssuedToken> {
    return this.request('client_credentials', target, []);
  }

  /**
   * A token for another API, made of one that somebody called us with (RFC 8693 §2).
   * @throws SignInError with the provider's code, or `token_request_failed`; ProviderUnavailableError
   */
  exchange(subjectToken: string, target: TokenTarget): Promise<IssuedToken> {
    return this.request(TOKEN_EXCHANGE, target, [
      ['subject_token', subjectToken],
      ['subject_token_type', ACCESS_TOKEN_TYPE],
    ]);
  }

  private async request(grantType: string, target: TokenTarget, more: [string, string][]): Promise<IssuedToken> {
    const { resource = [], audience = [], scope = [] } = target;
    const scopes = [scope].flat().join(' ');
    const parameters = new URLSearchParams([
      ...more,
      ...[resource].flat().map((one) => ['resource', one]),
      ...[audience].flat().map((one) => ['audience', one]),
      ...(scopes === '' ? [] : [['scope', scopes]]),
    ]);
    const configuration = await this.configuration();
    const askedAt = this.settings.clock.now();
    const response = await this.speak(
      'token_request_failed',
      () => oidc.genericGrantRequest(configuration, grantType, parameters),
      TOKEN_CODES,
    );
    const type = response['issued_token_type'];
    // RFC 8693 §2.2.1: something that is no access token would be sent to an API as one.
    if (response.token_type !== 'bearer' || (type !== undefined && type !== ACCESS_TOKEN_TYPE && type !== JWT_TYPE)) {
      throw new SignInError('token_response_invalid', 'the provider gave something that is no bearer access token');
    }
    const { access_token: accessToken, expires_in: expiresIn } = response;
    return {
      accessToken,
      expiresAt: expiresIn === undefined ? undefined : askedAt + expiresIn * 1000,
      scope: response.scope ?? (scopes || undefined),
    };
  }

  /** Where to send the browser to sign out at the provider too (RP-Initiated Logout 1.0); undefined when it has no such place. */
  async endSessionUrl(idToken: string | undefined): Promise<string | undefined> {
    const { end_session_endpoint: endpoint } = await this.provider.metadata();
    if (!endpoint) return undefined;
    return oidc.buildEndSessionUrl(await this.configuration(), {
      post_logout_redirect_uri: this.session.postLogoutRedirectUri,
      ...(idToken ? { id_token_hint: idToken } : {}),
    }).href;
  }

  private get session() {
    if (!this.settings.session) throw new Error('sign-in needs the option session');
    return this.settings.session;
  }

  private async believeIdToken(idToken: string): Promise<TokenClaims> {
    try {
      const { clientId } = this.session;
      const claims = await this.verifier.verify(idToken, { types: ['jwt', ''], audience: clientId });
      const foreign = Array.isArray(claims.aud) && claims.aud.length > 1 && claims['azp'] !== clientId;
      if (foreign || (claims['azp'] !== undefined && claims['azp'] !== clientId)) {
        throw new TokenError('audience_mismatch', 'azp is another client');
      }
      return claims;
    } catch (cause) {
      if (cause instanceof KeysUnavailableError) throw new ProviderUnavailableError(cause.message, { cause });
      const reason = cause instanceof TokenError ? `: ${cause.message}` : '';
      // It was made a moment ago.
      if (cause instanceof TokenError && CLOCK_CODES.has(cause.code)) {
        throw new SignInError('clocks_apart', `by our clock, the ID token is not of now${reason}`, { cause });
      }
      throw new SignInError('id_token_invalid', `the ID token is not believed${reason}`, { cause });
    }
  }

  /** What was asked for was done: `acr_values` is only a wish to the provider, and both would else be asked for again and again. */
  private checkStepUp(idClaims: TokenClaims, { acrValues, maxAgeSeconds }: Attempt): void {
    const { acr, auth_time: authTime } = idClaims;
    if (acrValues && !(typeof acr === 'string' && acrValues.includes(acr))) {
      throw new SignInError('acr_not_reached', 'the provider signed the person in, but not as strongly as was asked');
    }
    if (!isRecent(typeof authTime === 'number' ? authTime : undefined, maxAgeSeconds, this.settings)) {
      throw new SignInError(
        'authentication_too_old',
        'the provider did not ask the person again, or does not say when',
      );
    }
  }

  private tokenSet(response: oidc.TokenEndpointResponse, scopeAskedFor: string): TokenSet {
    const { access_token: accessToken, expires_in: expiresIn, refresh_token: refreshToken, scope } = response;
    // Without it nobody knows when to refresh, and an access token would be used for ever.
    if (typeof expiresIn !== 'number' || expiresIn <= 0) {
      throw new SignInError('token_response_invalid', 'the token response has no expires_in');
    }
    return {
      accessToken,
      accessTokenExpiresAt: this.settings.clock.now() + expiresIn * 1000,
      scope: scope ?? scopeAskedFor,
      ...(refreshToken ? { refreshToken } : {}),
      ...(response.id_token ? { idToken: response.id_token } : {}),
    };
  }

  private async configuration(): Promise<oidc.Configuration> {
    const { clientId = '', clientSecret, clock, issuer, session } = this.settings;
    const metadata = {
      // The library reads the machine's clock, a moment later; ours is the measure.
      [oidc.clockSkew]: clock.seconds() - new SystemClock().seconds(),
      [oidc.clockTolerance]: this.settings.skewSeconds + LIBRARY_LEEWAY_SECONDS,
    };
    const found = await this.provider.metadata();
    const authentication = authenticationFor(clientSecret, found);
    const server = found as oidc.ServerMetadata;
    const configuration = new oidc.Configuration(server, clientId, metadata, authentication);
    configuration[oidc.customFetch] = (url, init) => this.fetch(url, init, session?.origin ?? 'an API');
    if (issuer.startsWith('http:') && isLoopback(issuer)) oidc.allowInsecureRequests(configuration);
    return configuration;
  }

  private async fetch(url: string, init: oidc.CustomFetchOptions, caller: string): Promise<Response> {
    const headers = Object.fromEntries(new Headers(init.headers));
    const answer = await this.settings.outbound.fetch(url, {
      purpose: 'introspection',
      trusted: true,
      method: init.method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers, 'user-agent': `gatehouse (${caller})` },
      ...(init.body ? { body: bodyText(init.body) } : {}),
    });
    const empty = answer.status === 204 || answer.status === 304;
    return new Response(empty ? null : new Uint8Array(answer.body), { status: answer.status, headers: answer.headers });
  }

  /**
   * Runs one conversation with the provider and sorts its failures.
   * @param code of failures that have none of `told`, the provider's own.
   */
  private async speak<T>(code: string, conversation: () => Promise<T>, told = DEAD_GRANT): Promise<T> {
    try {
      return await conversation();
    } catch (cause) {
      if (cause instanceof OutboundError || (cause as Error).cause instanceof OutboundError) {
        throw new ProviderUnavailableError('the provider gave no answer', { cause });
      }
      const status = statusOf(cause);
      if (status !== undefined && (status >= 500 || status === 429)) {
        throw new ProviderUnavailableError(`the provider cannot answer: ${status}`, { cause });
      }
      const error = errorOf(cause);
      if (error !== undefined) {
        throw new SignInError(told.has(error) ? error : code, `the provider refused with ${status}`, { cause });
      }
      if ((cause as { code?: unknown }).code === LIBRARY_TIME_CODE) {
        throw new SignInError('clocks_apart', 'by our clock, the ID token is not of now', { cause });
      }
      throw new SignInError(code, 'the provider’s answer is not believed', { cause });
    }
  }
}

/** By the header, as every provider takes it that does not say otherwise (OpenID Connect Discovery 1.0 §3). */
function authenticationFor(secret: string | undefined, metadata: ProviderMetadata): oidc.ClientAuth {
  if (!secret) return oidc.None();
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const onlyInTheBody = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
  return onlyInTheBody ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret);
}

/** The HTTP status of an answer that the library did not take. */
function statusOf(cause: unknown): number | undefined {
  if (cause instanceof oidc.ResponseBodyError || cause instanceof oidc.WWWAuthenticateChallengeError)
    return cause.status;
  const response = (cause as Error).cause;
  return response instanceof Response ? response.status : undefined;
}

/** The provider's error code. Of a challenge the body is not read: it is how a client is refused (RFC 6749 §5.2). */
function errorOf(cause: unknown): string | undefined {
  if (cause instanceof oidc.ResponseBodyError) return cause.error;
  return cause instanceof oidc.WWWAuthenticateChallengeError ? 'invalid_client' : undefined;
}

/** Claims that speak of the sign-in rather than the person: they count where they are signed, in the ID token. */
const ABOUT_THE_SIGN_IN = ['iss', 'aud', 'azp', 'exp', 'iat', 'nbf', 'nonce', 'acr', 'amr', 'auth_time', 'sid', 'act'];

function aboutThePerson(userinfo: Claims): Claims {
  return Object.fromEntries(Object.entries(userinfo).filter(([name]) => !ABOUT_THE_SIGN_IN.includes(name)));
}

/** State, issuer and shape of the provider's answer, all before a code is sent anywhere (RFC 9207 §2.4). */
function checkResponse(parameters: URLSearchParams, attempt: Attempt, metadata: ProviderMetadata): void {
  if (!matches(parameters.get('state') ?? '', attempt.state)) {
    throw new SignInError('state_mismatch', 'the answer is for another sign-in');
  }
  const iss = parameters.get('iss');
  if (iss === null ? metadata.authorization_response_iss_parameter_supported : iss !== metadata.issuer) {
    throw new SignInError('issuer_mismatch', 'the answer is not from the provider that was asked');
  }
  const error = parameters.get('error');
  if (error !== null && parameters.has('code')) {
    throw new SignInError('invalid_response', 'the answer is an error and a success at once');
  }
  if (error !== null) {
    throw new SignInError(PROVIDER_CODES.has(error) ? error : 'provider_error', 'the provider answered with an error');
  }
  if (!parameters.get('code')) throw new SignInError('invalid_response', 'the answer holds no code');
}

function bodyText(body: NonNullable<oidc.FetchBody>): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('only forms are sent to the provider');
}
