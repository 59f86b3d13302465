import { Injectable, Logger } from '@nestjs/common';
import { TokenError } from '../jwt/token-error.js';
import { clearedCookie } from '../platform/http/cookies.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { randomToken } from '../platform/secret.js';
import { type Principal, principalOf, scopesOf, stringsOf } from '../protocol/principal.js';
import type { Route } from './access.js';
import { type ApplicationSession, ApplicationSessions } from './application-sessions.js';
import type { Authentication } from './authentication.js';
import { BEARER, BearerTokens } from './bearer-tokens.js';
import { Challenges } from './challenges.js';
import { type Credentials, credentialsOf } from './credentials.js';
import type { Incoming } from './incoming/incoming.js';
import { andThen, type MaybePromise, orThrow } from './maybe-promise.js';
import { Possession } from './possession.js';
import { Refusal } from './refusal.js';
import { partsOf, reasonOf, Refused, unauthorized } from './refused.js';
import { Settings } from './relying-party.options.js';
import type { Evidence } from './revocation/revocation.js';
import { Revocations } from './revocation/revocations.js';
import { SessionCookie } from './session-cookie.js';
import { missingStepUp, signInUrl, stepUpRefusal, type StepUpRequest } from './step-up.js';
import { runStrategy, StrategyRefusedError } from './strategies/run-strategy.js';
import { SessionStrategy } from './strategies/session.strategy.js';

/** Somebody, by a credential that is good; `user` is what `mapUser` makes of it, once it was asked. */
interface Found extends Evidence {
  principal: Principal;
  /** Epoch milliseconds; a session may outlive the access token that it cannot renew. */
  accessTokenExpiresAt: number | undefined;
  session: ApplicationSession | undefined;
  user: unknown;
}

/** In one shape, whatever the credential was: what reads it is then faster. */
function foundBy(
  principal: Principal,
  accessToken: string,
  accessTokenExpiresAt?: number,
  session?: ApplicationSession,
): Found {
  return { principal, accessToken, accessTokenExpiresAt, session, user: undefined };
}

/**
 * Finds out who makes a request, and whether the route lets them in: the credential that it carries chooses the strategy,
 * one that is refused is not second-guessed by another, and an error of any kind is a refusal. What a request is in each of
 * Nest's contexts is told by `incoming/`.
 */
@Injectable()
export class Authenticator {
  private readonly logger = new Logger('Authentication');
  private readonly sessionStrategy: SessionStrategy;
  private readonly cookie: SessionCookie | undefined;
  private readonly judged = new WeakMap<object, Map<string, MaybePromise<Found | undefined>>>();

  constructor(
    private readonly settings: Settings,
    private readonly bearer: BearerTokens,
    private readonly sessions: ApplicationSessions,
    private readonly revocations: Revocations,
    private readonly possession: Possession,
    private readonly challenges: Challenges,
  ) {
    this.sessionStrategy = new SessionStrategy(sessions);
    this.cookie = settings.session && new SessionCookie(settings.session.cookie.name);
  }

  /**
   * Judges a request by what a route demands. Undefined: nobody in particular, and the route lets them in.
   * @throws Refusal
   */
  judge(incoming: Incoming, route: Route): MaybePromise<Authentication | undefined> {
    const { exchange } = incoming;
    // Read once: with every request that is answered from a cache it would be the dearest part.
    const now = this.settings.clock.now();
    // Whatever is answered depends on who asked: a cache must not give it to another.
    exchange.setHeader('cache-control', 'no-store');
    exchange.vary('Authorization, Cookie');
    // Without the helpers of `maybe-promise`: every request comes by here, mostly without waiting for anything.
    try {
      const found = this.foundOnce(incoming, route, now);
      if (!(found instanceof Promise)) {
        const admitted = this.admit(found, incoming, route, now);
        return admitted instanceof Promise ? this.settled(admitted, exchange) : admitted;
      }
      return this.settled(
        found.then((one) => this.admit(one, incoming, route, this.settings.clock.now())),
        exchange,
      );
    } catch (error) {
      throw this.refusal(exchange, error);
    }
  }

  private settled<T>(judged: Promise<T>, exchange: HttpExchange): Promise<T> {
    return judged.catch((error: unknown) => {
      throw this.refusal(exchange, error);
    });
  }

  /** What a route demands of whoever was found. */
  private admit(
    found: Found | undefined,
    incoming: Incoming,
    route: Route,
    now: number,
  ): MaybePromise<Authentication | undefined> {
    if (!found) {
      if (route.mode === 'optional') return undefined;
      throw this.anonymous(incoming, route);
    }
    const { principal, accessToken, accessTokenExpiresAt, session } = found;
    authorize(principal, route);
    if (route.stepUps.length > 0) {
      const missing = missingStepUp(principal, route, this.settings);
      if (missing) throw this.stepUp(incoming, principal, missing);
    }
    const isOver = accessTokenExpiresAt !== undefined && accessTokenExpiresAt <= now;
    const user = (found.user ??= this.userOf(principal));
    const authentication = { principal, user, accessToken: isOver ? undefined : accessToken, session };
    return user instanceof Promise ? user.then((one: unknown) => ({ ...authentication, user: one })) : authentication;
  }

  /** What several calls came with is judged once for those that demand the same. */
  private foundOnce(incoming: Incoming, route: Route, now: number): MaybePromise<Found | undefined> {
    const { operation } = incoming;
    if (!operation) return this.authenticate(incoming, route, now);
    let judged = this.judged.get(operation);
    if (!judged) this.judged.set(operation, (judged = new Map()));
    const name = `${route.scheme} ${route.revocation} ${route.maxStaleness} ${route.onStale}`;
    let found = judged.get(name);
    if (!found) judged.set(name, (found = this.authenticate(incoming, route, now)));
    return found;
  }

  private userOf(principal: Principal): unknown {
    return principal.isClient ? undefined : this.settings.mapUser(principal.claims, principal);
  }

  /** Undefined: nobody in particular. Throws when a credential is brought and is not good. */
  private authenticate(incoming: Incoming, route: Route, now: number): MaybePromise<Found | undefined> {
    const headers = incoming.authorizations();
    if (headers.length > 0) {
      const found = this.byHeader(incoming, headers, route, now);
      return found instanceof Promise
        ? found.then((one) => this.unlessRevoked(one, route))
        : this.unlessRevoked(found, route);
    }
    if (route.scheme === 'jwt' || !this.cookie) return undefined;
    const session = this.bySession(incoming, now);
    return session instanceof Promise
      ? session.then((one) => one && this.ofSession(one, incoming, route))
      : session && this.ofSession(session, incoming, route);
  }

  private byHeader(incoming: Incoming, headers: readonly string[], route: Route, now: number): MaybePromise<Found> {
    const takesTokens = route.scheme !== 'session' && this.settings.bearer !== undefined;
    const known = takesTokens && headers.length === 1 ? this.bearer.known(headers[0]!, now) : undefined;
    const credentials = known ? undefined : credentialsOf(headers, incoming.exchange);
    if (!known && !credentials) {
      throw unauthorized('malformed_credentials', 'Send one Authorization header: Bearer, one space, the token.');
    }
    if (!takesTokens) throw unauthorized('scheme_not_accepted', 'This address takes no access token.');
    if (incoming.carriesTokenElsewhere()) {
      const message = 'Send the access token in one place only.';
      throw new Refused({ status: 400, error: 'invalid_request', code: 'ambiguous_credentials', message });
    }
    return known ? foundBy(known, headers[0]!.slice(BEARER.length)) : this.proven(credentials!);
  }

  private proven(credentials: Credentials): MaybePromise<Found> {
    const { scheme, token } = credentials;
    return orThrow(
      () => andThen(this.bearer.authenticate(credentials), (principal) => foundBy(principal, token)),
      (error) =>
        error instanceof TokenError ? new Refused({ scheme, ...partsOf(error) }, reasonOf(error)) : (error as Error),
    );
  }

  private bySession({ exchange, setsCookies }: Incoming, now: number): MaybePromise<ApplicationSession | undefined> {
    const sessionId = this.cookie!.read(exchange);
    if (sessionId === undefined) return undefined;
    return this.sessions.cached(sessionId, now) ?? this.provenSession(exchange, sessionId, setsCookies);
  }

  private async provenSession(
    exchange: HttpExchange,
    sessionId: string,
    setsCookies: boolean,
  ): Promise<ApplicationSession | undefined> {
    const cookie = this.cookie!;
    try {
      const session = await runStrategy<ApplicationSession>(this.sessionStrategy, { sessionId, setsCookies });
      if (session.id !== sessionId) cookie.set(exchange, session.id);
      return session;
    } catch (error) {
      if (!(error instanceof StrategyRefusedError)) throw error;
      cookie.clear(exchange);
      return undefined;
    }
  }

  /** What a living session is good for in this request. */
  private ofSession(session: ApplicationSession, incoming: Incoming, route: Route): MaybePromise<Found | undefined> {
    const { accessToken, accessTokenExpiresAt } = session.data.tokens;
    const principal = (session.principal ??= this.newPrincipal(session));
    const found = foundBy(principal, accessToken, accessTokenExpiresAt, session);
    const isRevoked = this.isRevoked(found, route);
    return isRevoked instanceof Promise
      ? isRevoked.then((is) => this.unlessEnded(found, session, is, incoming))
      : this.unlessEnded(found, session, isRevoked, incoming);
  }

  private unlessEnded(
    found: Found,
    session: ApplicationSession,
    isRevoked: boolean,
    incoming: Incoming,
  ): MaybePromise<Found | undefined> {
    const { exchange } = incoming;
    if (isRevoked) return this.endRevoked(session, exchange);
    if (incoming.needsOwnOrigin() && !incoming.isSameOrigin(this.settings.session!.origin)) {
      const message = 'This request must come from this application’s own pages.';
      throw new Refused({ status: 403, error: 'access_denied', code: 'csrf', message });
    }
    const returned = this.cookie!.returned;
    if (exchange.cookie(returned) !== undefined) exchange.setCookie(clearedCookie(returned));
    return found;
  }

  /** Whoever comes with it is nobody from now on. */
  private async endRevoked({ id }: ApplicationSession, exchange: HttpExchange): Promise<undefined> {
    await this.sessions.dropEnded(id);
    this.cookie!.clear(exchange);
  }

  private newPrincipal(session: ApplicationSession): Principal {
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

  private isRevoked(found: Found, route: Route): MaybePromise<boolean> {
    const mode = route.revocation ?? this.settings.revocationOf(found.principal.issuer);
    return this.revocations.of(mode).isRevoked(found, route.staleness);
  }

  private unlessRevoked(found: Found, route: Route): MaybePromise<Found> {
    const isRevoked = this.isRevoked(found, route);
    return isRevoked instanceof Promise ? isRevoked.then((is) => goodUnless(found, is)) : goodUnless(found, isRevoked);
  }

  private anonymous(incoming: Incoming, route: Route): Refused {
    const { session, unauthenticated } = this.settings;
    const { exchange } = incoming;
    const message = 'Sign in, or send an access token.';
    if (!session || route.scheme === 'jwt' || unauthenticated === 'refuse' || !incoming.isNavigation()) {
      return new Refused({ status: 401, code: 'unauthenticated', message });
    }
    const { returned } = this.cookie!;
    const location = signInUrl(session.loginPath, exchange.target, {});
    if (exchange.cookie(returned) === undefined) {
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
    const hasReturned = exchange.cookie(this.cookie!.returned) !== undefined;
    return new Refused({ ...refused.parts, ...(hasReturned ? { retryUrl: location } : { status: 303, location }) });
  }

  /** The answer to whatever went wrong, with its headers set and a line in the log. */
  refusal(exchange: HttpExchange | undefined, error: unknown): Refusal {
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

function goodUnless(found: Found, isRevoked: boolean): Found {
  if (isRevoked) throw unauthorized('token_revoked', 'The token was revoked.');
  return found;
}

function authorize(principal: Principal, route: Route): void {
  if (route.scopes.length > 0 && !route.scopes.every((scope) => principal.scopes.includes(scope))) {
    const message = 'The access granted does not cover this.';
    const scope = route.scopes.join(' ');
    throw new Refused({ status: 403, error: 'insufficient_scope', code: 'insufficient_scope', message, scope });
  }
  if (route.roles.length > 0 && !route.roles.every((group) => group.some((role) => principal.roles.includes(role)))) {
    const message = 'This needs a role that you do not have.';
    throw new Refused({ status: 403, error: 'access_denied', code: 'insufficient_role', message });
  }
}
