import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findInstalledRedis } from '../../scripts/redis.mjs';

/** A real Redis server of the test's own. */
export interface TestRedis {
  url: string;
  /** Stops the server, as if the machine had gone; `stop` may follow. */
  kill(): Promise<void>;
  /** SIGKILL; what it knew is gone, but for what `SAVE` wrote. */
  crash(): Promise<void>;
  /** Starts it again where it was. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

const CLUSTER_SLOTS = 16_384;
/** The other ports that a cluster's nodes speak among themselves on are so much higher. */
const CLUSTER_PORTS = 10_000;

/**
 * Starts a server that listens on loopback, keeps nothing on disk, and ends with this process.
 * @param more options of the command line
 */
export async function startRedis(more: string[] = []): Promise<TestRedis> {
  const installed = findInstalledRedis();
  if (!installed) throw new Error('No Redis: set GATEHOUSE_TEST_REDIS, or use describeWithRedis.');
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
  // Debian's redis-tools has the server under another name; which program it is, it learns from its name.
  const command = join(directory, 'redis-server');
  await symlink(installed, command);
  const port = await freePort();
  const password = 'a-password-of-the-test';
  const options = ['--bind', '127.0.0.1', '--port', `${port}`, '--requirepass', password, '--save', '', '--appendonly', 'no', '--dir', directory, ...more]; // prettier-ignore
  const url = `redis://:${password}@127.0.0.1:${port}/`;
  let server: { end: () => Promise<void> };
  const launch = async () => {
    // The shell ends the server when its input ends, which it does when this process is gone, however it went.
    const child = spawn(
      'sh',
      ['-c', '"$0" "$@" </dev/null & read _; exec 2>/dev/null; kill $!; wait $!', command, ...options],
      {
        stdio: ['pipe', 'ignore', 'inherit'],
      },
    );
    const ended = once(child, 'exit');
    server = {
      end: async () => {
        child.stdin.end();
        await ended;
      },
    };
    await answering(url);
  };
  await launch();
  const kill = () => server.end();
  return {
    url,
    kill,
    crash: async () => {
      const redis = new Redis(url);
      redis.on('error', () => {});
      const [, pid] = /^process_id:(\d+)/m.exec(await redis.info('server'))!;
      redis.disconnect();
      process.kill(Number(pid), 'SIGKILL');
      await kill();
    },
    revive: launch,
    stop: async () => {
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function answering(url: string): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  redis.on('error', () => {});
  await Promise.race([redis.ping(), pause(60_000, undefined, { ref: false })]);
  redis.disconnect();
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port + CLUSTER_PORTS > 65_535 ? freePort() : port;
}

/** Two servers that share the keys of one cluster; `url` names the first. */
export async function startRedisCluster(): Promise<TestRedis> {
  const options = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
  const nodes = await Promise.all([startRedis(options), startRedis(options)]);
  const clients = nodes.map(({ url }) => new Redis(url));
  const half = CLUSTER_SLOTS / 2;
  await Promise.all(
    clients.map((client, index) =>
      client.cluster('ADDSLOTS', ...Array.from({ length: half }, (_, at) => index * half + at)),
    ),
  );
  await clients[0]!.cluster('MEET', '127.0.0.1', Number(new URL(nodes[1]!.url).port));
  for (const client of clients) {
    for (let tries = 0; tries < 400 && !(await client.cluster('INFO')).includes('cluster_state:ok'); tries += 1)
      await pause(50);
    client.disconnect();
  }
  const all = (work: (node: TestRedis) => Promise<void>) => async () => void (await Promise.all(nodes.map(work)));
  return {
    url: nodes[0]!.url,
    kill: all((node) => node.kill()),
    crash: all((node) => node.crash()),
    revive: all((node) => node.revive()),
    stop: all((node) => node.stop()),
  };
}

/** `describe` for tests that need Redis: without one they are skipped, with the reason in their names. */
export function describeWithRedis(name: string, define: () => void): void {
  if (findInstalledRedis()) describe(name, define);
  else describe.skip(`${name} (skipped: ${reason()})`, define);
}

function reason(): string {
  return process.env['GATEHOUSE_TEST_REDIS_MISSING'] ?? 'no redis-server is installed; npm test gets one where it can';
}
