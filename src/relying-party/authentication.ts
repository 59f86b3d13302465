import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '../protocol/principal.js';
import { carrierOf, sharedOf } from './incoming/incoming-of.js';
import type { Incoming } from './incoming/incoming.js';

/** What the guard found out about a request. */
export interface Authentication {
  principal: Principal;
  user: unknown;
  accessToken: string | undefined;
}

/** `undefined` where it was decided that nobody is known, which is not the same as not having looked. */
const authentications = new WeakMap<object, Authentication | undefined>();

/** Keeps what was found out where the decorators look for it, and nowhere on the request. */
export function keepAuthentication({ carrier, shared }: Incoming, authentication: Authentication): void {
  authentications.set(carrier, authentication);
  if (shared) authentications.set(shared, authentication);
}

/** Whether this call was decided already: a guard that is global and named by `@UseGuards` runs twice. */
export function isDecided(context: ExecutionContext): boolean {
  // A socket's messages of one handler share their carrier, and each of them is judged.
  if (context.getType<string>() === 'ws') return false;
  const carrier = carrierOf(context);
  return carrier !== undefined && authentications.has(carrier);
}

/** A public field of an operation whose other fields may know somebody. */
export function keepAnonymous(context: ExecutionContext): void {
  const carrier = carrierOf(context);
  if (carrier) authentications.set(carrier, undefined);
}

/**
 * What the guard found out about the request of this call; undefined for the anonymous. A GraphQL field that had no guard
 * of its own is told what the operation's guarded fields know.
 */
export function authenticationOf(context: ExecutionContext): Authentication | undefined {
  const carrier = carrierOf(context);
  if (!carrier || authentications.has(carrier)) return carrier && authentications.get(carrier);
  const shared = sharedOf(context);
  return shared && authentications.get(shared);
}
