import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { Traced } from '../platform/tracing.js';
import { formatOf } from './older-hashes.js';
import { Turnstile } from './turnstile.js';

/** argon2id, 19 MiB, two passes, one lane (OWASP Password Storage). The numbers are Algorithm.Argon2id and Version.V0x13. */
const POLICY = { algorithm: 2, version: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
/** How a hash by it reads: a salt of 8 octets and more, an output of 32. */
const BY_POLICY = new RegExp(
  String.raw`^\$argon2id\$v=19\$m=${POLICY.memoryCost},t=${POLICY.timeCost},p=${POLICY.parallelism}\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{43}$`,
);

/** Longest password in bytes of UTF-8, checked before anything is computed. */
export const LONGEST_PASSWORD_BYTES = 1024;

/**
 * Hashes at once: each takes 19 MiB and a thread of libuv's pool, of which one stays free for files and names.
 * 300 waiting are a few seconds of work.
 */
const AT_ONCE = Math.min(availableParallelism(), 3);
const WAITING = 300;

/** A password nobody may set: it is longer than {@link LONGEST_PASSWORD_BYTES}, or empty. */
export class PasswordError extends Error {
  override readonly name = 'PasswordError';
}

/**
 * Passwords as argon2id PHC strings. A password is normalised to NFKC first (NIST SP 800-63B §5.1.1.2 lets one choose NFKC
 * or NFKD), so that the same password typed on another keyboard is the same; apart from that its bytes are exact.
 */
@Injectable()
export class PasswordHasher {
  private readonly turnstile = new Turnstile(AT_ONCE, WAITING);
  private decoy?: Promise<string>;

  /** How many passwords are being hashed, and how many wait for it. */
  get load(): { running: number; waiting: number } {
    return this.turnstile.load;
  }

  /** @throws PasswordError for an empty or over-long password; BusyError when too many are waiting. */
  @Traced('hash a password')
  async hash(password: string): Promise<string> {
    const bytes = octets(password);
    if (!bytes || bytes.length === 0) {
      throw new PasswordError(`A password has 1 to ${LONGEST_PASSWORD_BYTES} bytes.`);
    }
    return this.turnstile.run(() => hash(bytes, POLICY));
  }

  /**
   * Whether this is the password of a hash of today, or of any kind in `hashes/`; false too for an over-long password, and
   * for a hash that cannot be read or takes more than a sign-in may.
   */
  @Traced('hash a password')
  async verify(passwordHash: string, password: string): Promise<boolean> {
    const bytes = octets(password);
    if (!bytes) return false;
    if (!this.needsRehash(passwordHash))
      return this.turnstile.run(() => verify(passwordHash, bytes).catch(() => false));
    const format = formatOf(passwordHash);
    if (!format || format.problem(passwordHash) !== undefined) return false;
    // Other systems hash what was typed, of whatever form.
    const typed = Buffer.from(password);
    const forms = bytes.equals(typed) ? [bytes] : [bytes, typed];
    return this.turnstile.run(async () => {
      for (const form of forms) if (await format.verify(passwordHash, form)) return true;
      return false;
    });
  }

  /** Takes as long as {@link verify} and answers false: for a person who does not exist or has no password. */
  @Traced('hash a password')
  async verifyNothing(password: string): Promise<false> {
    // Made once; the sign-in module makes it at boot so that the first unknown name is no slower than the next.
    this.decoy ??= this.hash('nobody has this password');
    await this.verify(await this.decoy, password);
    return false;
  }

  /** Whether {@link verify} can read this hash. */
  understands(passwordHash: string): boolean {
    return formatOf(passwordHash) !== undefined;
  }

  /** Whether a hash was made by another algorithm or at another strength than today's. */
  needsRehash(passwordHash: string): boolean {
    return !BY_POLICY.test(passwordHash);
  }
}

/** The bytes that are hashed, or undefined when there are too many; the length is looked at before the costly normalisation. */
function octets(password: string): Buffer | undefined {
  if (password.length > LONGEST_PASSWORD_BYTES) return undefined;
  const bytes = Buffer.from(password.normalize('NFKC'));
  return bytes.length > LONGEST_PASSWORD_BYTES ? undefined : bytes;
}
