import { Global, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LoginModule } from '../../src/login/login.module.js';
import { type LoginOptions, LoginSettings } from '../../src/login/login.options.js';
import { Clock, SystemClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { Secrets } from '../../src/platform/secret.js';
import { Users } from '../../src/users/users.js';

@Injectable()
class NoUsers extends Users {
  findBySubject = async () => undefined;
  findByUsername = async () => undefined;
}

it('takes its options from a factory', async () => {
  @Global()
  @Module({
    providers: [
      { provide: Clock, useClass: SystemClock },
      { provide: Secrets, useValue: new Secrets(['a secret for tests that is long enough']) },
      // Nothing is asked of it here.
      { provide: Database, useValue: { dataSource: {} } },
    ],
    exports: [Clock, Secrets, Database],
  })
  class PlatformModule {}

  @Module({ providers: [{ provide: 'issuer', useValue: 'https://id.test/tenant' }], exports: ['issuer'] })
  class ConfigModule {}

  @Module({
    imports: [
      PlatformModule,
      LoginModule.forRootAsync({
        users: NoUsers,
        imports: [ConfigModule],
        inject: ['issuer'],
        useFactory: async (issuer: string) => ({ issuer, session: { idle: '30m' } }),
      }),
    ],
  })
  class AppModule {}

  const app = await NestFactory.createApplicationContext(AppModule, { logger: false, abortOnError: false });
  expect(app.get(Users)).toBeInstanceOf(NoUsers);
  expect(app.get(LoginSettings, { strict: false })).toMatchObject({
    origin: 'https://id.test',
    session: { idleMilliseconds: 1_800_000, absoluteMilliseconds: 86_400_000 },
  });
  await app.close();
});

it.each<[string, LoginOptions]>([
  ['issuer', { issuer: 'id.test' }],
  ['perAccount', { issuer: 'https://id.test', throttle: { perAccount: 0 } }],
  ['fortnight', { issuer: 'https://id.test', session: { idle: 'fortnight' as '1d' } }],
])('refuses to boot with a malformed %s, by name', (name, options) => {
  expect(() => LoginModule.forRoot(options)).toThrow(name);
});
