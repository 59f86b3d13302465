import { Controller, Get, Module } from '@nestjs/common';
import {
  AccountModule,
  IdentityProviderModule,
  identityProviderEntities as entities,
  identityProviderMigrations as migrations,
  LoginModule,
  openDatabase,
  PlatformModule,
  readBranding,
  Secrets,
} from '../../src/faces/identity-provider.js';

/** The origin under which browsers and clients reach this application. */
const issuer = () => process.env['ISSUER'] ?? 'http://localhost:3000';

@Controller('things')
export class ThingsController {
  @Get()
  list() {
    return ['their own'];
  }
}

@Module({
  imports: [
    PlatformModule.forRootAsync({
      useFactory: async () => ({
        database: await openDatabase({ url: process.env['DATABASE_URL'] ?? '', entities, migrations }),
        secrets: new Secrets((process.env['GATEHOUSE_SECRET'] ?? '').split(',')),
        branding: await readBranding({ issuer: issuer(), name: 'The Shop', accent: '#7a1fa2' }),
      }),
    }),
    LoginModule.forRootAsync({ useFactory: () => ({ issuer: issuer(), serviceName: 'The Shop' }) }),
    AccountModule.forRootAsync({ useFactory: () => ({ issuer: issuer() }) }),
    IdentityProviderModule.forRootAsync({ useFactory: () => ({ issuer: issuer() }) }),
  ],
  controllers: [ThingsController],
})
export class AppModule {}
