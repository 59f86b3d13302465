import { Inject, Injectable, type OnModuleInit, Optional } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModuleRef, ModulesContainer } from '@nestjs/core';
import { HttpExchange } from '../../platform/http/exchange.js';
import { routesIn } from '../../platform/http/routes.js';
import { digest, matches } from '../../platform/secret.js';
import { readRoute, type Route } from '../access.js';
import { isGuarded } from '../other-contexts.js';
import { Settings } from '../relying-party.options.js';
import { type FeedHealth, RevocationFeed } from '../revocations/revocation-feed.js';
import { TrustedIssuers } from '../trusted-issuers.js';
import { type RevocationWindow, windowsOf } from './window.js';

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Provided where the guard is global. */
export const GLOBAL_GUARD_MARK = Symbol('gatehouse global guard');

/** How a route is guarded. */
export interface DescribedRoute {
  method: string;
  /** As it is declared. */
  path: string;
  /** `OrdersController.list` */
  handler: string;
  /** `unguarded`: our guard does not stand before it; perhaps another one does. */
  access: Route['mode'] | 'unguarded';
  takes: ('session' | 'jwt')[];
  scopes: readonly string[];
  /** One of each group. */
  roles: readonly (readonly string[])[];
  /** It demands a recent, or a better, sign-in. */
  stepUp: boolean;
  windows: RevocationWindow[];
}

/** How an application is guarded: for `npx nest-gatehouse explain`. */
export interface GuardDescription {
  format: 1;
  issuer: string;
  clientId: string | null;
  session: { store: string; cookie: string; idleMilliseconds: number; absoluteMilliseconds: number } | null;
  bearer: { issuers: { issuer: string; audience: readonly string[]; algorithms: readonly string[] }[] } | null;
  /** What an issuer publishes among its keys that nobody should, and that is not used: by whom, its name, and why. */
  badKeys: { issuer: string; kid?: string | undefined; problem: string }[];
  revocation: string;
  feed: Pick<FeedHealth, 'state' | 'fresh' | 'lagMilliseconds' | 'rules'> | null;
  routes: DescribedRoute[];
}

/**
 * Tells how the application's routes are guarded, to whom the option `describe` names and to nobody else: to anybody else it
 * is as if there were no such address. It is given to the HTTP adapter itself, so no prefix and no guard counts there.
 */
@Injectable()
export class Description implements OnModuleInit {
  constructor(
    private readonly settings: Settings,
    private readonly feed: RevocationFeed,
    private readonly issuers: TrustedIssuers,
    private readonly host: HttpAdapterHost,
    private readonly modules: ModulesContainer,
    private readonly moduleRef: ModuleRef,
    @Optional() @Inject(GLOBAL_GUARD_MARK) private readonly isGlobal: boolean | undefined,
  ) {}

  onModuleInit(): void {
    if (!this.settings.describe) return;
    const folder = this.settings.session?.loginPath.replace(/login$/, '') ?? '/auth/';
    this.host.httpAdapter?.get(`${folder}description`, (request: object, response: object) => {
      const exchange = HttpExchange.of(request, response);
      exchange.setHeader('cache-control', 'no-store');
      if (this.admits(exchange)) exchange.json(200, this.describe());
      else exchange.json(404, { error: 'not_found' });
    });
  }

  /** What there is to tell. */
  describe(): GuardDescription {
    const { settings, feed } = this;
    const { session, bearer, issuer, clientId = null, revocation } = settings;
    const isAbsent = feed.state === 'absent';
    const { state, fresh, lagMilliseconds, rules } = feed.health();
    return {
      format: 1,
      issuer,
      clientId,
      session: session
        ? {
            store: typeof session.store === 'string' ? session.store : session.store.constructor.name,
            cookie: session.cookie.name,
            idleMilliseconds: session.idleMilliseconds,
            absoluteMilliseconds: session.absoluteMilliseconds,
          }
        : null,
      bearer: bearer
        ? {
            issuers: bearer.issuers.map((one) => ({
              issuer: one.issuer,
              audience: one.audience,
              algorithms: one.algorithms,
            })),
          }
        : null,
      badKeys: this.issuers.badKeys,
      revocation: isAbsent && revocation === 'feed' ? 'expiry' : revocation,
      feed: settings.usesFeed ? { state, fresh, lagMilliseconds, rules } : null,
      routes: routesIn(this.modules, this.moduleRef.get(ApplicationConfig, { strict: false })).map((served) => {
        const route = readRoute(served.handle, served.controller);
        const isOurs = this.isGlobal === true || isGuarded(served.handle, served.controller);
        const takes = (['session', 'jwt'] as const).filter(
          (kind) => (kind === 'session' ? session : bearer) && (route.scheme === 'any' || route.scheme === kind),
        );
        return {
          method: served.method,
          path: served.path,
          handler: served.handler,
          access: isOurs ? route.mode : 'unguarded',
          takes: isOurs && route.mode !== 'public' ? takes : [],
          scopes: route.scopes,
          roles: route.roles,
          stepUp: route.stepUps.length > 0,
          windows: isOurs ? windowsOf(route, settings, isAbsent) : [],
        };
      }),
    };
  }

  private admits(exchange: HttpExchange): boolean {
    const { describe } = this.settings;
    // On the developer's own machine, by whoever sits there; not by a page whose name leads there (DNS rebinding).
    if (describe === true)
      return LOOPBACK_ADDRESS.test(exchange.ip) && LOOPBACK_HOST.test(exchange.header('host') ?? '');
    const [given, ...more] = exchange.headerValues('authorization');
    if (describe === undefined || given === undefined || more.length > 0) return false;
    return matches(digest(given), digest(`Bearer ${describe.secret}`));
  }
}
