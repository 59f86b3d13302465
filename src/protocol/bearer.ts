import { OAuthError } from './oauth-error.js';

/** RFC 6750 §2.1: `b64token`. */
const BEARER = /^bearer ([A-Za-z0-9\-._~+/]+=*)$/i;
const LONGEST = 16_384;

/** The scheme of an `Authorization` header, lower case. */
export function schemeOf(header: string): string {
  return header.split(' ', 1)[0]!.toLowerCase();
}

/**
 * The token of a Bearer header; undefined when it is another scheme.
 * @throws OAuthError invalid_request when it is Bearer but not of the form of RFC 6750 §2.1.
 */
export function bearerToken(header: string): string | undefined {
  if (schemeOf(header) !== 'bearer') return undefined;
  const token = header.length <= LONGEST ? BEARER.exec(header)?.[1] : undefined;
  if (token === undefined) throw wronglySent('the Authorization header is not of the form "Bearer token"');
  return token;
}

/** A token that is wrongly sent: the answer is a challenge, too, which says so (RFC 6750 §3.1). */
export function wronglySent(description: string): OAuthError {
  return new OAuthError('invalid_request', description, { challenge: 'Bearer' });
}

/** A token as an API is sent it. */
export interface PresentedToken {
  scheme: 'Bearer' | 'DPoP';
  token: string;
}

/** RFC 6750 §2.1, RFC 9449 §7.1: the scheme in any case, one space, a `token68`. */
const PRESENTED = /^(bearer|dpop) ([A-Za-z0-9\-._~+/]+=*)$/i;

/** What an `Authorization` header brings to an API; undefined for every other form. */
export function presentedToken(header: string): PresentedToken | undefined {
  const [, scheme, token] = PRESENTED.exec(header) ?? [];
  if (scheme === undefined || token === undefined) return undefined;
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token };
}
