import { withPackages } from '../platform/optional-package.js';
import { Secrets } from '../platform/secret.js';
import { SealedSessions } from '../sessions/sealed-sessions.js';
import type { SessionKeeper } from '../sessions/session-keeper.js';
import { Sessions } from '../sessions/sessions.js';
import type { SessionStore } from '../sessions/session-store.js';
import { MemorySessionStore } from '../sessions/stores/memory.js';
import type { Settings } from './relying-party.options.js';

type SessionSettings = NonNullable<Settings['session']>;

interface Opened<T> {
  opened: T;
  close: () => Promise<void>;
}

/**
 * Opens what the option `session.store` names. What a store needs is loaded only when it is asked for: an API that takes
 * tokens alone needs neither a database nor a driver.
 * @throws DatabaseError that names `session.url`
 */
export async function openSessions(session: SessionSettings, { clock }: Settings): Promise<Opened<SessionKeeper>> {
  const { idleMilliseconds, absoluteMilliseconds } = session;
  const limits = { idleMilliseconds, absoluteMilliseconds };
  const secrets = new Secrets(session.secrets);
  if (session.store === 'sealed-cookie') {
    return { opened: new SealedSessions(session.cookie.name, limits, clock, secrets), close: nothing };
  }
  const { opened: store, close } = await openStore(session);
  return { opened: new Sessions(store, limits, clock, secrets), close };
}

const nothing = async (): Promise<void> => {};

async function openStore(session: SessionSettings): Promise<Opened<SessionStore>> {
  switch (session.store) {
    case 'memory':
      return { opened: new MemorySessionStore(), close: nothing };
    case 'postgres':
      return withPackages("session.store 'postgres'", ['typeorm', 'pg'], () => openPostgres(session));
    case 'redis':
      return withPackages("session.store 'redis'", ['ioredis'], () => openRedis(session));
    case 'sealed-cookie':
      throw new Error('a sealed cookie is no store');
    default:
      return { opened: session.store, close: nothing };
  }
}

async function openPostgres({ url, cookie }: SessionSettings): Promise<Opened<SessionStore>> {
  const { openDatabase } = await import('../platform/database/open-database.js');
  const { PostgresSessionStore } = await import('../sessions/stores/postgres.js');
  const { sessionMigrations } = await import('../migrations/sessions.js');
  const database = await openDatabase({
    url: url!,
    setting: 'session.url',
    migrations: sessionMigrations,
    applicationName: cookie.name.replace('__Host-', ''),
  });
  return { opened: new PostgresSessionStore(database, cookie.name), close: () => database.onApplicationShutdown() };
}

async function openRedis({ url, cookie }: SessionSettings): Promise<Opened<SessionStore>> {
  const { connectRedis } = await import('../platform/redis.js');
  const { RedisSessionStore } = await import('../sessions/stores/redis.js');
  const redis = await connectRedis({ url: url!, setting: 'session.url', name: cookie.name.replace('__Host-', '') });
  return { opened: new RedisSessionStore(redis, cookie.name), close: async () => redis.disconnect() };
}
