import { LRUCache } from 'lru-cache';
import type { Clock } from '../platform/clock.js';
import { deepFreeze } from '../platform/deep-freeze.js';
import { digestName } from '../platform/secret.js';
import type { VerificationKey } from './key-source.js';

/** Who knows whether a key is still published. */
export interface HeldKeys {
  holds(key: VerificationKey): boolean;
}

export interface VerifiedTokensOptions {
  keys: HeldKeys;
  clock: Clock;
  /** Default 10 000. */
  max?: number;
}

interface Entry<T> {
  value: T;
  key: VerificationKey;
  expiresAt: number;
}

/**
 * What was made of tokens that are proved already, so that the second request with a token costs a hash instead of a
 * signature. An entry is worth nothing at the token's `exp`, and as soon as its key is no longer published, which also
 * covers a key that vanished while the token was being verified. A token is known by the SHA-256 of all of it, signature
 * included: the same claims under another signature are another token. One instance is for one policy (issuer, audience,
 * type): what is proved under one is not proved under another.
 */
export class VerifiedTokens<T extends object> {
  private readonly entries: LRUCache<string, Entry<T>>;
  private last = { token: '', name: digestName('') };

  constructor(private readonly options: VerifiedTokensOptions) {
    this.entries = new LRUCache({ max: options.max ?? 10_000 });
  }

  get(token: string): T | undefined {
    const name = this.nameOf(token);
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    if (entry.expiresAt > this.options.clock.seconds() && this.options.keys.holds(entry.key)) return entry.value;
    this.entries.delete(name);
    return undefined;
  }

  /** Keeps `value`, frozen to its depth, until `expiresAt` (seconds since the epoch). Answers it. */
  set(token: string, value: T, key: VerificationKey, expiresAt: number): T {
    deepFreeze(value);
    if (this.options.keys.holds(key)) this.entries.set(this.nameOf(token), { value, key, expiresAt });
    return value;
  }

  /** Remembered for one token: one that is not known is looked for, proved, and kept. */
  private nameOf(token: string): string {
    if (token !== this.last.token) this.last = { token, name: digestName(token) };
    return this.last.name;
  }
}
