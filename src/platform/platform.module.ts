import { type DynamicModule, type FactoryProvider, Module, type Provider } from '@nestjs/common';
import { BrandedServer } from './branding/branded-server.js';
import { Branding } from './branding/branding.js';
import { BrandingController } from './branding/branding.controller.js';
import { Clock, SystemClock } from './clock.js';
import { Database } from './database/database.js';
import { selfProtecting } from './http/own-protection.js';
import { Outbound } from './outbound.js';
import { Secrets } from './secret.js';

export interface PlatformOptions {
  /** From `openDatabase`; closed with the application. */
  database: Database;
  secrets: Secrets;
  /** One that reaches no private address when left out. */
  outbound?: Outbound;
  /** The machine's clock when left out. */
  clock?: Clock;
  /** From `readBranding`: how the pages look. */
  branding?: Branding;
}

export interface PlatformAsyncOptions {
  inject?: FactoryProvider['inject'];
  useFactory: (...dependencies: never[]) => PlatformOptions | Promise<PlatformOptions>;
}

const OPTIONS = Symbol('gatehouse.platform-options');

/** The doors to the outside that login and the identity provider share: time, secrets, database, HTTP out, the look of pages. */
@Module({})
export class PlatformModule {
  static forRoot(options: PlatformOptions): DynamicModule {
    return dynamicModule({ provide: OPTIONS, useValue: doors(options) });
  }

  static forRootAsync({ inject, useFactory }: PlatformAsyncOptions): DynamicModule {
    return dynamicModule({
      provide: OPTIONS,
      inject: inject ?? [],
      useFactory: async (...dependencies: never[]) => doors(await useFactory(...dependencies)),
    });
  }
}

type Doors = Required<PlatformOptions>;

function doors({ clock = new SystemClock(), outbound = new Outbound({ clock }), ...others }: PlatformOptions): Doors {
  return { clock, outbound, branding: Branding.none, ...others };
}

function dynamicModule(options: Provider): DynamicModule {
  const door = (token: FactoryProvider['provide'], name: keyof Doors): FactoryProvider => ({
    provide: token,
    inject: [OPTIONS],
    useFactory: (all: Doors) => all[name],
  });
  const providers = [
    door(Database, 'database'),
    door(Secrets, 'secrets'),
    door(Outbound, 'outbound'),
    door(Clock, 'clock'),
    door(Branding, 'branding'),
  ];
  return {
    module: PlatformModule,
    global: true,
    controllers: selfProtecting([BrandingController]),
    providers: [options, BrandedServer, ...providers],
    exports: providers.map(({ provide }) => provide),
  };
}
