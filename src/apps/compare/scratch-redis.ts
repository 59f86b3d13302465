import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomToken } from '../../platform/secret.js';
import { freePort } from './ports.js';

const COMMANDS = ['redis-server', 'valkey-server'];
/** How long a server may take to start, in milliseconds. */
const LONGEST_START = 10_000;

/** A Redis for the comparison, with a prefix of its own before all keys. */
export interface ScratchRedis {
  url: string;
  version: string;
  /** What its server takes for the comparison's keys, in octets. */
  size(): Promise<number>;
  close(): Promise<void>;
}

/** REDIS_URL, or a server that is installed; a sentence when there is neither. @throws DatabaseError for a REDIS_URL that does not answer */
export async function openScratchRedis(env: NodeJS.ProcessEnv): Promise<ScratchRedis | string> {
  const configured = env['REDIS_URL'];
  if (configured) return connected(configured, 'REDIS_URL', async () => {});
  const command = COMMANDS.flatMap((name) => (env['PATH'] ?? '').split(delimiter).map((part) => join(part, name))).find(
    (path) => existsSync(path),
  );
  if (!command) return 'There is no Redis: set REDIS_URL, or install redis-server.';
  const server = await startServer(command);
  try {
    return await connected(server.url, 'redis-server', server.stop);
  } catch (error) {
    await server.stop();
    return `The installed ${command} did not start: ${(error as Error).message}`;
  }
}

async function connected(base: string, setting: string, stop: () => Promise<void>): Promise<ScratchRedis> {
  const { connectRedis } = await import('../../platform/redis.js');
  const admin = await connectRedis({ url: base, setting, name: 'gatehouse compare' });
  const prefix = `gatehouse-compare-${randomToken(6)}:`;
  const url = new URL(base);
  // The client puts it before every key.
  url.searchParams.set('keyPrefix', prefix);
  const remove = async () => {
    let cursor = '0';
    do {
      const [next, keys] = await admin.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
      if (keys.length > 0) await admin.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  };
  return {
    url: url.href,
    version: /^redis_version:(\S+)/m.exec(await admin.info('server'))?.[1] ?? 'unknown',
    size: async () => Number(/^used_memory:(\d+)/m.exec(await admin.info('memory'))?.[1]),
    close: async () => {
      await remove().catch(() => {});
      admin.disconnect();
      await stop();
    },
  };
}

/** One that keeps nothing on disk, and ends with this process, however that ends. */
async function startServer(command: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
  const port = await freePort();
  const password = randomToken();
  const options = ['--bind', '127.0.0.1', '--port', `${port}`, '--requirepass', password, '--save', '', '--appendonly', 'no', '--dir', directory]; // prettier-ignore
  // The shell ends the server when its input ends, which it does when this process is gone. Of its own group: Ctrl-C is ours.
  const child = spawn('sh', ['-c', '"$0" "$@" </dev/null & read _; kill $!; wait $!', command, ...options], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(child, 'exit');
  const url = `redis://:${password}@127.0.0.1:${port}/`;
  const stop = async () => {
    child.stdin.end();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const { connectRedis } = await import('../../platform/redis.js');
  for (let waited = 0; waited < LONGEST_START; waited += 50) {
    const redis = await connectRedis({ url, setting: 'redis-server', name: 'gatehouse compare' }).catch(
      () => undefined,
    );
    if (redis) {
      redis.disconnect();
      break;
    }
    await pause(50);
  }
  return { url, stop };
}
