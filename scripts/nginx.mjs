// Which nginx the tests run: one that is installed, or the program out of Debian's package, which is not installed: that
// would start a web server on the machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run, updatePackageLists } from './run.mjs';

const unpacked = join(import.meta.dirname, '../node_modules/.cache/nginx');

/**
 * The path of a program that is there already: GATEHOUSE_TEST_NGINX, one on the PATH or where systems keep servers, or the
 * one unpacked before; undefined when there is none. Throws an Error when a named one does not exist.
 */
export function findInstalledNginx(env = process.env) {
  const named = env.GATEHOUSE_TEST_NGINX;
  if (named) {
    if (!existsSync(named)) throw new Error(`GATEHOUSE_TEST_NGINX is ${named}, and there is no such file.`);
    return named;
  }
  const directories = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/sbin', '/usr/local/sbin'];
  return [...directories.map((directory) => join(directory, 'nginx')), join(unpacked, 'usr/sbin/nginx')].find(
    (path) => existsSync(path) && spawnSync(path, ['-v'], { timeout: 30_000 }).status === 0,
  );
}

/** Gets the program out of Debian's package. Returns `{ path }`, or `{ reason }` when that was not to be. */
export async function installNginx() {
  if (!existsSync('/etc/debian_version')) return { reason: 'no nginx is installed' };
  process.stdout.write('No nginx is installed: unpacking the package nginx …\n');
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  // Only root may; without, the lists of packages that are there must do.
  if (process.getuid?.() === 0) await updatePackageLists();
  const failure =
    (await run('apt-get', ['download', '-qq', 'nginx'], process.env, unpacked)) ?? (await unpack(unpacked));
  const path = findInstalledNginx();
  return path
    ? { path }
    : { reason: `no nginx is installed, and Debian's package ${failure ?? 'brought none that runs'}` };
}

async function unpack(directory) {
  const file = (await readdir(directory)).find((name) => name.endsWith('.deb'));
  return file ? run('dpkg-deb', ['-x', join(directory, file), directory], process.env) : 'was not there';
}
