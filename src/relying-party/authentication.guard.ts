import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { clearedCookie } from '../platform/http/cookies.js';
import { randomToken } from '../platform/secret.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { TokenError } from '../jwt/token-error.js';
import { type Principal, principalOf, scopesOf, stringsOf } from '../protocol/principal.js';
import { type Route, Routes } from './access.js';
import { type ApplicationSession, ApplicationSessions } from './application-sessions.js';
import { type Authentication, isDecided, keepAnonymous, keepAuthentication } from './authentication.js';
import { BearerTokens } from './bearer-tokens.js';
import { incomingOf } from './incoming/incoming-of.js';
import type { Incoming } from './incoming/incoming.js';
import { Challenges } from './challenges.js';
import { credentialsOf } from './credentials.js';
import { Possession } from './possession.js';
import { Refusal } from './refusal.js';
import { partsOf, reasonOf, Refused, unauthorized } from './refused.js';
import { Settings } from './relying-party.options.js';
import type { Evidence } from './revocation/revocation.js';
import { Revocations } from './revocation/revocations.js';
import { runStrategy, StrategyRefusedError } from './strategies/run-strategy.js';
import { missingStepUp, signInUrl, stepUpRefusal, type StepUpRequest } from './step-up.js';
import { SessionStrategy } from './strategies/session.strategy.js';

/** Somebody, by a credential that is good; `user` is what `mapUser` makes of it, once it was asked. */
interface Found extends Evidence {
  principal: Principal;
  user?: unknown;
}

/**
 * Decides about every request, closed by default: the credential it carries chooses the strategy, one that is refused is
 * not second-guessed by another, and an error of any kind is a refusal. What a request is in each of Nest's contexts is
 * told by `incoming/`; a context that is not known there is refused.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly logger = new Logger('Authentication');
  private readonly routes = new Routes();
  private readonly sessionStrategy: SessionStrategy;
  private readonly judged = new WeakMap<object, Map<string, Promise<Found | undefined>>>();

  constructor(
    private readonly settings: Settings,
    private readonly bearer: BearerTokens,
    private readonly sessions: ApplicationSessions,
    private readonly revocations: Revocations,
    private readonly possession: Possession,
    private readonly challenges: Challenges,
  ) {
    this.sessionStrategy = new SessionStrategy(sessions);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const route = this.routes.of(context);
    if (route.mode === 'public') {
      if (context.getType<string>() === 'graphql') keepAnonymous(context);
      return true;
    }
    if (isDecided(context)) return true;
    const incoming = incomingOf(context);
    if (!incoming) throw this.refusal(undefined, unreadable(context));
    const authentication = await this.judge(incoming, route);
    if (authentication) keepAuthentication(incoming, authentication);
    return true;
  }

  /**
   * Judges a request by what a route demands. Undefined: nobody in particular, and the route lets them in.
   * @throws Refusal
   */
  async judge(incoming: Incoming, route: Route): Promise<Authentication | undefined> {
    const { exchange } = incoming;
    // Whatever is answered depends on who asked: a cache must not give it to another.
    exchange.setHeader('cache-control', 'no-store').setHeader('vary', 'Authorization, Cookie');
    try {
      const found = await this.foundOnce(incoming, route);
      if (!found) {
        if (route.mode === 'optional') return undefined;
        throw this.anonymous(incoming, route);
      }
      authorize(found.principal, route);
      const missing = missingStepUp(found.principal, route, this.settings);
      if (missing) throw this.stepUp(incoming, found.principal, missing);
      found.user ??= this.userOf(found.principal);
      return { ...found, user: await found.user };
    } catch (error) {
      throw this.refusal(exchange, error);
    }
  }

  /** What several calls came with is judged once for those that demand the same. */
  private foundOnce(incoming: Incoming, route: Route): Promise<Found | undefined> {
    if (!incoming.shared) return this.authenticate(incoming, route);
    let judged = this.judged.get(incoming.shared);
    if (!judged) this.judged.set(incoming.shared, (judged = new Map()));
    const name = `${route.scheme} ${route.revocation}`;
    let found = judged.get(name);
    if (!found) judged.set(name, (found = this.authenticate(incoming, route)));
    return found;
  }

  private userOf(principal: Principal): unknown {
    return principal.isClient ? undefined : this.settings.mapUser(principal.claims, principal);
  }

  /** Undefined: nobody in particular. Throws when a credential is brought and is not good. */
  private async authenticate(incoming: Incoming, route: Route): Promise<Found | undefined> {
    const headers = incoming.authorizations();
    if (headers.length > 0) {
      const found = await this.byHeader(incoming, headers, route);
      return this.unlessRevoked(found, route, 'token');
    }
    if (route.scheme === 'jwt' || !this.settings.session) return undefined;
    const { exchange } = incoming;
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
    if (incoming.needsOwnOrigin() && !incoming.isSameOrigin(this.settings.session.origin)) {
      const message = 'This request must come from this application’s own pages.';
      throw new Refused({ status: 403, error: 'access_denied', code: 'csrf', message });
    }
    const returned = returnedCookie(this.settings.session.cookie.name);
    if (exchange.cookies.has(returned)) exchange.setCookie(clearedCookie(returned));
    return found;
  }

  private async byHeader(incoming: Incoming, headers: readonly string[], route: Route) {
    const credentials = credentialsOf(headers, incoming.exchange);
    if (!credentials) {
      throw unauthorized('malformed_credentials', 'Send one Authorization header: Bearer, one space, the token.');
    }
    if (route.scheme === 'session' || !this.settings.bearer) {
      throw unauthorized('scheme_not_accepted', 'This address takes no access token.');
    }
    if (incoming.carriesTokenElsewhere()) {
      const message = 'Send the access token in one place only.';
      throw new Refused({ status: 400, error: 'invalid_request', code: 'ambiguous_credentials', message });
    }
    try {
      return { principal: await this.bearer.authenticate(credentials), accessToken: credentials.token };
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      throw new Refused({ scheme: credentials.scheme, ...partsOf(error) }, reasonOf(error));
    }
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
    const mode = route.revocation ?? this.settings.revocationOf(found.principal.issuer);
    const revocation = this.revocations.of(mode);
    if (await revocation.isRevoked(found)) throw unauthorized('token_revoked', `The ${what} was revoked.`);
    return found;
  }

  private anonymous(incoming: Incoming, route: Route): Refused {
    const { session, unauthenticated } = this.settings;
    const { exchange } = incoming;
    const message = 'Sign in, or send an access token.';
    if (!session || route.scheme === 'jwt' || unauthenticated === 'refuse' || !incoming.isNavigation()) {
      return new Refused({ status: 401, code: 'unauthenticated', message });
    }
    const returned = returnedCookie(session.cookie.name);
    const location = signInUrl(session.loginPath, exchange.target, {});
    if (!exchange.cookies.has(returned)) {
      return new Refused({ status: 303, code: 'unauthenticated', message, location });
    }
    // This browser has just come back from a sign-in that worked, and yet has no session: another round would not help.
    exchange.setCookie(clearedCookie(returned));
    const text = 'You signed in, but this application did not see it. Your browser may be blocking its cookie.';
    return new Refused({ status: 401, code: 'sign_in_loop', message: text, retryUrl: location });
  }

  /** A browser is sent to prove more and comes back to the same page; once, because a second round would not help either. */
  private stepUp(incoming: Incoming, principal: Principal, missing: StepUpRequest): Refused {
    const refused = stepUpRefusal(missing);
    const { exchange } = incoming;
    const { session, unauthenticated } = this.settings;
    if (principal.scheme !== 'session' || !session || unauthenticated === 'refuse' || !incoming.isNavigation()) {
      return refused;
    }
    const location = signInUrl(session.loginPath, exchange.target, missing);
    const hasReturned = exchange.cookies.has(returnedCookie(session.cookie.name));
    return new Refused({ ...refused.parts, ...(hasReturned ? { retryUrl: location } : { status: 303, location }) });
  }

  private refusal(exchange: HttpExchange | undefined, error: unknown): Refusal {
    const parts = partsOf(error);
    const { status, code } = parts;
    const correlationId = exchange?.correlationId ?? randomToken(12);
    // The headers are set here and not in our filter, so that an application's own filter keeps them.
    const needsChallenge = status === 401 || (status === 403 && parts.error === 'insufficient_scope') || status === 400;
    if (needsChallenge) exchange?.setHeader('www-authenticate', this.challenges.of(parts));
    const { nonce } = this.possession;
    if (nonce !== undefined && parts.scheme === 'DPoP') exchange?.setHeader('dpop-nonce', nonce);
    if (status === 503) exchange?.setHeader('retry-after', '5');
    if (parts.location !== undefined) exchange?.setHeader('location', parts.location);
    const line = `${correlationId} ${status} ${code}`;
    if (status === 503) this.logger.error(`${line}: ${reasonOf(error)}`);
    else if (code !== 'unauthenticated') this.logger.warn(`${line}: ${reasonOf(error)}`);
    return new Refusal(parts, correlationId);
  }
}

/** For a call whose request is not to be had: the log says what the application must do about it. */
function unreadable(context: ExecutionContext): Refused {
  const how =
    context.getType<string>() === 'ws'
      ? 'use guardedWsAdapter(WsAdapter, app)'
      : 'keep the request in the context as req';
  const message = 'It cannot be known who you are.';
  return new Refused(
    { status: 401, code: 'request_unreadable', message },
    `no request in a call of kind ${context.getType()}: ${how}`,
  );
}

/** Set for the one page after a sign-in, so that a session that does not stick shows as an error and not as a loop. */
export function returnedCookie(sessionCookie: string): string {
  return `${sessionCookie}-returned`;
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
