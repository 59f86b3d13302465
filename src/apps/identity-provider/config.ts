import { z } from 'zod';
import {
  ConfigError,
  countUpTo,
  databaseUrl,
  flag,
  isLoopbackOrigin,
  logLevel,
  mailFrom,
  nameList,
  origin,
  outboundAllow,
  parseEnvironment,
  port,
  secretList,
  smtpUrl,
  trustProxy,
} from '../../platform/config.js';
import type { BrandingOptions } from '../../platform/branding/branding.js';
import type { OutboundAllowance } from '../../platform/outbound.js';
import { upstreamJson, type UpstreamOptions } from '../../federation/upstream.options.js';
import { tracingSettings, wantsTraces } from '../support/tracing.js';
import { brandingOf } from './branding.js';
import { type Lifetimes, lifetimeSettings, lifetimesOf } from './lifetimes.js';

/** What the provider reads from the environment. */
export const environment = z.object({
  DATABASE_URL: databaseUrl.optional(),
  ISSUER: origin.optional(),
  PORT: port.optional(),
  HOST: z.string().max(255).optional(),
  GATEHOUSE_SECRET: secretList.optional(),
  GATEHOUSE_DIRECTORY: z.string().optional(),
  GATEHOUSE_POLICY: z.enum(['secure', 'certification'], { error: 'must be secure or certification' }).optional(),
  REGISTRATION: z.enum(['off', 'token', 'open'], { error: 'must be off, token or open' }).optional(),
  GATEHOUSE_INITIAL_ACCESS_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
  TRUST_PROXY: trustProxy.optional(),
  SEED_DEMO: flag.optional(),
  LOG_LEVEL: logLevel.optional(),
  OUTBOUND_ALLOW: outboundAllow.optional(),
  SMTP_URL: smtpUrl.optional(),
  MAIL_FROM: mailFrom.optional(),
  SITE_NAME: z.string().max(60).optional(),
  BRAND_ACCENT: z.string().optional(),
  BRAND_ACCENT_DARK: z.string().optional(),
  BRAND_LOGO: z.string().optional(),
  BRAND_LOGO_DARK: z.string().optional(),
  BRAND_MAIL_LOGO: z.string().optional(),
  BRAND_CSS: z.string().optional(),
  PAGES_DIR: z.string().optional(),
  LANGUAGES_DIR: z.string().optional(),
  LOGIN_METHODS: nameList.optional(),
  SECOND_FACTOR: z
    .enum(['enrolled', 'new-device', 'always', 'on-demand'], {
      error: 'must be enrolled, new-device, always or on-demand',
    })
    .optional(),
  SIGN_UP: flag.optional(),
  GATEHOUSE_UPSTREAM: upstreamJson.optional(),
  WORKERS: countUpTo(256).optional(),
  MAX_REQUESTS: countUpTo(10_000).optional(),
  MAX_CONNECTIONS: countUpTo(65_535).optional(),
  METRICS_PORT: port.optional(),
  METRICS_HOST: z.string().max(255).optional(),
  ...tracingSettings,
  ...lifetimeSettings,
});

/** The provider's settings, checked and with their defaults. */
export interface IdentityProviderConfig {
  issuer: string;
  host: string;
  port: number;
  /** Absent: the embedded PostgreSQL under `directory`. */
  databaseUrl?: string;
  /** Absent: one is made and kept under `directory`. */
  secrets?: string[];
  directory: string;
  policy: 'secure' | 'certification';
  registration: 'off' | 'token' | 'open';
  initialAccessToken?: string;
  trustProxy?: string[];
  seedDemo: boolean;
  logLevel: z.infer<typeof logLevel>;
  outboundAllow: OutboundAllowance[];
  lifetimes: Lifetimes;
  /** Absent: nobody gets a mail. `outbox`: they are kept for the demo's page. */
  mail?: { smtpUrl: string; from: string } | 'outbox';
  siteName: string;
  /** As they were given; `readBranding` reads and checks them. */
  branding: Omit<BrandingOptions, 'issuer' | 'name'>;
  /** Absent: those that need not be asked for. */
  loginMethods?: string[];
  secondFactor?: 'enrolled' | 'new-device' | 'always' | 'on-demand';
  signUp: boolean;
  /** Other providers that people may sign in with. */
  upstream: UpstreamOptions[];
  /** Processes on the one port. */
  workers: number;
  /** At work at once in one process; more are refused. */
  maxRequests: number;
  /** Open at once in one process. */
  maxConnections: number;
  /** Absent: nothing is measured. */
  metrics?: { host: string; port: number };
  /** See the settings OTEL_*. */
  traces: boolean;
}

/**
 * Reads the settings. What counts as production: the issuer is not on loopback; the one exception is `SEED_DEMO=true` for
 * an issuer under `.test`, a name that exists nowhere.
 * @throws ConfigError
 */
export function identityProviderConfig(env: NodeJS.ProcessEnv): IdentityProviderConfig {
  const set = parseEnvironment(environment, env);
  const listenPort = set.PORT ?? 3000;
  const issuer = set.ISSUER ?? `http://localhost:${listenPort}`;
  const loopback = isLoopbackOrigin(issuer);
  const underTest = new URL(issuer).hostname.endsWith('.test');
  const problems: string[] = [];
  if (!loopback) {
    if (!issuer.startsWith('https:')) problems.push('ISSUER: must be https (http is for loopback only)');
    if (set.SEED_DEMO && !underTest) {
      problems.push(
        'SEED_DEMO: the demo people and their passwords are public; not for an issuer that is not on loopback',
      );
    }
    if (!(set.SEED_DEMO && underTest)) {
      if (!set.DATABASE_URL)
        problems.push('DATABASE_URL: is required in production (the embedded database is for development)');
      if (!set.GATEHOUSE_SECRET) problems.push('GATEHOUSE_SECRET: is required in production (openssl rand -base64 48)');
    }
  }
  if (set.REGISTRATION === 'token' && !set.GATEHOUSE_INITIAL_ACCESS_TOKEN) {
    problems.push('GATEHOUSE_INITIAL_ACCESS_TOKEN: is needed for REGISTRATION=token');
  }
  const mail = mailOf(set, loopback);
  if (set.SMTP_URL && !set.MAIL_FROM) problems.push('MAIL_FROM: is needed for SMTP_URL: whom mails are from');
  if (set.SIGN_UP && !mail) problems.push('SIGN_UP: needs SMTP_URL: addresses are proved by mail');
  for (const method of set.LOGIN_METHODS ?? []) {
    if (/^(magic-link|email-code)$/.test(method) && !mail) problems.push(`LOGIN_METHODS: ${method} needs SMTP_URL`);
  }
  if (problems.length > 0) throw new ConfigError(`The configuration is not right.\n  ${problems.join('\n  ')}`);
  return {
    issuer,
    host: set.HOST ?? '127.0.0.1',
    port: listenPort,
    ...(set.DATABASE_URL ? { databaseUrl: set.DATABASE_URL } : {}),
    ...(set.GATEHOUSE_SECRET ? { secrets: set.GATEHOUSE_SECRET } : {}),
    directory: set.GATEHOUSE_DIRECTORY ?? '.gatehouse',
    policy: set.GATEHOUSE_POLICY ?? 'secure',
    registration: set.REGISTRATION ?? 'off',
    ...(set.GATEHOUSE_INITIAL_ACCESS_TOKEN ? { initialAccessToken: set.GATEHOUSE_INITIAL_ACCESS_TOKEN } : {}),
    ...(set.TRUST_PROXY ? { trustProxy: set.TRUST_PROXY } : {}),
    seedDemo: set.SEED_DEMO ?? loopback,
    logLevel: set.LOG_LEVEL ?? 'info',
    outboundAllow: set.OUTBOUND_ALLOW ?? [],
    ...(mail ? { mail } : {}),
    siteName: set.SITE_NAME ?? 'Gatehouse',
    branding: brandingOf(set),
    ...(set.LOGIN_METHODS ? { loginMethods: set.LOGIN_METHODS } : {}),
    ...(set.SECOND_FACTOR ? { secondFactor: set.SECOND_FACTOR } : {}),
    signUp: set.SIGN_UP ?? false,
    upstream: set.GATEHOUSE_UPSTREAM ?? [],
    lifetimes: lifetimesOf(set),
    workers: set.WORKERS ?? 1,
    maxRequests: set.MAX_REQUESTS ?? 200,
    maxConnections: set.MAX_CONNECTIONS ?? 10_000,
    traces: wantsTraces(set),
    ...(set.METRICS_PORT ? { metrics: { host: set.METRICS_HOST ?? '127.0.0.1', port: set.METRICS_PORT } } : {}),
  };
}

/** On loopback mails may go nowhere: a page shows them there. */
function mailOf(set: z.infer<typeof environment>, loopback: boolean): IdentityProviderConfig['mail'] {
  if (set.SMTP_URL) return { smtpUrl: set.SMTP_URL, from: set.MAIL_FROM ?? '' };
  return loopback ? 'outbox' : undefined;
}
