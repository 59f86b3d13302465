import {
  Controller,
  Get,
  Module,
  Req,
  Res,
  ServiceUnavailableException,
  type DynamicModule,
  type LoggerService,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { h } from 'preact';
import { HttpExchange } from '../../platform/http/exchange.js';
import {
  AccessToken,
  Authenticated,
  type Claims,
  CurrentUser,
  RelyingPartyModule,
  RequireScopes,
} from '../../relying-party/index.js';
import type { AppConfig } from '../support/app-config.js';
import { ORDERS_AUDIENCE } from '../support/demo.js';
import { HealthModule } from '../support/health.module.js';
import { startServer } from '../support/server.js';
import { DeskHome, type OrderRow } from './pages.js';

/** What the orders API answers. */
interface OrderList {
  subject: string;
  orders: OrderRow[];
}

/** Asks the orders API in the name of whoever asks us: the same access token, so `orders` decides for itself. */
export class OrdersClient {
  constructor(private readonly url: string) {}

  /** @throws ServiceUnavailableException when the orders API refuses or does not answer. */
  async list(accessToken: string | undefined): Promise<OrderList> {
    const response = await fetch(`${this.url}/orders`, {
      headers: { authorization: `Bearer ${accessToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    if (!response?.ok) throw new ServiceUnavailableException('The orders service is not available.');
    return (await response.json()) as OrderList;
  }
}

/** One set of routes for people with a browser and for programs with a token. */
@Controller()
export class DeskController {
  constructor(private readonly orders: OrdersClient) {}

  @Get()
  @Authenticated('session')
  async home(
    @Req() req: object,
    @Res() res: object,
    @CurrentUser() user: Claims,
    @AccessToken() accessToken?: string,
  ): Promise<void> {
    const list = await this.orders.list(accessToken).catch(() => undefined);
    const {
      name,
      preferred_username: username,
      sub,
    } = user as { name?: string; preferred_username?: string; sub: string };
    HttpExchange.of(req, res).page(
      200,
      h(DeskHome, {
        user: { name: name ?? username ?? sub, username: username ?? sub },
        ...(list ? { orders: list.orders } : { ordersProblem: 'The orders service is not available.' }),
        signOut: { action: '/auth/logout' },
      }),
    );
  }

  @Get('api/orders')
  @Authenticated('any')
  @RequireScopes('orders:read')
  list(@AccessToken() accessToken?: string): Promise<OrderList> {
    return this.orders.list(accessToken);
  }
}

@Module({})
class DeskModule {}

/** Starts the desk. @param databaseUrl where its sessions are kept. */
export function startDesk(
  config: AppConfig,
  databaseUrl: string,
  sessionSecret: string[],
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const { issuer, clientId, clientSecret, publicUrl } = config;
  const module: DynamicModule = {
    module: DeskModule,
    imports: [
      RelyingPartyModule.forRoot({
        issuer,
        clientId,
        clientSecret,
        redirectUri: `${publicUrl}/auth/callback`,
        scope: 'openid profile email orders:read orders:write',
        session: { store: 'postgres', url: databaseUrl, secret: sessionSecret, cookie: { name: '__Host-desk' } },
        bearer: { audience: ORDERS_AUDIENCE },
        revocation: { mode: 'feed' },
      }),
      HealthModule.forRoot(),
    ],
    controllers: [DeskController],
    providers: [{ provide: OrdersClient, useValue: new OrdersClient(config.ordersUrl) }],
  };
  return startServer(module, { ...config, logger, https: publicUrl.startsWith('https:') });
}
