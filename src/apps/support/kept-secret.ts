import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomToken } from '../../platform/secret.js';

/** A secret made on the first start of a demo and kept in a file that only its owner reads. */
export async function keptSecret(directory: string, name: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, name);
  try {
    // Whole or not at all, and only the first of several processes: the others read what it wrote.
    await writeFile(file, randomToken(48), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = await readFile(file, 'utf8');
  if (secret.length < 32) throw new Error(`${file} is damaged; remove it, and everybody has to sign in again`);
  return secret;
}
