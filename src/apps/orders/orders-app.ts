import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Module,
  Post,
  type DynamicModule,
  type LoggerService,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';
import { Auth, type Principal, RelyingPartyModule, RequireScopes } from '../../relying-party/index.js';
import { isLoopbackOrigin } from '../../platform/config.js';
import type { AppConfig } from '../support/app-config.js';
import { ORDERS_AUDIENCE } from '../support/demo.js';
import { FeedHealthModule } from '../support/feed-health.module.js';
import { startApplication } from '../support/application.js';

const newOrder = z.object({ item: z.string().trim().min(1).max(100), quantity: z.int().min(1).max(1000) });

interface Order {
  id: number;
  item: string;
  quantity: number;
  status: string;
  /** Who ordered: the subject of the token. */
  orderedBy: string;
}

/** Whose orders they are, and who asks for them in that person's place. */
interface OrderList {
  subject: string;
  /** RFC 8693 §4.1; absent where the person asks by themselves. */
  actor?: string;
  orders: Omit<Order, 'orderedBy'>[];
}

/** How many orders the sample keeps; the oldest go first. */
const MOST_ORDERS = 1000;

/** A REST API: whoever brings an access token for it, with the scope, may. It keeps no sessions and needs no database. */
@Controller('orders')
export class OrdersController {
  private readonly orders: Order[] = [
    { id: 1, item: 'Looking glass', quantity: 1, status: 'shipped', orderedBy: 'house' },
    { id: 2, item: 'Pocket watch', quantity: 2, status: 'packed', orderedBy: 'house' },
  ];

  @Get()
  @RequireScopes('orders:read')
  list(@Auth() auth: Principal): OrderList {
    const visible = this.orders.filter(({ orderedBy }) => orderedBy === 'house' || orderedBy === auth.subject);
    return {
      subject: auth.subject,
      ...(typeof auth.actor?.['sub'] === 'string' ? { actor: auth.actor['sub'] } : {}),
      orders: visible.map(({ id, item, quantity, status }) => ({ id, item, quantity, status })),
    };
  }

  @Post()
  @HttpCode(201)
  @RequireScopes('orders:write')
  add(@Auth() auth: Principal, @Body() body: unknown): Omit<Order, 'orderedBy'> {
    const parsed = newOrder.safeParse(body);
    if (!parsed.success) throw new BadRequestException();
    const order = { id: (this.orders.at(-1)?.id ?? 0) + 1, ...parsed.data, status: 'new' };
    this.orders.push({ ...order, orderedBy: auth.subject });
    if (this.orders.length > MOST_ORDERS) this.orders.shift();
    return order;
  }
}

@Module({})
class OrdersModule {}

/** Starts the orders API. All it knows of the provider is its issuer, and who it is itself. */
export function startOrders(config: AppConfig, logger: LoggerService | false): Promise<NestFastifyApplication> {
  const module: DynamicModule = {
    module: OrdersModule,
    imports: [
      RelyingPartyModule.forRoot({
        issuer: config.issuer,
        bearer: { audience: ORDERS_AUDIENCE },
        // On a developer's machine `npx nest-gatehouse explain` may ask.
        describe: isLoopbackOrigin(config.issuer),
        // With a client of its own it follows the revocation feed: a revoked token is refused at once, and nobody is asked.
        ...(config.clientSecret ? { clientId: config.clientId, clientSecret: config.clientSecret } : {}),
      }),
      FeedHealthModule.forRoot(),
    ],
    controllers: [OrdersController],
  };
  return startApplication(module, config, logger);
}
