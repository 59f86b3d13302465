// Which Redis the tests run: a server that is installed, or Debian's.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, updatePackageLists } from './run.mjs';

// Debian's redis-tools holds the server under the last of these names, and unlike redis-server starts no service.
const commands = ['redis-server', 'valkey-server', 'redis-check-rdb'];

/**
 * The path of a server that is there already: GATEHOUSE_TEST_REDIS, or one on the PATH; undefined when there is none. It
 * must be called by the name `redis-server`. Throws an Error when a named one does not exist.
 */
export function findInstalledRedis(env = process.env) {
  const named = env.GATEHOUSE_TEST_REDIS;
  if (named) {
    if (!existsSync(named)) throw new Error(`GATEHOUSE_TEST_REDIS is ${named}, and there is no such file.`);
    return named;
  }
  const directories = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return commands
    .flatMap((command) => directories.map((directory) => join(directory, command)))
    .find((path) => existsSync(path) && isServer(path));
}

/** Gets a server: Debian's package when we are root there. Returns `{ path }`, or `{ reason }` when that was not to be. */
export async function installRedis() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return { reason: 'no redis-server is installed' };
  }
  process.stdout.write('No Redis is installed: installing the package redis-tools …\n');
  const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await updatePackageLists();
  const failure = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-tools'], quiet);
  const path = findInstalledRedis();
  if (path) return { path };
  return { reason: `no redis-server is installed, and apt-get install redis-tools ${failure ?? 'brought none'}` };
}

function isServer(path) {
  const { stdout } = spawnSync(path, ['--version'], { argv0: 'redis-server', encoding: 'utf8', timeout: 30_000 });
  return /^(Redis|Valkey) server/i.test(stdout ?? '');
}
