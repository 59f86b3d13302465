import {
  Controller,
  type DynamicModule,
  type FactoryProvider,
  Get,
  Inject,
  Module,
  type Provider,
  Req,
  Res,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction, TerminusModule } from '@nestjs/terminus';
import { HttpExchange } from '../../platform/http/exchange.js';
import { Public } from '../../relying-party/decorators.js';

const CHECKS = Symbol('health checks');

/** What must work for an application to be of use, by name; each rejects when it does not. */
export type Needs = Record<string, () => Promise<unknown>>;

/** `/health/live`: the process answers. `/health/ready`: so does everything it needs. Nothing else is told. */
@Public()
@Controller({ path: 'health', version: VERSION_NEUTRAL })
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    @Inject(CHECKS) private readonly checks: HealthIndicatorFunction[],
  ) {}

  @Get('live')
  live(@Req() req: object, @Res() res: object): void {
    HttpExchange.of(req, res).json(200, { status: 'ok' });
  }

  @Get('ready')
  async ready(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    try {
      const { status } = await this.health.check(this.checks);
      exchange.json(status === 'ok' ? 200 : 503, { status });
    } catch {
      exchange.setHeader('retry-after', '2').json(503, { status: 'error' });
    }
  }
}

@Module({})
export class HealthModule {
  static forRoot(needs: Needs = {}): DynamicModule {
    return healthModule({ provide: CHECKS, useValue: checksOf(needs) });
  }

  /** @param about where what it needs is to be had of Nest */
  static forRootAsync({ useFactory, inject }: Pick<FactoryProvider<Needs>, 'useFactory' | 'inject'>): DynamicModule {
    const make = async (...injected: unknown[]) => checksOf(await useFactory(...injected));
    return healthModule({ provide: CHECKS, useFactory: make, ...(inject ? { inject } : {}) });
  }
}

function healthModule(checks: Provider): DynamicModule {
  return {
    module: HealthModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [HealthController],
    providers: [checks],
  };
}

function checksOf(needs: Needs): HealthIndicatorFunction[] {
  return Object.entries(needs).map(([name, need]) => async () => {
    await need();
    return { [name]: { status: 'up' } };
  });
}
