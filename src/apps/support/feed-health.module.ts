import { Controller, type DynamicModule, Get, Module, VERSION_NEUTRAL } from '@nestjs/common';
import { Authenticated, type FeedHealth, RevocationFeed } from '../../relying-party/index.js';
import { HealthModule } from './health.module.js';

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

/** Of an application behind the gate: it is of use once it knows what was revoked. */
@Module({})
export class FeedHealthModule {
  static forRoot(): DynamicModule {
    const health = HealthModule.forRootAsync({
      useFactory: (feed: RevocationFeed) => ({ revocations: () => feed.ready() }),
      inject: [RevocationFeed],
    });
    return { module: FeedHealthModule, imports: [health], controllers: [FeedHealthController] };
  }
}
