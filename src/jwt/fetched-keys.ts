import type { JWK } from 'jose';
import { BackOff } from '../platform/back-off.js';
import type { Clock } from '../platform/clock.js';
import { SIGNING_ALGORITHMS, type SigningAlgorithm, type VerificationKey, VerificationKeys } from './key-source.js';
import { type BadJwk, readJwks } from './jwk-set.js';

/** There is no key set that may still be believed: the caller must refuse, and may be asked again later. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/** When a key set is fetched again, and how long it is believed. */
export interface FetchedKeysOptions {
  clock: Pick<Clock, 'now'>;
  /** Which algorithm an RSA key without `alg` is for: the first RSA one here. Default all of ours. */
  algorithms?: readonly SigningAlgorithm[];
  /** Unknown key names fetch the set again at most this often. Default 30 000. */
  cooldownMilliseconds?: number;
  /** A set older than this is fetched again beside the requests it answers. Default 300 000. */
  refreshMilliseconds?: number;
  /** When the endpoint is down, the last good set is believed this long. Default 3 600 000. */
  maxStaleMilliseconds?: number;
}

/** Keys by name, and all of them: keys without a `kid` are found by their algorithm alone. */
export interface KeySet<K> {
  byKid: ReadonlyMap<string, VerificationKey<K>>;
  all: readonly VerificationKey<K>[];
  /** Entries that nobody should publish, and that were left out. */
  bad: readonly BadJwk[];
}

/** After a failure the set is not asked for, in milliseconds. Strangers bring tokens without end, and each would cause a fetch. */
const PAUSES = { first: 1_000, longest: 10_000 };

/** As many bad entries are told of; who publishes more has been told enough. */
const MAX_TOLD = 100;

/**
 * The public keys behind a JWKS URL: rotated ones are found, unknown ones do not flood the endpoint, and the last good
 * set outlives an endpoint that is down. How they are fetched, and what a key is, is told by whoever extends this.
 */
export abstract class FetchedKeys<K> extends VerificationKeys<K> {
  /** `asOf` is when the request for it was sent. */
  private current: (KeySet<K> & { asOf: number }) | undefined;
  private underWay: Promise<void> | undefined;
  private attemptedAt = -Infinity;
  /** When the set was last fetched for a name that was not in it: fetched, not only asked for. */
  private missedAt = -Infinity;
  private readonly backOff = new BackOff(PAUSES);
  private failure: KeysUnavailableError | undefined;
  private badEntries: readonly BadJwk[] = [];
  private readonly told = new Set<string>();

  private readonly cooldownMilliseconds: number;
  private readonly refreshMilliseconds: number;
  private readonly maxStaleMilliseconds: number;

  constructor(private readonly timing: FetchedKeysOptions) {
    super();
    this.cooldownMilliseconds = timing.cooldownMilliseconds ?? 30_000;
    this.refreshMilliseconds = timing.refreshMilliseconds ?? 300_000;
    this.maxStaleMilliseconds = timing.maxStaleMilliseconds ?? 3_600_000;
  }

  /** The JWK Set as it is now. Throwing leaves the set before in place. */
  protected abstract load(): Promise<unknown>;

  /** A key that can be used; throwing leaves it out. */
  protected abstract importKey(jwk: JWK, algorithm: SigningAlgorithm): K | Promise<K>;

  /**
   * From 0 to 1, drawn anew for each pause after a failure, which is longer by up to a half: those who believe the same issuer
   * shall not all ask it at the moment when it is back.
   */
  protected abstract jitter(): number;

  /** Hears of an entry that nobody should publish, and that is left out: once, however often the set is read. */
  protected onBad(_entry: BadJwk): void {}

  /** What was left out of the set that was read last because nobody should publish it. */
  get bad(): readonly BadJwk[] {
    return this.badEntries;
  }

  /** @throws KeysUnavailableError when there is no set, or none that is fresh enough */
  async find(kid: string | undefined, algorithm: SigningAlgorithm): Promise<VerificationKey<K> | undefined> {
    const isJustFetched = !this.isBelievable();
    if (isJustFetched) await this.refetch();
    else this.refreshWhenDue(this.timing.clock.now());
    const found = lookUp(this.believed(), kid, algorithm);
    if (found || isJustFetched || this.knows(kid) || !this.mayLookAgain()) return found;
    // A failed fetch here changes nothing: the key stays unknown and the others are as good as before.
    await this.refetch({ isForUnknown: true }).catch(() => undefined);
    return lookUp(this.believed(), kid, algorithm);
  }

  private knows(kid: string | undefined): boolean {
    return kid !== undefined && this.believed().byKid.has(kid);
  }

  /**
   * Whether an unknown name is worth a fetch: one that is under way costs nothing, and only those for unknown names wear the
   * cooldown out, because a key may be rotated right after its set was read for the first time. One that failed has told nothing
   * of the name; it is followed by a pause, which is shorter.
   */
  private mayLookAgain(): boolean {
    if (this.underWay) return true;
    const now = this.timing.clock.now();
    return now - this.missedAt >= this.cooldownMilliseconds && !this.backOff.isOn(now);
  }

  /** Whether this very key is still published, by a set that may still be believed. For caches of proved tokens. */
  holds(key: VerificationKey<K>, now = this.timing.clock.now()): boolean {
    const { current } = this;
    if (!current) return false;
    if (now - current.asOf >= this.maxStaleMilliseconds) return false;
    this.refreshWhenDue(now);
    return current.all.includes(key);
  }

  private refreshWhenDue(now: number): void {
    if (now - this.current!.asOf < this.refreshMilliseconds || now - this.attemptedAt < this.cooldownMilliseconds)
      return;
    this.refetch().catch(() => undefined);
  }

  private isBelievable(): boolean {
    return this.current !== undefined && this.timing.clock.now() - this.current.asOf < this.maxStaleMilliseconds;
  }

  private believed(): KeySet<K> {
    if (!this.isBelievable()) throw new KeysUnavailableError('the last good key set is too old to be believed');
    return this.current!;
  }

  /** One fetch at a time, shared by all who wait for it; after a failure there is none for a while, and the failure is the same. */
  private refetch({ isForUnknown = false } = {}): Promise<void> {
    if (!this.underWay && this.failure && this.backOff.isOn(this.timing.clock.now()))
      return Promise.reject(this.failure);
    this.underWay ??= this.replace(isForUnknown).finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async replace(isForUnknown: boolean): Promise<void> {
    const asOf = this.timing.clock.now();
    this.attemptedAt = asOf;
    try {
      const document = await this.load();
      const importKey = this.importKey.bind(this);
      const set = await readKeySet(document, this.timing.algorithms ?? SIGNING_ALGORITHMS, importKey, this.current);
      this.tell(set.bad);
      if (set.all.length === 0) throw new Error('the key set holds no key that can be used');
      this.current = { ...set, asOf };
      if (isForUnknown) this.missedAt = asOf;
      this.backOff.succeeded();
    } catch (cause) {
      this.backOff.failed(this.timing.clock.now(), 1 + this.jitter() / 2);
      this.failure = new KeysUnavailableError('the key set could not be fetched', { cause });
      throw this.failure;
    }
  }

  private tell(bad: readonly BadJwk[]): void {
    this.badEntries = bad;
    for (const entry of bad) {
      const name = JSON.stringify(entry);
      if (this.told.has(name) || this.told.size >= MAX_TOLD) continue;
      this.told.add(name);
      this.onBad(entry);
    }
  }
}

/** The key of this name, or the only one for the algorithm when no name is given. */
export function lookUp<K>(
  set: KeySet<K>,
  kid: string | undefined,
  algorithm: SigningAlgorithm,
): VerificationKey<K> | undefined {
  if (kid !== undefined) {
    const key = set.byKid.get(kid);
    return key?.algorithm === algorithm ? key : undefined;
  }
  const candidates = set.all.filter((key) => key.algorithm === algorithm);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The usable keys of a JWK Set; every other entry is left out, and those that nobody should publish are named. */
export async function readKeySet<K>(
  document: unknown,
  algorithms: readonly SigningAlgorithm[],
  importKey: (jwk: JWK, algorithm: SigningAlgorithm) => K | Promise<K>,
  earlier?: KeySet<K>,
): Promise<KeySet<K>> {
  const byKid = new Map<string, VerificationKey<K>>();
  const { usable, bad } = await readJwks(document, algorithms);
  const unreadable: BadJwk[] = [];
  for (const { kid, algorithm, jwk, thumbprint } of usable.values()) {
    // An unchanged key stays the same object, so that caches which know it by identity survive a refresh.
    const known = earlier?.byKid.get(kid);
    if (known?.algorithm === algorithm && known.thumbprint === thumbprint) byKid.set(kid, known);
    else {
      const key = await imported(importKey, jwk, algorithm);
      if (key !== undefined) byKid.set(kid, { kid, algorithm, key, thumbprint });
      else unreadable.push({ kid, problem: 'it is no key that could have signed anything' });
    }
  }
  return { byKid, all: [...byKid.values()], bad: [...bad, ...unreadable] };
}

async function imported<K>(
  importKey: (jwk: JWK, algorithm: SigningAlgorithm) => K | Promise<K>,
  jwk: JWK,
  algorithm: SigningAlgorithm,
): Promise<K | undefined> {
  try {
    return await importKey(jwk, algorithm);
  } catch {
    return undefined;
  }
}
