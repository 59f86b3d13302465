import { parseCompactJws } from './compact-jws.js';
import type { SigningAlgorithm, VerificationKeys } from './key-source.js';
import { verifySecretJws } from './secret-jws.js';
import { verifySignature } from './signature.js';
import { type JsonObject, parseStrictObject } from './strict-json.js';
import { checkClaims, type ClaimsPolicy } from './token-claims.js';
import { TokenError } from './token-error.js';
import { unproved } from './unproved.js';

/** `oauth-authz-req+jwt` says that it is one (RFC 9101 §10.8); what is declared to be something else is none. */
const TYPES = ['', 'jwt', 'oauth-authz-req+jwt'];

/** By what a client's request objects are proved. What is absent proves nothing. */
export interface RequestObjectTrust {
  /** The only algorithm that the client registered, if it did. `none`: its objects are plain. */
  algorithm?: SigningAlgorithm | 'HS256' | 'none' | undefined;
  keys(algorithm: SigningAlgorithm): VerificationKeys | undefined;
  /** A secret that only this client and we know; never a public key. */
  secret?: string | undefined;
  longest: number;
}

/**
 * Proves a request object and gives its claims (OpenID Connect Core §6, RFC 9101 §6): the algorithm is the registered one,
 * or any that the client's keys can prove; `none` must have been registered.
 * @throws TokenError; KeysUnavailableError when the client's keys cannot be had
 */
export async function proveRequestObject(
  token: string,
  trust: RequestObjectTrust,
  policy: ClaimsPolicy,
  nowSeconds: number,
): Promise<Readonly<JsonObject>> {
  if (token.length > trust.longest) throw new TokenError('malformed_token', 'the request object is too long');
  const algorithm = unproved(token)?.header['alg'];
  if (trust.algorithm !== undefined && algorithm !== trust.algorithm) {
    throw new TokenError('algorithm_refused', 'alg is not the one that the client registered');
  }
  const claims = await claimsOf(token, algorithm, trust);
  checkClaims(claims, policy, nowSeconds);
  return claims;
}

async function claimsOf(token: string, algorithm: unknown, trust: RequestObjectTrust): Promise<Readonly<JsonObject>> {
  if (algorithm === 'none' && trust.algorithm === 'none') return plainClaims(token);
  if (algorithm === 'HS256') {
    if (trust.secret === undefined) throw new TokenError('algorithm_refused', 'HS256 is for client_secret_jwt clients');
    checkType(unproved(token)?.header['typ']);
    return verifySecretJws(token, trust.secret);
  }
  const jws = parseCompactJws(token, { maxLength: trust.longest });
  checkType(jws.type);
  const key = await trust.keys(jws.algorithm)?.find(jws.kid, jws.algorithm);
  if (!key) throw new TokenError('signature_invalid', 'no key of the client fits');
  await verifySignature(token, key);
  return jws.payload;
}

/** An unsecured JWS (RFC 7515 appendix A.5): `alg` none and an empty signature. */
function plainClaims(token: string): Readonly<JsonObject> {
  const [header = '', payload = '', signature, ...more] = token.split('.');
  const claims = parseStrictObject(Buffer.from(payload, 'base64url'));
  if (signature !== '' || more.length > 0 || !claims) throw new TokenError('malformed_token', 'not an unsecured JWS');
  checkType(parseStrictObject(Buffer.from(header, 'base64url'))?.['typ']);
  return claims;
}

function checkType(typ: unknown): void {
  const type = typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : typ;
  if (type !== undefined && !TYPES.some((known) => known === type)) {
    throw new TokenError('wrong_token_type', 'typ names another kind of token');
  }
}
