import { Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccountModule } from '../../account/account.module.js';
import { IdentityProviderModule } from '../../identity-provider/identity-provider.module.js';
import { LoginModule } from '../../login/login.module.js';
import { type Clock, SystemClock } from '../../platform/clock.js';
import type { Metrics } from '../../platform/metrics.js';
import { isLoopbackOrigin } from '../../platform/config.js';
import { Outbound } from '../../platform/outbound.js';
import { PlatformModule } from '../../platform/platform.module.js';
import { Secrets } from '../../platform/secret.js';
import { demoAllowances, demoPages } from '../support/demo.js';
import { HealthModule } from '../support/health.module.js';
import { openBranding } from './branding.js';
import { measureProvider } from './measure-provider.js';
import { OutboxModule } from './outbox.module.js';
import { LoadShedding } from '../support/load-shedding.js';
import { startServer } from '../support/server.js';
import type { IdentityProviderConfig } from './config.js';
import { carrierOf } from './mail-carrier.js';
import { openProviderDatabase } from './provider-database.js';
import { seedDemo } from './seed-demo.js';
import type { LaboratoryOptions } from './strategies/laboratory.js';
import { REPORT_PATH, STRATEGIES_PATH, StrategiesModule } from './strategies/strategies.module.js';
import { TELEVISION_PATH, TelevisionModule } from './television/television.module.js';
import { TOKEN_TOOL_PATH, TokenToolModule } from './token-tool/token-tool.module.js';
import { needsOf } from './urgency.js';
import { statement } from '../../platform/database/database.js';

const PING = statement('SELECT 1');

/** What a front door adds to the settings. */
export interface Circumstances {
  databaseUrl: string;
  secrets: string[];
  logger: LoggerService | false;
  clock?: Clock;
  /** The demo's applications, for the start page and the demo's clients. */
  apps: { name: string; url: string }[];
  /** PEM; trusted instead of the public ones when the provider fetches what clients publish. */
  certificateAuthorities?: string;
  /** Measured when given. */
  metrics?: Metrics;
  /** For the demo's page on which strategies are tried. */
  strategies?: LaboratoryOptions;
}

@Module({})
class IdentityProviderAppModule {}

/** The OpenID Provider as its own server: login, identity provider, health. */
export async function startIdentityProvider(
  config: IdentityProviderConfig,
  {
    databaseUrl,
    secrets,
    logger,
    clock = new SystemClock(),
    apps,
    certificateAuthorities,
    metrics,
    strategies,
  }: Circumstances,
): Promise<NestFastifyApplication> {
  const { lifetimes } = config;
  const branding = await openBranding(config);
  const database = await openProviderDatabase(databaseUrl);
  try {
    const demo =
      config.seedDemo && isLoopbackOrigin(config.issuer)
        ? demoAllowances([...apps, ...(strategies?.ports ?? []).map((port) => ({ url: `http://localhost:${port}` }))])
        : [];
    const outbound = new Outbound({ clock, allow: [...config.outboundAllow, ...demo], certificateAuthorities });
    const provider = IdentityProviderModule.forRoot({
      issuer: config.issuer,
      policy: config.policy,
      registration: config.registration,
      lifetimes: lifetimes.tokens,
      ...(lifetimes.keyRotation === undefined ? {} : { keyRotation: lifetimes.keyRotation }),
      ...(config.initialAccessToken ? { initialAccessToken: config.initialAccessToken } : {}),
    });
    const tools = [
      { name: 'Read a token', url: config.issuer + TOKEN_TOOL_PATH },
      { name: 'Television', url: config.issuer + TELEVISION_PATH },
      ...(strategies
        ? [
            { name: 'Sessions or JWTs?', url: config.issuer + STRATEGIES_PATH },
            { name: 'Sessions or JWTs: the report', url: config.issuer + REPORT_PATH },
          ]
        : []),
    ];
    const module: DynamicModule = {
      module: IdentityProviderAppModule,
      imports: [
        PlatformModule.forRoot({ database, secrets: new Secrets(secrets), outbound, clock, branding }),
        LoginModule.forRoot({
          issuer: config.issuer,
          startPage: true,
          accountUrl: '/account',
          apps: config.seedDemo ? [...demoPages(apps), ...tools] : [],
          session: lifetimes.session,
          serviceName: config.siteName,
          signUp: config.signUp,
          upstream: config.upstream,
          ...(config.mail ? { mail: carrierOf(config.mail) } : {}),
          ...(config.loginMethods ? { methods: config.loginMethods } : {}),
          ...(config.secondFactor ? { secondFactor: config.secondFactor } : {}),
        }),
        AccountModule.forRoot({ issuer: config.issuer, serviceName: config.siteName }),
        ...(config.mail === 'outbox' ? [OutboxModule] : []),
        provider,
        ...(config.seedDemo
          ? [TokenToolModule.forRoot(config.issuer, provider), TelevisionModule.forRoot(config.issuer)]
          : []),
        ...(config.seedDemo && strategies
          ? [
              StrategiesModule.forRoot({
                ...strategies,
                issuer: config.issuer,
                databaseUrl,
                directory: config.directory,
                username: 'alice',
              }),
            ]
          : []),
        HealthModule.forRoot({ database: () => database.query(PING) }),
      ],
    };
    if (config.seedDemo) await seedDemo(database, new Secrets(secrets), clock, apps);
    const shedding = new LoadShedding(config.maxRequests, needsOf);
    const app = await startServer(module, {
      host: config.host,
      port: config.port,
      logger,
      https: config.issuer.startsWith('https:'),
      maxConnections: config.maxConnections,
      prepare: (fastify) => shedding.guard(fastify),
      ...(config.trustProxy ? { trustProxy: config.trustProxy } : {}),
      ...(metrics ? { metrics } : {}),
    });
    if (metrics) measureProvider(metrics, { app, database, clock, shedding });
    return app;
  } catch (error) {
    await database.onApplicationShutdown();
    throw error;
  }
}
