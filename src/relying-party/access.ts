import type { ExecutionContext } from '@nestjs/common';
import { protectsItself } from '../platform/http/own-protection.js';
import { type Duration, milliseconds, seconds } from '../platform/duration.js';
import type { OnStale, RevocationMode } from './relying-party.options.js';

/** Which credentials a route takes. */
export type Scheme = 'session' | 'jwt' | 'any';

/** What a route may say beyond the application's options. */
export interface AuthenticatedOptions {
  revocation?: RevocationMode;
  /** How long the revocation feed may have been silent, in place of the application's option. */
  maxStaleness?: Duration;
  /** What then happens; `accept` lets everybody in whose credential is not known to be revoked. */
  onStale?: OnStale | 'accept';
}

/** What `@Authenticated`, `@OptionalAuth` or `@Public` says. */
export interface Access extends AuthenticatedOptions {
  mode: 'required' | 'optional' | 'public';
  scheme: Scheme;
}

/** How well, and how lately, a person must have proved who they are. */
export interface StepUp {
  /** One of these, as `@RequireAcr` names them; empty: any. */
  acr: readonly string[];
  /** The longest since then; undefined: any. */
  maxAgeSeconds: number | undefined;
}

/** What a route says about a revocation feed that was silent. */
export interface StalenessPolicy {
  maxMilliseconds: number | undefined;
  onStale: OnStale | 'accept' | undefined;
}

/** What a handler demands, its class's decorators included. */
export interface Route extends Access {
  scopes: readonly string[];
  /** One of each group. */
  roles: readonly (readonly string[])[];
  /** All of them. */
  stepUps: readonly StepUp[];
  /** How much of the revocation feed's silence is borne here, where it is another than elsewhere. */
  staleness?: StalenessPolicy;
  /** Its answer goes on: server-sent events. */
  isStream?: boolean;
}

const ACCESS = 'gatehouse:access';
const SCOPES = 'gatehouse:scopes';
const ROLES = 'gatehouse:roles';
const STEP_UP = 'gatehouse:step-up';
/** The name under which Nest keeps what `@Sse` says. */
const SSE = '__sse__';

/** Metadata of the decorators; a second one that says who may come in is a mistake, not a preference. */
export function demand(value: Access): MethodDecorator & ClassDecorator {
  return (target: object, key?: string | symbol, descriptor?: PropertyDescriptor) => {
    const place = (descriptor?.value as object | undefined) ?? target;
    if (Reflect.hasOwnMetadata(ACCESS, place)) {
      const name = (place as { name?: string }).name ?? String(key);
      throw new Error(`${name}: use one of @Authenticated, @OptionalAuth and @Public, not two`);
    }
    Reflect.defineMetadata(ACCESS, value, place);
  };
}

export const demandScopes = (scopes: string[]) => annotate(SCOPES, scopes);
export const demandRoles = (roles: string[]) => annotate(ROLES, roles);

/** @throws Error when it demands nothing, or a duration that is none */
export function demandStepUp(acr: readonly string[], maxAge: Duration | undefined) {
  const maxAgeSeconds = maxAge === undefined ? undefined : seconds(maxAge);
  if (acr.length === 0 && maxAgeSeconds === undefined)
    throw new Error('@RequireAcr: say which acr, or maxAge, or both');
  if (acr.some((value) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value))) {
    throw new Error('@RequireAcr: an acr value is a name without spaces');
  }
  if (maxAgeSeconds !== undefined && maxAgeSeconds < 1) throw new Error('@RequireAcr: maxAge is at least 1s');
  return annotate(STEP_UP, { acr, maxAgeSeconds } satisfies StepUp);
}

function annotate(key: string, value: unknown): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    Reflect.defineMetadata(key, value, (descriptor?.value as object | undefined) ?? target);
  };
}

/** What each handler demands, read once. */
export class Routes {
  /** By handler: mostly of one class; of several, where they inherit it. */
  private readonly routes = new WeakMap<object, OwnRoute[]>();

  of(context: ExecutionContext): Route {
    const handler = context.getHandler();
    const owner = context.getClass();
    let known = this.routes.get(handler);
    if (!known) this.routes.set(handler, (known = []));
    for (const one of known) if (one.owner === owner) return one.route;
    const route = readRoute(handler, owner);
    known.push({ owner, route });
    return route;
  }
}

interface OwnRoute {
  owner: object;
  route: Route;
}

/** What a handler demands. */
export function readRoute(handler: object, owner: object): Route {
  // A provider in the same application.
  if (protectsItself(owner)) return { mode: 'public', scheme: 'any', scopes: [], roles: [], stepUps: [] };
  const own = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
  const inherited = Reflect.getMetadata(ACCESS, owner) as Access | undefined;
  const chosen: Access = own ?? inherited ?? { mode: 'required', scheme: 'any' };
  const listed = <T>(key: string, places: object[]) =>
    places.flatMap((place) => (Reflect.getMetadata(key, place) as T | undefined) ?? []);
  const grouped = (key: string, places: object[]) =>
    places.flatMap((place) => {
      const names = Reflect.getMetadata(key, place) as string[] | undefined;
      return names ? [names] : [];
    });
  // A handler opened by its own decorator is open whatever its class demands; the other way round it stays closed.
  const places = chosen.mode !== 'required' && own ? [handler] : [owner, handler];
  const scopes = listed<string>(SCOPES, places);
  const roles = grouped(ROLES, places);
  const stepUps = listed<StepUp>(STEP_UP, places);
  // Who demands something of a person does not let everybody in.
  const demands = scopes.length + roles.length + stepUps.length > 0;
  const staleness = {
    maxMilliseconds: chosen.maxStaleness === undefined ? undefined : milliseconds(chosen.maxStaleness),
    onStale: chosen.onStale,
  };
  const isStream = Reflect.getMetadata(SSE, handler) === true;
  return { ...chosen, scopes, roles, stepUps, staleness, isStream, ...(demands ? { mode: 'required' } : {}) };
}
