import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../platform/database/embedded-lock.js';
import { randomToken } from '../../platform/secret.js';
import { StartError } from './start-error.js';

/**
 * The secrets of a demo, made on its first start and kept in a file that only its owner reads: one to a line, the first
 * seals, all of them open.
 */
export async function keptSecrets(directory: string, name: string): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, name);
  try {
    // Whole or not at all, and only the first of several processes: the others read what it wrote.
    await writeFile(file, randomToken(48), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secrets = (await readFile(file, 'utf8')).split(/\s+/).filter((secret) => secret !== '');
  if (secrets.length === 0 || secrets.some((secret) => secret.length < 32)) {
    throw new StartError(`${file} is damaged; restore it, or remove it and everybody has to sign in again.`);
  }
  return secrets;
}

/** Puts a fresh secret before the kept ones; answers them all. Two at once both stay. */
export async function addKeptSecret(directory: string, name: string): Promise<string[]> {
  return withLock(directory, async () => {
    const secrets = [randomToken(48), ...(await keptSecrets(directory, name))];
    const file = join(directory, name);
    // Written beside and moved into place: a reader sees the old list or the new one.
    await writeFile(`${file}.new`, `${secrets.join('\n')}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return secrets;
  });
}
