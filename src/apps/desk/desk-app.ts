import {
  Controller,
  Get,
  Injectable,
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
  Auth,
  Authenticated,
  type Claims,
  CurrentUser,
  OptionalAuth,
  type Principal,
  RelyingPartyModule,
  RequireScopes,
  SignOutReceipts,
  TokenClient,
} from '../../relying-party/index.js';
import { isLoopbackOrigin } from '../../platform/config.js';
import type { AppConfig } from '../support/app-config.js';
import { ORDERS_AUDIENCE } from '../support/demo.js';
import { FeedHealthModule } from '../support/feed-health.module.js';
import { sessionPlace } from '../support/session-place.js';
import { startApplication } from '../support/application.js';
import { DeskHome, type OrderRow } from './pages.js';

/** What the orders API answers. */
interface OrderList {
  subject: string;
  /** Who asked it in the subject's place. */
  actor?: string;
  orders: OrderRow[];
}

/** Where the orders API is. */
class OrdersAddress {
  constructor(readonly url: string) {}
}

/**
 * Asks the orders API for whoever asks us. For a person we exchange their token for one that says that we act for them, and that
 * can do nothing but read orders; a program's own token is for that API as it is.
 */
@Injectable()
export class OrdersClient {
  constructor(
    private readonly address: OrdersAddress,
    private readonly tokens: TokenClient,
  ) {}

  /** @throws ServiceUnavailableException when the orders API refuses or does not answer; TokenRequestError */
  async list(auth: Principal, accessToken: string | undefined): Promise<OrderList> {
    const token = auth.isClient || accessToken === undefined ? accessToken : await this.tokenFor(accessToken);
    const response = await fetch(`${this.address.url}/orders`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    }).catch(() => undefined);
    if (response?.status === 401 && token !== undefined) this.tokens.forget(token);
    if (!response?.ok) throw new ServiceUnavailableException('The orders service is not available.');
    return (await response.json()) as OrderList;
  }

  private async tokenFor(accessToken: string): Promise<string> {
    const target = { resource: ORDERS_AUDIENCE, scope: 'orders:read' };
    return (await this.tokens.exchange(accessToken, target)).accessToken;
  }
}

/** One set of routes for people with a browser and for programs with a token. */
@Controller()
export class DeskController {
  constructor(
    private readonly orders: OrdersClient,
    private readonly receipts: SignOutReceipts,
  ) {}

  /** Where people come back to who signed out here: the start page would send them to sign in again. */
  @Get('signed-out')
  @OptionalAuth('session')
  async signedOut(@Req() req: object, @Res() res: object, @CurrentUser() user?: Claims): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    const signedOut = await this.receipts.take(req, res);
    if (user) return exchange.redirect('/');
    exchange.page(200, h(DeskHome, signedOut ? { signedOut } : {}));
  }

  @Get()
  @Authenticated('session')
  async home(
    @Req() req: object,
    @Res() res: object,
    @Auth() auth: Principal,
    @CurrentUser() user: Claims,
    @AccessToken() accessToken?: string,
  ): Promise<void> {
    const list = await this.orders.list(auth, accessToken).catch(() => undefined);
    const {
      name,
      preferred_username: username,
      sub,
    } = user as { name?: string; preferred_username?: string; sub: string };
    HttpExchange.of(req, res).page(
      200,
      h(DeskHome, {
        user: { name: name ?? username ?? sub, username: username ?? sub },
        ...(list
          ? { orders: list.orders, ...(list.actor === undefined ? {} : { actor: list.actor }) }
          : { ordersProblem: 'The orders service is not available.' }),
        signOut: { action: '/auth/logout' },
      }),
    );
  }

  @Get('api/orders')
  @Authenticated('any')
  @RequireScopes('orders:read')
  list(@Auth() auth: Principal, @AccessToken() accessToken?: string): Promise<OrderList> {
    return this.orders.list(auth, accessToken);
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
        postLogoutRedirectUri: `${publicUrl}/signed-out`,
        scope: 'openid profile email orders:read orders:write',
        session: { ...sessionPlace(config, databaseUrl), secret: sessionSecret, cookie: { name: '__Host-desk' } },
        bearer: { audience: ORDERS_AUDIENCE },
        revocation: { mode: 'feed' },
        // On a developer's machine `npx nest-gatehouse explain` may ask.
        describe: isLoopbackOrigin(config.issuer),
      }),
      FeedHealthModule.forRoot(),
    ],
    controllers: [DeskController],
    providers: [{ provide: OrdersAddress, useValue: new OrdersAddress(config.ordersUrl) }, OrdersClient],
  };
  return startApplication(module, config, logger);
}
