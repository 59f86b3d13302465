import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { Clock } from '../platform/clock.js';
import type { Outbound, OutboundRequest } from '../platform/outbound.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm, type VerificationKey, VerificationKeys } from './key-source.js';

/** There is no key set that may still be believed: the caller must refuse, and may be asked again later. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

export interface RemoteKeysOptions {
  /** The JWKS URL, or how to find it out. */
  url: string | (() => Promise<string>);
  outbound: Outbound;
  clock: Clock;
  /** How far the URL is trusted. Default `trusted`: the operator configured the issuer that names it. */
  fetch?: Pick<OutboundRequest, 'trusted' | 'ignoreAllowances'>;
  /** Which algorithm an RSA key without `alg` is for: the first RSA one here. Default all of ours. */
  algorithms?: readonly SigningAlgorithm[];
  /** Unknown key names fetch the set again at most this often. Default 30 000. */
  cooldownMilliseconds?: number;
  /** A set older than this is fetched again beside the requests it answers. Default 300 000. */
  refreshMilliseconds?: number;
  /** When the endpoint is down, the last good set is believed this long. Default 3 600 000. */
  maxStaleMilliseconds?: number;
}

interface KeySet {
  byKid: ReadonlyMap<string, VerificationKey>;
  /** Keys without a `kid` are found by their algorithm alone. */
  all: readonly VerificationKey[];
  /** When the request for it was sent. */
  asOf: number;
}

const MAX_KEYS = 100;
const MAX_BYTES = 256 * 1024;

/**
 * The public keys behind a JWKS URL. Believes only what can be used: each entry that is symmetric, private, weak, for
 * encryption, or of an ambiguous name is left out, and never takes the others with it.
 */
export class RemoteKeys extends VerificationKeys {
  private current: KeySet | undefined;
  private underWay: Promise<void> | undefined;
  private attemptedAt = -Infinity;

  constructor(private readonly options: RemoteKeysOptions) {
    super();
  }

  /** @throws KeysUnavailableError when there is no set, or none that is fresh enough */
  async find(kid: string | undefined, algorithm: SigningAlgorithm): Promise<VerificationKey | undefined> {
    if (!this.isBelievable()) await this.fetch();
    else this.refreshWhenDue();
    const found = lookUp(this.believed(), kid, algorithm);
    if (found || this.options.clock.now() - this.attemptedAt < (this.options.cooldownMilliseconds ?? 30_000)) {
      return found;
    }
    // A failed fetch here changes nothing: the key stays unknown and the others are as good as before.
    await this.fetch().catch(() => undefined);
    return lookUp(this.believed(), kid, algorithm);
  }

  /** Whether this very key is still published, by a set that may still be believed. For caches of proved tokens. */
  holds(key: VerificationKey): boolean {
    if (!this.isBelievable()) return false;
    this.refreshWhenDue();
    return this.current!.all.includes(key);
  }

  private refreshWhenDue(): void {
    const { clock, refreshMilliseconds = 300_000, cooldownMilliseconds = 30_000 } = this.options;
    const now = clock.now();
    if (now - this.current!.asOf < refreshMilliseconds || now - this.attemptedAt < cooldownMilliseconds) return;
    this.fetch().catch(() => undefined);
  }

  private isBelievable(): boolean {
    const { clock, maxStaleMilliseconds = 3_600_000 } = this.options;
    return this.current !== undefined && clock.now() - this.current.asOf < maxStaleMilliseconds;
  }

  private believed(): KeySet {
    if (!this.isBelievable()) throw new KeysUnavailableError('the last good key set is too old to be believed');
    return this.current!;
  }

  /** One fetch at a time, shared by all who wait for it. */
  private fetch(): Promise<void> {
    this.underWay ??= this.load().finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async load(): Promise<void> {
    const asOf = this.options.clock.now();
    this.attemptedAt = asOf;
    try {
      const { url, outbound, fetch = { trusted: true } } = this.options;
      const address = typeof url === 'string' ? url : await url();
      const response = await outbound.fetch(address, { purpose: 'jwks', ...fetch, maxBytes: MAX_BYTES });
      const all = await readKeys(response.json(), this.options.algorithms ?? SIGNING_ALGORITHMS, this.current);
      if (all.length === 0) throw new Error('the key set holds no key that can be used');
      this.current = { all, byKid: new Map(all.map((key) => [key.kid, key])), asOf };
    } catch (cause) {
      throw new KeysUnavailableError('the key set could not be fetched', { cause });
    }
  }
}

/** The key of this name, or the only one for the algorithm when no name is given. */
export function lookUp(
  set: Pick<KeySet, 'byKid' | 'all'>,
  kid: string | undefined,
  algorithm: SigningAlgorithm,
): VerificationKey | undefined {
  if (kid !== undefined) {
    const key = set.byKid.get(kid);
    return key?.algorithm === algorithm ? key : undefined;
  }
  const candidates = set.all.filter((key) => key.algorithm === algorithm);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The usable keys of a JWK Set; every other entry is left out. */
export async function readKeys(
  document: unknown,
  algorithms: readonly SigningAlgorithm[],
  earlier?: KeySet,
): Promise<VerificationKey[]> {
  const entries: unknown = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(entries)) return [];
  const keys = new Map<string, VerificationKey>();
  const repeated = new Set<string>();
  for (const entry of entries.slice(0, MAX_KEYS)) {
    const key = await readKey(entry, algorithms);
    if (!key) continue;
    if (keys.has(key.kid)) repeated.add(key.kid);
    // An unchanged key stays the same object, so that caches which know it by identity survive a refresh.
    const known = earlier?.byKid.get(key.kid);
    keys.set(key.kid, known?.algorithm === key.algorithm && known.key.equals(key.key) ? known : key);
  }
  for (const kid of repeated) keys.delete(kid);
  return [...keys.values()];
}

async function readKey(entry: unknown, algorithms: readonly SigningAlgorithm[]): Promise<VerificationKey | undefined> {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const jwk = entry as JsonWebKey & { kid?: unknown; alg?: unknown; use?: unknown; key_ops?: unknown };
  if (jwk.kty === 'oct' || 'd' in jwk || 'k' in jwk || 'p' in jwk) return undefined;
  if (jwk.use !== undefined && jwk.use !== 'sig') return undefined;
  if (jwk.key_ops !== undefined && !(Array.isArray(jwk.key_ops) && jwk.key_ops.includes('verify'))) return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const algorithm = algorithmOf(key, jwk.alg, algorithms);
    if (!algorithm) return undefined;
    const kid = jwk.kid ?? (await calculateJwkThumbprint(jwk as JWK));
    return typeof kid === 'string' ? { kid, algorithm, key } : undefined;
  } catch {
    return undefined;
  }
}

/** The one algorithm a key is for: what it says, when that fits it; else what its kind implies. */
function algorithmOf(
  key: KeyObject,
  said: unknown,
  algorithms: readonly SigningAlgorithm[],
): SigningAlgorithm | undefined {
  const fitting = fittingAlgorithms(key);
  if (said === undefined) return algorithms.find((algorithm) => fitting.includes(algorithm));
  // RFC 9864 names the curve where RFC 8037 named the family.
  const name = said === 'Ed25519' ? 'EdDSA' : said;
  return fitting.find((algorithm) => algorithm === name);
}

function fittingAlgorithms({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningAlgorithm[] {
  if (asymmetricKeyType === 'ed25519') return ['EdDSA'];
  if (asymmetricKeyType === 'ec') return asymmetricKeyDetails?.namedCurve === 'prime256v1' ? ['ES256'] : [];
  const modulus = asymmetricKeyDetails?.modulusLength ?? 0;
  return asymmetricKeyType === 'rsa' && modulus >= 2048 && modulus <= 8192 ? ['RS256', 'PS256'] : [];
}
