import type { HttpExchange } from '../platform/http/exchange.js';

/** What an `Authorization` header brought: a token, and how its bearer says that it is theirs. */
export interface Credentials {
  scheme: 'Bearer' | 'DPoP';
  token: string;
  /** The request that they came with. */
  exchange: HttpExchange;
}

/** RFC 6750 §2.1, RFC 9449 §7.1: the scheme in any case, one space, a `token68`. */
const HEADER = /^(bearer|dpop) ([A-Za-z0-9\-._~+/]+=*)$/i;

/** The credentials of the `Authorization` headers of a request; undefined when they are not one of the form that is known. */
export function credentialsOf(headers: readonly string[], exchange: HttpExchange): Credentials | undefined {
  const [, scheme, token] = (headers.length === 1 && HEADER.exec(headers[0]!)) || [];
  if (scheme === undefined || token === undefined) return undefined;
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token, exchange };
}
