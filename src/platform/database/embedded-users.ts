import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomToken } from '../secret.js';
import { processStart } from './embedded-process.js';

/**
 * Writes down that this process uses the server of `directory` (a file `users/<pid>.<random>`: one process may be several
 * users), and returns how to take it back. Call it, and what it returns, under the directory's lock.
 */
export async function registerUser(directory: string): Promise<() => Promise<void>> {
  const users = join(directory, 'users');
  await mkdir(users, { recursive: true });
  const file = join(users, `${process.pid}.${randomToken(9)}`);
  await writeFile(file, (await processStart(process.pid)) ?? '');
  return () => rm(file, { force: true });
}

/** The pids that use the server now, one per registration; those of processes that died are struck off. */
export async function livingUsers(directory: string): Promise<number[]> {
  const users = join(directory, 'users');
  const living: number[] = [];
  for (const name of await readdir(users).catch(() => [])) {
    const pid = Number.parseInt(name, 10);
    const file = join(users, name);
    if ((await processStart(pid)) === (await readFile(file, 'utf8'))) living.push(pid);
    else await rm(file, { force: true });
  }
  return living;
}
