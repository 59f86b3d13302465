import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Auth, Authenticated, type Principal, Public, RelyingPartyModule } from '../../relying-party/index.js';
import { startServer } from '../support/server.js';
import type { Strategy } from './strategies.js';

/** What the API is called that the tokens of the comparison are for. */
export const COMPARE_AUDIENCE = 'urn:gatehouse:compare';
export const COMPARE_SCOPE = 'compare:read';

/** Where an application that goes by one strategy runs, and whom it trusts. */
export interface StrategyAppOptions {
  strategy: Strategy;
  issuer: string;
  port: number;
  clientId: string;
  clientSecret: string;
  /** At least 32 random bytes; seals sessions. */
  sessionSecret: string;
  databaseUrl?: string;
  redisUrl?: string;
}

/** The cookie's name of a strategy's session. */
export function cookieNameOf({ id }: Strategy): string {
  return `__Host-${id}`;
}

@Controller()
class MeController {
  /** The guarded route that is measured: as little as an application can do beside the guard. */
  @Get('me')
  @Authenticated()
  me(@Auth() { subject }: Principal): { subject: string } {
    return { subject };
  }

  /** The same without the guard: what everything else costs. */
  @Get('open')
  @Public()
  open(): { subject: string } {
    return { subject: 'usr_0000000000000000' };
  }
}

@Module({})
class StrategyModule {}

/** Starts a Nest application on Fastify with one guarded route, `/me`, that goes by this strategy. @throws StartError, DatabaseError */
export async function startStrategyApp(
  options: StrategyAppOptions,
  prepare?: (fastify: FastifyInstance) => void,
): Promise<NestFastifyApplication> {
  const { strategy, issuer, port, clientId, clientSecret, sessionSecret, databaseUrl, redisUrl } = options;
  const { store } = strategy;
  const url = store === 'postgres' ? databaseUrl : store === 'redis' ? redisUrl : undefined;
  const module: DynamicModule = {
    module: StrategyModule,
    imports: [
      RelyingPartyModule.forRoot({
        issuer,
        clientId,
        clientSecret,
        unauthenticated: 'refuse',
        revocation: { mode: strategy.mode, ...(redisUrl === undefined ? {} : { redis: redisUrl }) },
        ...(store === undefined
          ? { bearer: { audience: COMPARE_AUDIENCE } }
          : {
              redirectUri: `http://localhost:${port}/auth/callback`,
              session: {
                store,
                secret: sessionSecret,
                cookie: { name: cookieNameOf(strategy) },
                ...(url === undefined ? {} : { url }),
              },
            }),
      }),
    ],
    controllers: [MeController],
  };
  return startServer(module, { host: '127.0.0.1', port, logger: false, https: false, ...(prepare ? { prepare } : {}) });
}
