import type { AppConfig } from './app-config.js';

/** Where an application's sessions are kept: in its database, or in Redis when REDIS_URL is set. */
export function sessionPlace({ redisUrl }: AppConfig, databaseUrl: string) {
  return redisUrl ? { store: 'redis' as const, url: redisUrl } : { store: 'postgres' as const, url: databaseUrl };
}
