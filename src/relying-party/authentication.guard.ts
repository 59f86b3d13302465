import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  Logger,
  SetMetadata,
} from '@nestjs/common';
import { HttpExchange } from '../platform/http/exchange.js';
import { clearedCookie } from '../platform/http/cookies.js';
import { KeysUnavailableError } from '../jwt/remote-keys.js';
import { TokenError } from '../jwt/token-error.js';
import { type Principal, principalOf, scopesOf, stringsOf } from '../protocol/principal.js';
import { ApplicationSessions, type ApplicationSession } from './application-sessions.js';
import { BearerTokens } from './bearer-tokens.js';
import { ProviderUnavailableError } from './provider-metadata.js';
import { challenge, Refusal, type RefusalParts } from './refusal.js';
import { type CurrentUserType, type RevocationMode, Settings } from './relying-party.options.js';
import type { Evidence } from './revocation/revocation.js';
import { Revocations } from './revocation/revocations.js';
import { isSameOrigin } from './same-origin.js';
import { runStrategy, StrategyRefusedError } from './strategies/run-strategy.js';
import { SessionStrategy } from './strategies/session.strategy.js';

/** Which credentials a route takes. */
export type Scheme = 'session' | 'jwt' | 'any';

/** What a route may say beyond the application's options. */
export interface AuthenticatedOptions {
  revocation?: RevocationMode;
}

interface Access extends AuthenticatedOptions {
  mode: 'required' | 'optional' | 'public';
  scheme: Scheme;
}

interface Route extends Access {
  scopes: string[];
  /** One of each group. */
  roles: string[][];
}

/** What the guard found out about a request. */
interface Authentication {
  principal: Principal;
  user: unknown;
  accessToken: string | undefined;
}

const ACCESS = 'gatehouse:access';
const SCOPES = 'gatehouse:scopes';
const ROLES = 'gatehouse:roles';

const authentications = new WeakMap<object, Authentication>();

function access(value: Access): MethodDecorator & ClassDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = (descriptor?.value as object | undefined) ?? target;
    if (Reflect.hasOwnMetadata(ACCESS, place)) {
      const name = (place as { name?: string }).name ?? String(key);
      throw new Error(`${name}: use one of @Authenticated, @OptionalAuth and @Public, not two`);
    }
    Reflect.defineMetadata(ACCESS, value, place);
  };
}

/** Only authenticated requests, by the credentials named; what a route without a decorator demands, with `any`. */
export function Authenticated(scheme: Scheme = 'any', options: AuthenticatedOptions = {}) {
  return access({ mode: 'required', scheme, ...options });
}

/** Everybody; credentials are not looked at. */
export function Public() {
  return access({ mode: 'public', scheme: 'any' });
}

/** Nobody needs a credential, but one that is brought must be good. */
export function OptionalAuth(scheme: Scheme = 'any', options: AuthenticatedOptions = {}) {
  return access({ mode: 'optional', scheme, ...options });
}

/** Every one of these scopes, or 403 `insufficient_scope`; on a class and a handler they add up. */
export function RequireScopes(...scopes: string[]) {
  return SetMetadata(SCOPES, scopes);
}

/** One of these roles, or 403 `insufficient_role`; on a class and a handler, one of each. */
export function Roles(...roles: string[]) {
  return SetMetadata(ROLES, roles);
}

/** What `mapUser` made; undefined for the anonymous and for programs that act for themselves. */
export const CurrentUser = createParamDecorator((_: unknown, context: ExecutionContext) => {
  return authenticationOf(context)?.user as CurrentUserType | undefined;
});

/** The {@link Principal}; undefined for the anonymous. */
export const Auth = createParamDecorator((_: unknown, context: ExecutionContext): Principal | undefined => {
  return authenticationOf(context)?.principal;
});

/** An access token for calling other APIs as this principal: the session's own (renewed when needed), or the one presented. */
export const AccessToken = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined => {
  return authenticationOf(context)?.accessToken;
});

function authenticationOf(context: ExecutionContext): Authentication | undefined {
  return authentications.get(context.switchToHttp().getRequest<object>());
}

/** RFC 6750 §2.1: the scheme in any case, one space, `b64token`. */
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A reason to refuse, before it is known how the answer looks. */
class Refused extends Error {
  constructor(readonly parts: RefusalParts) {
    super(parts.message);
  }
}

function unauthorized(code: string, message: string): Refused {
  return new Refused({ status: 401, error: 'invalid_token', code, message });
}

/**
 * Decides about every request, closed by default: the credential it carries chooses the strategy, one that is refused is
 * not second-guessed by another, and an error of any kind is a refusal. Only HTTP requests can be authenticated; handlers
 * of other transports are refused unless they are public.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly logger = new Logger('Authentication');
  private readonly routes = new WeakMap<object, WeakMap<object, Route>>();
  private readonly sessionStrategy: SessionStrategy;

  constructor(
    private readonly settings: Settings,
    private readonly bearer: BearerTokens,
    private readonly sessions: ApplicationSessions,
    private readonly revocations: Revocations,
  ) {
    this.sessionStrategy = new SessionStrategy(sessions);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.routeOf(context);
    if (route.mode === 'public') return true;
    if (context.getType() !== 'http') return false;

    const http = context.switchToHttp();
    const request = http.getRequest<object>();
    const exchange = HttpExchange.of(request, http.getResponse<object>());
    // Whatever is answered depends on who asked: a cache must not give it to another.
    exchange.setHeader('cache-control', 'no-store').setHeader('vary', 'Authorization, Cookie');
    try {
      const found = await this.authenticate(exchange, route);
      if (!found) {
        if (route.mode === 'optional' && route.scopes.length + route.roles.length === 0) return true;
        throw this.anonymous(exchange, route);
      }
      authorize(found.principal, route);
      const user = found.principal.isClient
        ? undefined
        : await this.settings.mapUser(found.principal.claims, found.principal);
      authentications.set(request, { ...found, user });
      return true;
    } catch (error) {
      throw this.refusal(exchange, error);
    }
  }

  /** Undefined: nobody in particular. Throws when a credential is brought and is not good. */
  private async authenticate(exchange: HttpExchange, route: Route) {
    const headers = exchange.headerValues('authorization');
    if (headers.length > 0) {
      const found = await this.byHeader(exchange, headers, route);
      return this.unlessRevoked(found, route, 'token');
    }
    if (route.scheme === 'jwt' || !this.settings.session) return undefined;
    const session = await this.bySession(exchange);
    if (!session) return undefined;
    const found = { principal: this.principalOfSession(session), accessToken: session.data.tokens.accessToken };
    try {
      await this.unlessRevoked(found, route, 'session');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.sessions.end(session.id);
      exchange.setCookie(clearedCookie(this.settings.session.cookie.name));
      return undefined;
    }
    const unsafe = !SAFE_METHODS.has(exchange.method) || exchange.header('upgrade') !== undefined;
    if (unsafe && !isSameOrigin(exchange, this.settings.session.origin)) {
      const message = 'This request must come from this application’s own pages.';
      throw new Refused({ status: 403, error: 'access_denied', code: 'csrf', message });
    }
    const returned = returnedCookie(this.settings.session.cookie.name);
    if (exchange.cookies.has(returned)) exchange.setCookie(clearedCookie(returned));
    return found;
  }

  private async byHeader(exchange: HttpExchange, headers: string[], route: Route) {
    const token = headers.length === 1 ? BEARER.exec(headers[0]!)?.[1] : undefined;
    if (token === undefined) {
      throw unauthorized('malformed_credentials', 'Send one Authorization header: Bearer, one space, the token.');
    }
    if (route.scheme === 'session' || !this.settings.bearer) {
      throw unauthorized('scheme_not_accepted', 'This address takes no access token.');
    }
    if (carriesToken(exchange)) {
      const message = 'Send the access token in one place only.';
      throw new Refused({ status: 400, error: 'invalid_request', code: 'ambiguous_credentials', message });
    }
    return { principal: await this.bearer.authenticate(token), accessToken: token };
  }

  private async bySession(exchange: HttpExchange): Promise<ApplicationSession | undefined> {
    const { name } = this.settings.session!.cookie;
    const sessionId = exchange.cookies.get(name);
    if (sessionId === undefined) return undefined;
    try {
      return await runStrategy<ApplicationSession>(this.sessionStrategy, { sessionId });
    } catch (error) {
      if (!(error instanceof StrategyRefusedError)) throw error;
      exchange.setCookie(clearedCookie(name));
      return undefined;
    }
  }

  private principalOfSession(session: ApplicationSession): Principal {
    const { claims, issuer, tokens } = session.data;
    return principalOf(
      { ...claims, iss: issuer, sub: session.subject, sid: session.sid, acr: session.acr || undefined },
      {
        scheme: 'session',
        scopes: scopesOf(tokens.scope),
        roles: this.settings.roles?.(claims) ?? stringsOf(claims['roles']),
        clientId: this.settings.clientId!,
      },
    );
  }

  private async unlessRevoked<T extends Evidence>(found: T, route: Route, what: string): Promise<T> {
    const revocation = this.revocations.of(route.revocation ?? this.settings.revocation);
    if (await revocation.isRevoked(found)) throw unauthorized('token_revoked', `The ${what} was revoked.`);
    return found;
  }

  private anonymous(exchange: HttpExchange, route: Route): Refused {
    const { session, unauthenticated } = this.settings;
    const message = 'Sign in, or send an access token.';
    if (!session || route.scheme === 'jwt' || unauthenticated === 'refuse' || !isNavigation(exchange)) {
      return new Refused({ status: 401, code: 'unauthenticated', message });
    }
    const returned = returnedCookie(session.cookie.name);
    const location = `${session.loginPath}?returnTo=${encodeURIComponent(exchange.target)}`;
    if (!exchange.cookies.has(returned))
      return new Refused({ status: 303, code: 'unauthenticated', message, location });
    // This browser has just come back from a sign-in that worked, and yet has no session: another round would not help.
    exchange.setCookie(clearedCookie(returned));
    const text = 'You signed in, but this application did not see it. Your browser may be blocking its cookie.';
    return new Refused({ status: 401, code: 'sign_in_loop', message: text, retryUrl: location });
  }

  private refusal(exchange: HttpExchange, error: unknown): Refusal {
    const parts = partsOf(error);
    const { status, code } = parts;
    // The headers are set here and not in our filter, so that an application's own filter keeps them.
    const needsChallenge = status === 401 || (status === 403 && parts.error === 'insufficient_scope') || status === 400;
    if (needsChallenge) exchange.setHeader('www-authenticate', challenge(this.settings.realm, parts));
    if (status === 503) exchange.setHeader('retry-after', '5');
    if (parts.location !== undefined) exchange.setHeader('location', parts.location);
    const line = `${exchange.correlationId} ${status} ${code}`;
    if (status === 503) this.logger.error(`${line}: ${reasonOf(error)}`);
    else if (code !== 'unauthenticated') this.logger.warn(`${line}: ${reasonOf(error)}`);
    return new Refusal(parts, exchange.correlationId);
  }

  private routeOf(context: ExecutionContext): Route {
    const handler = context.getHandler();
    const owner = context.getClass();
    let ofOwner = this.routes.get(owner);
    if (!ofOwner) this.routes.set(owner, (ofOwner = new WeakMap()));
    let route = ofOwner.get(handler);
    if (!route) ofOwner.set(handler, (route = readRoute(handler, owner)));
    return route;
  }
}

/** Set for the one page after a sign-in, so that a session that does not stick shows as an error and not as a loop. */
export function returnedCookie(sessionCookie: string): string {
  return `${sessionCookie}-returned`;
}

function readRoute(handler: object, owner: object): Route {
  const own = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
  const inherited = Reflect.getMetadata(ACCESS, owner) as Access | undefined;
  const chosen: Access = own ?? inherited ?? { mode: 'required', scheme: 'any' };
  const listed = (key: string, places: object[]) =>
    places.flatMap((place) => {
      const names = Reflect.getMetadata(key, place) as string[] | undefined;
      return names ? [names] : [];
    });
  // A handler opened by its own decorator is open whatever its class demands; the other way round it stays closed.
  const places = chosen.mode !== 'required' && own ? [handler] : [owner, handler];
  const scopes = listed(SCOPES, places).flat();
  const roles = listed(ROLES, places);
  const contradicts = chosen.mode === 'public' && scopes.length + roles.length > 0;
  return { ...chosen, scopes, roles, ...(contradicts ? { mode: 'required' } : {}) };
}

function authorize(principal: Principal, route: Route): void {
  const missing = route.scopes.filter((scope) => !principal.scopes.includes(scope));
  if (missing.length > 0) {
    const message = 'The access granted does not cover this.';
    const scope = route.scopes.join(' ');
    throw new Refused({ status: 403, error: 'insufficient_scope', code: 'insufficient_scope', message, scope });
  }
  if (!route.roles.every((group) => group.some((role) => principal.roles.includes(role)))) {
    const message = 'This needs a role that you do not have.';
    throw new Refused({ status: 403, error: 'access_denied', code: 'insufficient_role', message });
  }
}

/** RFC 6750 §2: a token in the query or the body beside the header's is an ambiguity. Alone they are not looked at. */
function carriesToken(exchange: HttpExchange): boolean {
  if (new URLSearchParams(exchange.query).has('access_token')) return true;
  const { body } = exchange;
  const isForm = exchange.mediaType === 'application/x-www-form-urlencoded';
  return isForm && typeof body === 'object' && body !== null && 'access_token' in body;
}

function isNavigation(exchange: HttpExchange): boolean {
  if (exchange.method !== 'GET') return false;
  const mode = exchange.header('sec-fetch-mode');
  return (mode === undefined || mode === 'navigate') && /\btext\/html\b/i.test(exchange.header('accept') ?? '');
}

const TOKEN_MESSAGES: Partial<Record<TokenError['code'], string>> = {
  token_expired: 'The access token has expired.',
  token_revoked: 'The access token was revoked.',
  audience_mismatch: 'The access token is for another audience.',
  wrong_token_type: 'This is not an access token.',
};

function partsOf(error: unknown): RefusalParts {
  if (error instanceof Refused) return error.parts;
  if (error instanceof TokenError) {
    const message = TOKEN_MESSAGES[error.code] ?? 'The access token is not believed.';
    return { status: 401, error: 'invalid_token', code: error.code, message };
  }
  const code =
    error instanceof KeysUnavailableError
      ? 'keys_unavailable'
      : error instanceof ProviderUnavailableError
        ? 'provider_unavailable'
        : 'authentication_unavailable';
  const message = 'It cannot be checked right now who you are. Try again in a moment.';
  return { status: 503, error: 'temporarily_unavailable', code, message };
}

/** For the log: our own words, never the request's. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
}
