import { z } from 'zod';
import {
  ConfigError,
  databaseUrl,
  isLoopbackOrigin,
  logLevel,
  origin,
  parseEnvironment,
  port,
  redisUrl,
  secretList,
  trustProxy,
} from '../../platform/config.js';
import { DEMO_PORT_BASE } from './demo.js';
import { tracingSettings, wantsTraces } from './tracing.js';

/** What a sample application reads from the environment. */
export const environment = z.object({
  ISSUER: origin.optional(),
  PORT: port.optional(),
  HOST: z.string().max(255).optional(),
  PUBLIC_URL: origin.optional(),
  CLIENT_ID: z.string().max(200).optional(),
  CLIENT_SECRET: z.string().max(1000).optional(),
  SESSION_SECRET: secretList.optional(),
  DATABASE_URL: databaseUrl.optional(),
  REDIS_URL: redisUrl.optional(),
  ORDERS_URL: origin.optional(),
  GATEHOUSE_DIRECTORY: z.string().optional(),
  TRUST_PROXY: trustProxy.optional(),
  LOG_LEVEL: logLevel.optional(),
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().max(255).optional(),
  ...tracingSettings,
});

/** The settings of a sample application, checked and with their defaults. */
export interface AppConfig {
  issuer: string;
  host: string;
  port: number;
  /** Where browsers reach it. */
  publicUrl: string;
  clientId: string;
  clientSecret: string;
  sessionSecret?: string[];
  databaseUrl?: string;
  /** Where its sessions are then, instead of the database. */
  redisUrl?: string;
  ordersUrl: string;
  directory: string;
  trustProxy?: string[];
  logLevel: z.infer<typeof logLevel>;
  /** Absent: nothing is measured. */
  metricsAddress?: { host: string; port: number };
  /** See the settings OTEL_*. */
  traces: boolean;
}

/** What is particular to one of the sample applications. */
export interface AppDefaults {
  /** How far its port is from the provider's. */
  portOffset: number;
  /** Its client in the demo; absent for an API that is nobody's client. */
  client?: { id: string; secret: string };
  /** It keeps no sessions, and does without its client too: only the revocation feed needs it. Default false. */
  isApi?: boolean;
}

/** @throws ConfigError; the demo's secrets are taken only for a provider on loopback. */
export function appConfig(env: NodeJS.ProcessEnv, { portOffset, client, isApi = false }: AppDefaults): AppConfig {
  const set = parseEnvironment(environment, env);
  const issuer = set.ISSUER ?? `http://localhost:${DEMO_PORT_BASE}`;
  const listenPort = set.PORT ?? DEMO_PORT_BASE + portOffset;
  const problems = Object.entries({ ISSUER: issuer, PUBLIC_URL: set.PUBLIC_URL })
    .filter(([, url]) => url?.startsWith('http:') && !isLoopbackOrigin(url))
    .map(([name]) => `${name}: must be https (http is for loopback only)`);
  if (client && !isApi && !isLoopbackOrigin(issuer)) {
    for (const name of ['CLIENT_SECRET', 'SESSION_SECRET', 'DATABASE_URL', 'PUBLIC_URL'] as const) {
      if (name === 'DATABASE_URL' && set.REDIS_URL) continue;
      if (!set[name]) problems.push(`${name}: is required when ISSUER is not on loopback`);
    }
  }
  if (problems.length > 0) throw new ConfigError(`The configuration is not right.\n  ${problems.join('\n  ')}`);
  return {
    issuer,
    host: set.HOST ?? '127.0.0.1',
    port: listenPort,
    publicUrl: set.PUBLIC_URL ?? `http://localhost:${listenPort}`,
    clientId: set.CLIENT_ID ?? client?.id ?? '',
    // The demo's secrets are public.
    clientSecret: set.CLIENT_SECRET ?? (isLoopbackOrigin(issuer) ? client?.secret : undefined) ?? '',
    ...(set.SESSION_SECRET ? { sessionSecret: set.SESSION_SECRET } : {}),
    ...(set.DATABASE_URL ? { databaseUrl: set.DATABASE_URL } : {}),
    ...(set.REDIS_URL ? { redisUrl: set.REDIS_URL } : {}),
    ordersUrl: set.ORDERS_URL ?? `http://localhost:${DEMO_PORT_BASE + 2}`,
    directory: set.GATEHOUSE_DIRECTORY ?? '.gatehouse',
    ...(set.TRUST_PROXY ? { trustProxy: set.TRUST_PROXY } : {}),
    logLevel: set.LOG_LEVEL ?? 'info',
    ...(set.METRICS_PORT ? { metricsAddress: { host: set.METRICS_HOST ?? '127.0.0.1', port: set.METRICS_PORT } } : {}),
    traces: wantsTraces(set),
  };
}
