// Example: a microservice. Messages carry an access token; a session's cookie means nothing here.
import { Controller, Get, type INestApplication, Module, UseGuards } from '@nestjs/common';
import {
  ClientProxyFactory,
  type ClientProxy,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import {
  Auth,
  AuthenticationGuard,
  CurrentUser,
  Public,
  RelyingPartyModule,
  RequireScopes,
} from 'nest-gatehouse/relying-party';
import type { Claims, Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, type TestIdentityProvider } from 'nest-gatehouse/testing';
import { createServer, type AddressInfo } from 'node:net';
import { firstValueFrom } from 'rxjs';

const gate = RelyingPartyModule.forRoot({
  issuer: 'https://id.example.com',
  bearer: { audience: 'https://stock.example.com' },
});

@Controller()
class StockController {
  @MessagePattern('stock.count')
  @RequireScopes('stock:read')
  count(@Payload() { item }: { item: string }, @Auth() auth: Principal) {
    return { item, left: 3, askedBy: auth.subject };
  }

  @MessagePattern('stock.whoami')
  whoami(@CurrentUser() user: Claims) {
    return user['sub'];
  }

  @MessagePattern('stock.ping')
  @Public()
  ping() {
    return 'pong';
  }
}

@Module({ imports: [gate], controllers: [StockController] })
class StockModule {}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a microservice', () => {
  let idp: TestIdentityProvider;
  let client: ClientProxy;
  let close: () => Promise<unknown>;
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } } as const;
    const testing = await idp.connect(Test.createTestingModule({ imports: [StockModule] })).compile();
    const service = testing.createNestMicroservice<MicroserviceOptions>({
      ...options,
      logger: false,
    } as MicroserviceOptions);
    await service.listen();
    close = () => service.close();
    client = ClientProxyFactory.create(options);
  });
  afterAll(async () => {
    await client.close();
    await close();
  });

  /** TCP has no headers, so they stand in the data; NATS, Kafka, RabbitMQ, MQTT 5 and gRPC have their own. */
  const ask = (pattern: string, data: object = {}) => firstValueFrom(client.send<unknown>(pattern, data));

  it('knows who asks', async () => {
    const headers = idp.bearer({ sub: 'alice', scope: 'stock:read' });
    expect(await ask('stock.count', { item: 'tea', headers })).toEqual({ item: 'tea', left: 3, askedBy: 'alice' });
    expect(await ask('stock.whoami', { headers })).toBe('alice');
    expect(await ask('stock.ping')).toBe('pong');
  });

  it.each([
    ['nobody', () => ({}), 'unauthenticated'],
    ['a garbage token', () => ({ authorization: 'Bearer garbage' }), 'malformed_token'],
    ['something that is no text', () => ({ authorization: { $ne: null } }), 'malformed_credentials'],
    ['two tokens', () => ({ authorization: ['Bearer x', 'Bearer y'] }), 'malformed_credentials'],
    ['an expired token', () => idp.bearer({ expired: true, scope: 'stock:read' }), 'token_expired'],
    ['a token for another API', () => idp.bearer({ wrongAudience: true }), 'audience_mismatch'],
    ['an ID token', () => idp.bearer({ idToken: true }), 'wrong_token_type'],
    ['a token without the scope', () => idp.bearer(), 'insufficient_scope'],
  ])('refuses %s, with a code', async (_, headers, code) => {
    await expect(ask('stock.count', { item: 'tea', headers: headers() })).rejects.toMatchObject({
      status: 'error',
      code,
      message: expect.any(String),
      correlationId: expect.any(String),
    });
  });

  it.each([['text'], [[]], [{ headers: null }], [{ headers: 'authorization' }]])(
    'data like %j are nobody’s',
    async (data) => {
      await expect(ask('stock.whoami', data as object)).rejects.toMatchObject({ code: 'unauthenticated' });
    },
  );

  it('notices that a token has ended', async () => {
    const headers = idp.bearer();
    expect(await ask('stock.whoami', { headers })).toBeDefined();
    idp.clock.pass('6m');
    await expect(ask('stock.whoami', { headers })).rejects.toMatchObject({ code: 'token_expired' });
  });
});

// In an application that serves HTTP as well, Nest runs global guards for messages only when they are connected with
// `inheritAppConfig`. Whoever forgets it would be open: so the application does not start without the guard by name.
describe('messages of an application that serves HTTP as well', () => {
  @Controller()
  @UseGuards(AuthenticationGuard)
  class HybridController {
    @Get()
    web(@Auth() auth: Principal) {
      return { subject: auth.subject };
    }

    @MessagePattern('whoami')
    message(@Auth() auth: Principal) {
      return { subject: auth.subject };
    }
  }

  @Module({ imports: [gate], controllers: [HybridController] })
  class HybridModule {}

  it('JW-50: does not start when they would be open', async () => {
    const idp = await createTestIdentityProvider();
    const testing = idp.connect(Test.createTestingModule({ imports: [StockModule] }));
    await expect(testing.compile().then((module) => module.createNestApplication().init())).rejects.toThrow(
      /@UseGuards\(AuthenticationGuard\) on StockController\.count, StockController\.whoami\./,
    );
  });

  it.each([[true], [false]])('guards both, with inheritAppConfig: %s', async (inheritAppConfig) => {
    const idp = await createTestIdentityProvider();
    const testing = await idp.connect(Test.createTestingModule({ imports: [HybridModule] })).compile();
    const app: INestApplication = testing.createNestApplication({ logger: false });
    const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } } as const;
    app.connectMicroservice<MicroserviceOptions>(options, { inheritAppConfig });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const client = ClientProxyFactory.create(options);
    const headers = idp.bearer({ sub: 'alice' });
    const ask = (data: object) => firstValueFrom(client.send<unknown>('whoami', data));

    expect(await (await fetch(await app.getUrl(), { headers })).json()).toEqual({ subject: 'alice' });
    expect((await fetch(await app.getUrl())).status).toBe(401);
    expect(await ask({ headers })).toEqual({ subject: 'alice' });
    await expect(ask({})).rejects.toMatchObject({ code: 'unauthenticated' });
    await client.close();
    await app.close();
  });
});
