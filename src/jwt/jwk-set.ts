import { base64url, calculateJwkThumbprint, type JWK } from 'jose';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';

/** A public key that somebody published and that may be used: only its public members are left. */
export interface UsableJwk {
  kid: string;
  algorithm: SigningAlgorithm;
  jwk: JWK;
  /** RFC 7638: the same for the same key. */
  thumbprint: string;
}

const MAX_KEYS = 100;
const MAX_KID_LENGTH = 512;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** What makes a key of a kind, and the algorithms it can be used with. */
const KINDS: Record<string, { members: readonly string[]; algorithms(jwk: JWK): SigningAlgorithm[] }> = {
  EC: { members: ['kty', 'crv', 'x', 'y'], algorithms: ({ crv }) => (crv === 'P-256' ? ['ES256'] : []) },
  OKP: { members: ['kty', 'crv', 'x'], algorithms: ({ crv }) => (crv === 'Ed25519' ? ['EdDSA'] : []) },
  RSA: { members: ['kty', 'n', 'e'], algorithms: ({ n, e }) => (isSound(n, e) ? ['RS256', 'PS256'] : []) },
};

/**
 * The usable keys of a JWK Set (RFC 7517 §5). Each entry that is symmetric, private, weak, for encryption, or of an
 * ambiguous name is left out, and never takes the others with it.
 * @param algorithms which are accepted; an RSA key without `alg` is for the first RSA one among them
 */
export async function usableJwks(
  document: unknown,
  algorithms: readonly SigningAlgorithm[],
): Promise<Map<string, UsableJwk>> {
  const entries: unknown = (document as { keys?: unknown } | null)?.keys;
  const keys = new Map<string, UsableJwk>();
  if (!Array.isArray(entries)) return keys;
  const repeated = new Set<string>();
  for (const entry of entries.slice(0, MAX_KEYS)) {
    const key = await usableJwk(entry, algorithms);
    if (!key) continue;
    if (keys.has(key.kid)) repeated.add(key.kid);
    keys.set(key.kid, key);
  }
  for (const kid of repeated) keys.delete(kid);
  return keys;
}

/** One entry as it may be used, or undefined. Its name is `kid`, or the thumbprint when it has none. */
export async function usableJwk(
  entry: unknown,
  algorithms: readonly SigningAlgorithm[],
): Promise<UsableJwk | undefined> {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { kty, kid: name, alg, use, key_ops: operations } = entry as Record<string, unknown>;
  const kind = typeof kty === 'string' && Object.hasOwn(KINDS, kty) ? KINDS[kty]! : undefined;
  if (!kind || PRIVATE_MEMBERS.some((member) => Object.hasOwn(entry, member))) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  const jwk = Object.fromEntries(
    kind.members.map((member) => [member, (entry as Record<string, unknown>)[member]]),
  ) as unknown as JWK;
  if (Object.values(jwk).some((value) => typeof value !== 'string')) return undefined;
  const algorithm = algorithmFor(kind.algorithms(jwk), alg, algorithms);
  if (!algorithm) return undefined;
  const thumbprint = await calculateJwkThumbprint(jwk);
  const kid = name ?? thumbprint;
  return typeof kid === 'string' && kid.length <= MAX_KID_LENGTH ? { kid, algorithm, jwk, thumbprint } : undefined;
}

/** The one algorithm a key is for: what it says, when that fits it; else what its kind implies. */
function algorithmFor(
  fitting: SigningAlgorithm[],
  said: unknown,
  accepted: readonly SigningAlgorithm[],
): SigningAlgorithm | undefined {
  if (said === undefined) return accepted.find((algorithm) => fitting.includes(algorithm));
  // RFC 9864 names the curve where RFC 8037 named the family.
  const name = said === 'Ed25519' ? 'EdDSA' : said;
  return fitting.find((algorithm) => algorithm === name);
}

/**
 * A modulus of 2048 to 8192 bits and an exponent of 17 to 256 (FIPS 186-5 §5.1): below it can be broken, above it each
 * verification costs too much.
 */
function isSound(modulus: unknown, exponent: unknown): boolean {
  const [n, e] = [bitsOf(modulus), bitsOf(exponent)];
  return n >= 2048 && n <= 8192 && e >= 17 && e <= 256;
}

/** How long a number in base64url is; 0 when it is none, or longer than any that we take. */
function bitsOf(number: unknown): number {
  if (typeof number !== 'string' || number.length > 2000) return 0;
  try {
    const octets = base64url.decode(number);
    const first = octets.findIndex((octet) => octet !== 0);
    return first < 0 ? 0 : (octets.length - first) * 8 - Math.clz32(octets[first]!) + 24;
  } catch {
    return 0;
  }
}
