import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { compactDecrypt, CompactEncrypt } from 'jose';
import {
  CONTENT_ENCRYPTION_ALGORITHMS,
  type ContentEncryptionAlgorithm,
  isEncryptionKey,
  KEY_MANAGEMENT_ALGORITHMS,
  type KeyManagementAlgorithm,
} from '../protocol/encryption-algorithm.js';
import { parseStrictObject } from './strict-json.js';
import { TokenError } from './token-error.js';

/** The public key of whoever may read a message. */
export interface EncryptionKey {
  kid?: string;
  algorithm: KeyManagementAlgorithm;
  key: KeyObject;
}

/** Where a reader finds its own private keys. */
export abstract class DecryptionKeys {
  /** The keys that may open a message: the one of this `kid`, or all of the algorithm when the message names none. */
  abstract findPrivate(kid: string | undefined, algorithm: KeyManagementAlgorithm): Promise<KeyObject[]>;
}

/** Longer messages are refused before anything is decrypted. */
const LONGEST = 24_576;
const RSA_BITS = { least: 2048, most: 8192 };
/** What would let a message choose its key, unfold to any size, or mean something that we do not know (RFC 8725 §3.6, §3.10). */
const REFUSED_PARAMETERS = ['zip', 'crit', 'jwk', 'jku', 'x5u', 'x5c', 'p2c', 'p2s'];

/**
 * The key of a JWK Set that one may encrypt with: one that says it is for encryption goes before one that says nothing.
 * Undefined when there is none.
 */
export function encryptionKeyOf(document: unknown, algorithm: KeyManagementAlgorithm): EncryptionKey | undefined {
  const entries: unknown = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(entries)) return undefined;
  const fitting = entries.filter(
    (entry): entry is Record<string, unknown> =>
      typeof entry === 'object' && entry !== null && isEncryptionKey(entry as Record<string, unknown>, algorithm),
  );
  const inOrder = [...fitting.filter(({ use }) => use === 'enc'), ...fitting.filter(({ use }) => use !== 'enc')];
  for (const { kid, ...jwk } of inOrder) {
    const key = publicKeyOf(jwk);
    if (key) return { algorithm, key, ...(typeof kid === 'string' ? { kid } : {}) };
  }
  return undefined;
}

/**
 * Encrypts for one reader. A signed token that is encrypted is a nested JWT and says so (RFC 7519 §5.2).
 * @param content `token`: a JWT; `claims`: the claims themselves, as JSON.
 * @param header more of it, which anybody can read.
 */
export function encryptFor(
  recipient: EncryptionKey,
  enc: ContentEncryptionAlgorithm,
  plaintext: string,
  content: 'token' | 'claims',
  header: Record<string, unknown> = {},
): Promise<string> {
  const { algorithm: alg, kid, key } = recipient;
  const about = content === 'token' ? { cty: 'JWT' } : { typ: 'JWT' };
  return new CompactEncrypt(Buffer.from(plaintext))
    .setProtectedHeader({ ...header, alg, enc, ...about, ...(kid === undefined ? {} : { kid }) })
    .encrypt(key);
}

/** Whether this has the form of a compact JWE (RFC 7516 §7.1). */
export function isCompactJwe(token: string): boolean {
  return token.split('.', 6).length === 5;
}

/** Opens a compact JWE that was made for us. @throws TokenError, one for whatever is wrong with it */
export async function decrypt(token: string, keys: DecryptionKeys): Promise<string> {
  if (token.length > LONGEST) throw notOpened();
  const header = parseStrictObject(Buffer.from(token.split('.', 1)[0]!, 'base64url'));
  if (!header || REFUSED_PARAMETERS.some((name) => Object.hasOwn(header, name))) throw notOpened();
  const { alg, enc, kid } = header;
  const algorithm = KEY_MANAGEMENT_ALGORITHMS.find((known) => known === alg);
  const content = CONTENT_ENCRYPTION_ALGORITHMS.find((known) => known === enc);
  if (!algorithm || !content || (kid !== undefined && typeof kid !== 'string')) throw notOpened();
  const options = { keyManagementAlgorithms: [algorithm], contentEncryptionAlgorithms: [content] };
  for (const key of await keys.findPrivate(kid, algorithm)) {
    try {
      return Buffer.from((await compactDecrypt(token, key, options)).plaintext).toString();
    } catch {
      // Another key may fit; which one did not, and why, is nobody's business (RFC 7516 §11.5).
    }
  }
  throw notOpened();
}

function publicKeyOf(jwk: Record<string, unknown>): KeyObject | undefined {
  if ('d' in jwk || 'k' in jwk) return undefined;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits === undefined || (bits >= RSA_BITS.least && bits <= RSA_BITS.most) ? key : undefined;
  } catch {
    return undefined;
  }
}

function notOpened(): TokenError {
  return new TokenError('malformed_token', 'it is not encrypted for us by an algorithm of ours');
}
