import { Controller, type DynamicModule, Get, Inject, Module, Res, VERSION_NEUTRAL, Req } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorFunction, TerminusModule } from '@nestjs/terminus';
import { HttpExchange } from '../../platform/http/exchange.js';
import { Authenticated, type FeedHealth, Public, RevocationFeed } from '../../relying-party/index.js';

const CHECKS = Symbol('health checks');

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

/** `/health/feed`: how the revocation feed goes, for whoever is let in; also while it is silent. */
@Controller({ path: 'health/feed', version: VERSION_NEUTRAL })
@Authenticated('any', { onStale: 'accept' })
export class FeedHealthController {
  constructor(private readonly feed: RevocationFeed) {}

  @Get()
  detail(): FeedHealth {
    return this.feed.health();
  }
}

@Module({})
export class HealthModule {
  /** @param needs what must work for this application to be of use, by name; each rejects when it does not. */
  static forRoot(needs: Record<string, () => Promise<unknown>> = {}): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: [{ provide: CHECKS, useValue: checksOf(needs) }],
    };
  }

  /** Of an application behind the gate: it is of use once it knows what was revoked. */
  static forApplication(): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, FeedHealthController],
      providers: [
        {
          provide: CHECKS,
          useFactory: (feed: RevocationFeed) => checksOf({ revocations: () => feed.ready() }),
          inject: [RevocationFeed],
        },
      ],
    };
  }
}

function checksOf(needs: Record<string, () => Promise<unknown>>): HealthIndicatorFunction[] {
  return Object.entries(needs).map(([name, need]) => async () => {
    await need();
    return { [name]: { status: 'up' } };
  });
}
