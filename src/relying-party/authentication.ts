import type { ExecutionContext } from '@nestjs/common';
import type { Principal } from '../protocol/principal.js';
import { carrierOf } from './incoming/incoming-of.js';

/** What the guard found out about a request. */
export interface Authentication {
  principal: Principal;
  user: unknown;
  accessToken: string | undefined;
}

const authentications = new WeakMap<object, Authentication>();

/** Keeps what was found out where the decorators look for it, and nowhere on the request. */
export function keepAuthentication(carrier: object, authentication: Authentication): void {
  authentications.set(carrier, authentication);
}

/** What the guard found out about the request of this call; undefined for the anonymous. */
export function authenticationOf(context: ExecutionContext): Authentication | undefined {
  const carrier = carrierOf(context);
  return carrier && authentications.get(carrier);
}
