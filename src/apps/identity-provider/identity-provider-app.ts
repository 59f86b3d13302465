import { Module, type DynamicModule, type LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IdentityProviderModule } from '../../identity-provider/identity-provider.module.js';
import { LoginModule } from '../../login/login.module.js';
import { type Clock, SystemClock } from '../../platform/clock.js';
import { Outbound } from '../../platform/outbound.js';
import { PlatformModule } from '../../platform/platform.module.js';
import { Secrets } from '../../platform/secret.js';
import { demoPages } from '../support/demo.js';
import { HealthModule } from '../support/health.module.js';
import { startServer } from '../support/server.js';
import type { IdentityProviderConfig } from './config.js';
import { openProviderDatabase } from './provider-database.js';
import { seedDemo } from './seed-demo.js';
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
}

@Module({})
class IdentityProviderAppModule {}

/** The OpenID Provider as its own server: login, identity provider, health. */
export async function startIdentityProvider(
  config: IdentityProviderConfig,
  { databaseUrl, secrets, logger, clock = new SystemClock(), apps, certificateAuthorities }: Circumstances,
): Promise<NestFastifyApplication> {
  const database = await openProviderDatabase(databaseUrl);
  try {
    const outbound = new Outbound({ clock, allow: config.outboundAllow, certificateAuthorities });
    const module: DynamicModule = {
      module: IdentityProviderAppModule,
      imports: [
        PlatformModule.forRoot({ database, secrets: new Secrets(secrets), outbound, clock }),
        LoginModule.forRoot({ issuer: config.issuer, startPage: true, apps: config.seedDemo ? demoPages(apps) : [] }),
        IdentityProviderModule.forRoot({
          issuer: config.issuer,
          policy: config.policy,
          registration: config.registration,
          ...(config.initialAccessToken ? { initialAccessToken: config.initialAccessToken } : {}),
        }),
        HealthModule.forRoot({ database: () => database.query(PING) }),
      ],
    };
    if (config.seedDemo) await seedDemo(database, new Secrets(secrets), clock, apps);
    return await startServer(module, {
      host: config.host,
      port: config.port,
      logger,
      https: config.issuer.startsWith('https:'),
      ...(config.trustProxy ? { trustProxy: config.trustProxy } : {}),
    });
  } catch (error) {
    await database.onApplicationShutdown();
    throw error;
  }
}
