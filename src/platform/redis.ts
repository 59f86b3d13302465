import { Cluster, Redis, type RedisOptions as ClientOptions } from 'ioredis';
import { DatabaseError } from './database/database-error.js';

export interface RedisOptions {
  /** `redis://…` or `rediss://…`. */
  url: string;
  /** How the setting is called that holds the URL, for error texts. */
  setting: string;
  /** How this application calls itself at the server. */
  name: string;
}

/** A command that takes longer than this fails, in milliseconds: whoever waits for it must be refused, not kept. */
const LONGEST = 2_000;
const OLDEST_SERVER = 6;

/** One server, or a cluster: the commands are the same, as long as the keys of one command share a hash tag. */
export type RedisClient = Redis | Cluster;

/**
 * Connects to Redis, or to the cluster that the server is one node of: the others are found through it. When a server goes
 * away later, commands fail until it is back, and nothing is queued for it.
 * @throws DatabaseError with a text for people that names the setting and never the password
 */
export async function connectRedis({ url, setting, name }: RedisOptions): Promise<RedisClient> {
  let isOpen = false;
  const limits: ClientOptions = {
    connectionName: name,
    connectTimeout: LONGEST,
    commandTimeout: LONGEST,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
  };
  const redis = new Redis(url, {
    ...limits,
    lazyConnect: true,
    // Not at the start: whoever starts the application wants to be told.
    retryStrategy: (attempt) => (isOpen ? Math.min(attempt * 100, 2_000) : null),
  });
  let problem: Error | undefined;
  // Without a listener each failed reconnection is written to the console.
  redis.on('error', (error: Error) => (problem = error));
  try {
    await redis.connect();
    const version = /^redis_version:(\d+)/m.exec(await redis.info('server'))?.[1];
    if (Number(version) < OLDEST_SERVER) {
      throw new DatabaseError(`${setting}: Redis ${OLDEST_SERVER} or later is needed; this server is ${version}.`);
    }
    isOpen = true;
    if (!/^cluster_enabled:1/m.test(await redis.info('cluster'))) return redis;
    redis.disconnect();
    return await connectCluster(redis.options, limits);
  } catch (error) {
    redis.disconnect();
    throw error instanceof DatabaseError
      ? error
      : new DatabaseError(explain(setting, url, problem ?? (error as Error)));
  }
}

/** @param seed how the one node is reached: its users, password and TLS are those of all */
async function connectCluster(seed: ClientOptions, limits: ClientOptions): Promise<Cluster> {
  const { host = '127.0.0.1', port = 6379, username, password, tls, keyPrefix } = seed;
  const access = { ...(username ? { username } : {}), ...(password ? { password } : {}), ...(tls ? { tls } : {}) };
  const cluster = new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    ...(keyPrefix ? { keyPrefix } : {}),
    slotsRefreshTimeout: LONGEST,
    clusterRetryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    redisOptions: { ...limits, ...access },
  });
  cluster.on('error', () => {});
  try {
    await cluster.connect();
    return cluster;
  } catch (error) {
    cluster.disconnect();
    throw error;
  }
}

function explain(setting: string, url: string, { message }: Error): string {
  const { host } = new URL(url);
  if (/WRONGPASS|NOAUTH|invalid password|NOPERM/i.test(message)) {
    return `${setting}: Redis at ${host} refuses this user or password.`;
  }
  return `${setting}: Redis at ${host} cannot be reached (${message.replaceAll(url, '…')}). Is it running, and is the address right?`;
}
