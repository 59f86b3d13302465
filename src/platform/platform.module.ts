import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { Database } from './database/database.js';
import { Outbound } from './outbound.js';
import { Secrets } from './secret.js';

export interface PlatformOptions {
  database: Database;
  secrets: Secrets;
  outbound: Outbound;
  /** The machine's clock when left out. */
  clock?: Clock;
}

/** The doors to the outside that login and the identity provider share: time, secrets, database, HTTP out. */
@Module({})
export class PlatformModule {
  static forRoot({ database, secrets, outbound, clock = new SystemClock() }: PlatformOptions): DynamicModule {
    const providers = [
      { provide: Database, useValue: database },
      { provide: Secrets, useValue: secrets },
      { provide: Outbound, useValue: outbound },
      { provide: Clock, useValue: clock },
    ];
    return { module: PlatformModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
