import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock.js';
import { deepFreeze } from '../platform/deep-freeze.js';
import type { VerificationKey } from './key-source.js';

/** Who knows whether a key is still published. */
export interface HeldKeys {
  /** @param now epoch milliseconds */
  holds(key: VerificationKey, now: number): boolean;
}

export interface VerifiedTokensOptions {
  keys: HeldKeys;
  clock: Clock;
  /** Default 10 000. */
  max?: number;
}

interface Entry<T> {
  token: string;
  value: T;
  key: VerificationKey;
  expiresAt: number;
}

/** Characters at the end of a token by which it is looked up: 72 bits of its signature. More would cost more to hash. */
const TAIL = 12;

/**
 * What was made of tokens that are proved already, so that the second request with a token costs a look into a map instead
 * of a signature. An entry is worth nothing at the token's `exp`, and as soon as its key is no longer published, which also
 * covers a key that vanished while the token was being verified. One instance is for one policy (issuer, audience, type):
 * what is proved under one is not proved under another.
 *
 * A token is looked up by the end of its signature and then compared whole: the same claims under another signature are
 * another token, and so are other claims under the same signature. A digest in its place would cost more than the rest of
 * the guard. The comparison takes as long as what is alike; only those find anything to compare with who bring the end of a
 * signature that is good, and it tells them nothing but the token that they have. Tokens stay in the memory of a process that
 * is sent them with every request, beside what they say.
 */
export class VerifiedTokens<T extends object> {
  private readonly entries: LRUCache<string, Entry<T>>;

  constructor(private readonly options: VerifiedTokensOptions) {
    this.entries = new LRUCache({ max: options.max ?? 10_000 });
  }

  /** @param now epoch milliseconds, where the caller has read the clock already */
  get(token: string, now = this.options.clock.now()): T | undefined {
    const tail = token.slice(-TAIL);
    const entry = this.entries.get(tail);
    if (entry?.token !== token) return undefined;
    if (entry.expiresAt * 1000 > now && this.options.keys.holds(entry.key, now)) return entry.value;
    this.entries.delete(tail);
    return undefined;
  }

  /** Keeps `value`, frozen to its depth, until `expiresAt` (seconds since the epoch). Answers it. */
  set(token: string, value: T, key: VerificationKey, expiresAt: number): T {
    deepFreeze(value);
    if (this.options.keys.holds(key, this.options.clock.now())) {
      const kept = copied(token);
      this.entries.set(kept.slice(-TAIL), { token: kept, value, key, expiresAt });
    }
    return value;
  }
}

/** Without what it was cut from: engines keep a whole request for a piece of it. Whatever is proved is ASCII. */
function copied(token: string): string {
  return Buffer.from(token, 'latin1').toString('latin1');
}
