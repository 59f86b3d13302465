import type { ExecutionContext } from '@nestjs/common';
import type { RevocationMode } from './relying-party.options.js';

/** Which credentials a route takes. */
export type Scheme = 'session' | 'jwt' | 'any';

/** What a route may say beyond the application's options. */
export interface AuthenticatedOptions {
  revocation?: RevocationMode;
}

/** What `@Authenticated`, `@OptionalAuth` or `@Public` says. */
export interface Access extends AuthenticatedOptions {
  mode: 'required' | 'optional' | 'public';
  scheme: Scheme;
}

/** What a handler demands, its class's decorators included. */
export interface Route extends Access {
  scopes: string[];
  /** One of each group. */
  roles: string[][];
}

const ACCESS = 'gatehouse:access';
const SCOPES = 'gatehouse:scopes';
const ROLES = 'gatehouse:roles';

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

function annotate(key: string, value: unknown): MethodDecorator & ClassDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    Reflect.defineMetadata(key, value, (descriptor?.value as object | undefined) ?? target);
  };
}

/** What each handler demands, read once. */
export class Routes {
  private readonly routes = new WeakMap<object, WeakMap<object, Route>>();

  of(context: ExecutionContext): Route {
    const handler = context.getHandler();
    const owner = context.getClass();
    let ofOwner = this.routes.get(owner);
    if (!ofOwner) this.routes.set(owner, (ofOwner = new WeakMap()));
    let route = ofOwner.get(handler);
    if (!route) ofOwner.set(handler, (route = readRoute(handler, owner)));
    return route;
  }
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
