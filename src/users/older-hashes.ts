import { argon2 } from './hashes/argon2.js';
import { bcrypt } from './hashes/bcrypt.js';
import type { HashFormat } from './hashes/hash-format.js';
import { pbkdf2 } from './hashes/pbkdf2.js';
import { scrypt } from './hashes/scrypt.js';

const FORMATS: readonly HashFormat[] = [argon2, bcrypt, scrypt, pbkdf2];

/** How a hash of another system, or of another strength, is compared; undefined when it is none that is known. */
export function formatOf(hash: string): HashFormat | undefined {
  return FORMATS.find((format) => format.reads(hash));
}

/**
 * Why people with this hash could not sign in, as a sentence; undefined when they can.
 * @throws MissingPackageError when a package is missing for its kind.
 */
export async function olderHashProblem(hash: string): Promise<string | undefined> {
  const format = formatOf(hash);
  if (!format) return `This is no hash that is known here. Known are ${FORMATS.map(({ name }) => name).join(', ')}.`;
  await format.prepare?.();
  return format.problem(hash);
}
