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

/** An entry that nobody should publish. Those for another purpose, or of a kind that we do not know, are not meant. */
export interface BadJwk {
  /** Its name when it has one: the publisher's words. */
  kid: string | undefined;
  problem: string;
}

/** What a JWK Set is good for. */
export interface ReadJwks {
  usable: ReadonlyMap<string, UsableJwk>;
  bad: readonly BadJwk[];
}

const MAX_KEYS = 100;
const MAX_KID_LENGTH = 512;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** What makes a key of a kind, and the algorithms it can be used with. */
const KINDS: Record<string, { members: readonly string[]; algorithms(jwk: JWK): SigningAlgorithm[] }> = {
  EC: { members: ['kty', 'crv', 'x', 'y'], algorithms: ({ crv }) => (crv === 'P-256' ? ['ES256'] : []) },
  OKP: { members: ['kty', 'crv', 'x'], algorithms: ({ crv }) => (crv === 'Ed25519' ? ['EdDSA'] : []) },
  RSA: { members: ['kty', 'n', 'e'], algorithms: () => ['RS256', 'PS256'] },
};

/**
 * The usable keys of a JWK Set (RFC 7517 §5). Each entry that is symmetric, private, weak, for encryption, or of an
 * ambiguous name is left out, and never takes the others with it.
 * @param algorithms which are accepted; an RSA key without `alg` is for the first RSA one among them
 */
export async function readJwks(document: unknown, algorithms: readonly SigningAlgorithm[]): Promise<ReadJwks> {
  const entries: unknown = (document as { keys?: unknown } | null)?.keys;
  const usable = new Map<string, UsableJwk>();
  const bad: BadJwk[] = [];
  if (!Array.isArray(entries)) return { usable, bad };
  const repeated = new Set<string>();
  for (const entry of entries.slice(0, MAX_KEYS)) {
    const key = await judged(entry, algorithms);
    if (!('jwk' in key)) {
      if (key.problem !== undefined) bad.push({ kid: nameOf(entry), problem: key.problem });
      continue;
    }
    if (usable.has(key.kid)) repeated.add(key.kid);
    usable.set(key.kid, key);
  }
  for (const kid of repeated) {
    usable.delete(kid);
    bad.push({ kid, problem: 'its name stands there more than once' });
  }
  if (entries.length > MAX_KEYS) bad.push({ kid: undefined, problem: `only the first ${MAX_KEYS} entries are read` });
  return { usable, bad };
}

/** One entry as it may be used, or undefined. Its name is `kid`, or the thumbprint when it has none. */
export async function usableJwk(
  entry: unknown,
  algorithms: readonly SigningAlgorithm[],
): Promise<UsableJwk | undefined> {
  const key = await judged(entry, algorithms);
  return 'jwk' in key ? key : undefined;
}

/** Why an entry is not used; without a problem where it is only not meant for us. */
interface Left {
  problem?: string;
}

async function judged(entry: unknown, algorithms: readonly SigningAlgorithm[]): Promise<UsableJwk | Left> {
  if (typeof entry !== 'object' || entry === null) return { problem: 'it is no JWK' };
  const { kty, kid: name, alg, use, key_ops: operations } = entry as Record<string, unknown>;
  if (kty === 'oct') return { problem: 'it is symmetric: whoever reads it could sign' };
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(entry, member))) return { problem: 'it is a private key' };
  const kind = typeof kty === 'string' && Object.hasOwn(KINDS, kty) ? KINDS[kty]! : undefined;
  if (!kind) return typeof kty === 'string' ? {} : { problem: 'it is no JWK' };
  if (use !== undefined && use !== 'sig') return {};
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return {};
  const jwk = Object.fromEntries(
    kind.members.map((member) => [member, (entry as Record<string, unknown>)[member]]),
  ) as unknown as JWK;
  if (Object.values(jwk).some((value) => typeof value !== 'string')) return { problem: 'it is incomplete' };
  if (kty === 'RSA' && !isSound(jwk.n, jwk.e)) return { problem: 'it is too weak, or too large' };
  const algorithm = algorithmFor(kind.algorithms(jwk), alg, algorithms);
  if (!algorithm) return {};
  const thumbprint = await calculateJwkThumbprint(jwk);
  const kid = name ?? thumbprint;
  if (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH) return { problem: 'its name is none' };
  return { kid, algorithm, jwk, thumbprint };
}

function nameOf(entry: unknown): string | undefined {
  const kid = (entry as { kid?: unknown } | null)?.kid;
  return typeof kid === 'string' && kid.length <= MAX_KID_LENGTH ? kid : undefined;
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
