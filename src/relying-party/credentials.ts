import type { HttpExchange } from '../platform/http/exchange.js';
import { type PresentedToken, presentedToken } from '../protocol/bearer.js';

/** What an `Authorization` header brought: a token, and how its bearer says that it is theirs. */
export interface Credentials extends PresentedToken {
  /** The request that they came with. */
  exchange: HttpExchange;
}

/** The credentials of the `Authorization` headers of a request; undefined when they are not of the one form that is taken. */
export function credentialsOf(headers: readonly string[], exchange: HttpExchange): Credentials | undefined {
  const presented = headers.length === 1 ? presentedToken(headers[0]!) : undefined;
  return presented && { ...presented, exchange };
}
