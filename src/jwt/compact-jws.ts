import { base64url } from 'jose';
import { SIGNING_ALGORITHMS, type SigningAlgorithm } from './key-source.js';
import { type JsonObject, parseStrictObject } from './strict-json.js';
import { TokenError } from './token-error.js';

/** A compact JWS that is well formed. Nothing in it is proved yet. */
export interface CompactJws {
  algorithm: SigningAlgorithm;
  kid: string | undefined;
  /** `typ` in lower case without `application/` (RFC 7515 §4.1.9); empty when the header has none. */
  type: string;
  header: Readonly<JsonObject>;
  payload: Readonly<JsonObject>;
}

/** Longer tokens are refused before anything is read of them. */
const MAX_TOKEN_LENGTH = 8192;
const MAX_KID_LENGTH = 512;

/**
 * Header parameters that let a token choose how it is verified, where its key comes from, or how it is encoded. We
 * understand none of them, and their presence alone is a refusal (RFC 8725 §3.10, RFC 7515 §4.1.11).
 */
const REFUSED_PARAMETERS = ['crit', 'jwk', 'jku', 'x5u', 'x5c', 'b64', 'zip', 'cty'];

/**
 * Reads a compact JWS strictly: three parts of canonical base64url, JSON objects without ambiguity, an asymmetric `alg`.
 * @param options.accept `jwk` for DPoP proofs, the one kind that brings its own key (RFC 9449 §4.2)
 * @throws TokenError `malformed_token` or `algorithm_refused`
 */
export function parseCompactJws(
  token: string,
  { accept, maxLength = MAX_TOKEN_LENGTH }: { accept?: 'jwk'; maxLength?: number } = {},
): CompactJws {
  if (typeof token !== 'string' || token.length > maxLength) throw malformed('the token is too long');
  const parts = token.split('.', 6);
  if (parts.length !== 3) throw malformed('a compact JWS has three parts');
  const header = parseStrictObject(octets(parts[0]!));
  const payload = parseStrictObject(octets(parts[1]!));
  if (!isCanonical(parts[2]!)) throw notBase64url();
  if (!header || !payload) throw malformed('header and claims must be unambiguous JSON objects');

  const refused = REFUSED_PARAMETERS.find((name) => name !== accept && Object.hasOwn(header, name));
  if (refused) throw malformed(`the header parameter ${refused} is not accepted`);
  const { alg, kid, typ } = header;
  const algorithm = SIGNING_ALGORITHMS.find((known) => known === alg);
  if (!algorithm) throw new TokenError('algorithm_refused', 'alg is not one of the accepted signature algorithms');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH)) throw malformed('kid is no name');
  if (typ !== undefined && typeof typ !== 'string') throw malformed('typ is not a string');
  return { algorithm, kid, type: (typ ?? '').toLowerCase().replace(/^application\//, ''), header, payload };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const BASE64URL = /^[A-Za-z0-9_-]+$/;
/** Which bits of the last character stand for nothing, by the length modulo 4. */
const UNUSED_BITS = [0, 0, 0b1111, 0b0011];

/** Base64url in the one form that an encoder makes: whoever decodes leniently would take two texts for one token. */
function isCanonical(part: string): boolean {
  const rest = part.length % 4;
  return BASE64URL.test(part) && rest !== 1 && (ALPHABET.indexOf(part.at(-1)!) & UNUSED_BITS[rest]!) === 0;
}

function octets(part: string): Uint8Array {
  if (!isCanonical(part)) throw notBase64url();
  return decode(part);
}

/** Node's own decoder is several times faster than one that needs nothing of Node. */
const decode: (part: string) => Uint8Array =
  typeof Buffer === 'undefined' ? base64url.decode : (part) => Buffer.from(part, 'base64url');

function notBase64url(): TokenError {
  return malformed('a part is not base64url');
}

function malformed(reason: string): TokenError {
  return new TokenError('malformed_token', reason);
}
