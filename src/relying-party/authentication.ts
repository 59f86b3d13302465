import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '../protocol/principal.js';
import type { ApplicationSession } from './application-sessions.js';
import { carrierOf, sharedOf } from './incoming/incoming-of.js';
import type { Incoming } from './incoming/incoming.js';

/** What the guard found out about a request. */
export interface Authentication {
  principal: Principal;
  user: unknown;
  accessToken: string | undefined;
  /** Where it was by a session. */
  session?: ApplicationSession | undefined;
}

/** `undefined` where it was decided that nobody is known, which is not the same as not having looked. */
type Kept = Authentication | undefined;

/** Where a call keeps what was found out; not a WeakMap, whose entries cost the garbage collector more than the guard does. */
const KEPT = Symbol('gatehouse.authentication');
/** By what several calls share, which is the application's own object. */
const shared = new WeakMap<object, Authentication>();

/** Keeps what was found out where the decorators look for it, and nowhere else. */
export function keepAuthentication(incoming: Incoming, authentication: Authentication): void {
  keep(incoming.carrier, authentication);
  if (incoming.shared) shared.set(incoming.shared, authentication);
}

/** Whether this call was decided already: a guard that is global and named by `@UseGuards` runs twice. */
export function isDecided({ carrier, isOneOfMany }: Incoming): boolean {
  return !isOneOfMany && KEPT in carrier;
}

/** A public field of an operation whose other fields may know somebody. */
export function keepAnonymous(context: ExecutionContext): void {
  const carrier = carrierOf(context);
  if (carrier) keep(carrier, undefined);
}

/**
 * What the guard found out about the request of this call; undefined for the anonymous. A GraphQL field that had no guard
 * of its own is told what the operation's guarded fields know.
 */
export function authenticationOf(context: ExecutionContext): Authentication | undefined {
  const carrier = carrierOf(context) as { [KEPT]?: Kept } | undefined;
  if (!carrier || KEPT in carrier) return carrier?.[KEPT];
  const common = sharedOf(context);
  return common && shared.get(common);
}

function keep(carrier: object & { [KEPT]?: Kept }, authentication: Kept): void {
  carrier[KEPT] = authentication;
}
