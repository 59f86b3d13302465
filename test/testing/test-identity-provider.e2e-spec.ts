import { Controller, Get, type INestApplication, Module, Post, VersioningType } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  Auth,
  type Principal,
  Public,
  RelyingPartyModule,
  type RelyingPartyOptions,
} from '../../src/relying-party/index.js';
import {
  createTestIdentityProvider,
  describeProtected,
  routesOf,
  type TestIdentityProvider,
} from '../../src/testing/index.js';

@Controller('things')
class Things {
  @Get()
  list(@Auth() auth: Principal) {
    return { subject: auth.subject, isClient: auth.isClient };
  }

  @Post(':id/parts/:part')
  add() {
    return {};
  }

  @Get('open')
  @Public()
  open() {
    return {};
  }
}

@Controller({ path: ['old', 'older'], version: '2' })
class Versioned {
  @Get(['a', 'b'])
  both() {
    return {};
  }
}

const options: RelyingPartyOptions = {
  issuer: 'https://id.example.com',
  clientId: 'things',
  clientSecret: 'a-secret',
  redirectUri: 'https://things.example.com/api/auth/callback',
  session: {
    store: 'postgres',
    url: 'postgres://nowhere/things',
    secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
    cookie: { name: '__Host-things' },
  },
  bearer: { audience: ['urn:things', 'urn:more'], algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'] },
  revocation: { mode: 'introspect' },
};

@Module({ imports: [RelyingPartyModule.forRoot(options)], controllers: [Things, Versioned] })
class ThingsModule {}

describe.each([
  ['fastify', () => new FastifyAdapter()],
  ['express', () => new ExpressAdapter()],
])('the test provider, on %s', (_, adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;

  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    const module = await idp.connect(Test.createTestingModule({ imports: [ThingsModule] })).compile();
    app = module.createNestApplication(adapter(), { logger: false });
    app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI });
    await app.init();
  });
  afterAll(() => app.close());

  const ask = async (headers: Record<string, string>) => {
    if (!app.getHttpServer().listening) await app.listen(0, '127.0.0.1');
    return fetch(`${await app.getUrl()}/api/things`, { headers });
  };

  it('lists every route, prefixed, versioned, its parameters filled in', () => {
    expect(routesOf(app).map(({ method, url, handler }) => `${method} ${url} ${handler}`)).toEqual(
      expect.arrayContaining([
        'GET /api/things Things.list',
        'POST /api/things/1/parts/1 Things.add',
        'GET /api/v2/old/a Versioned.both',
        'GET /api/v2/older/b Versioned.both',
        'GET /api/auth/login SignInController.login',
      ]),
    );
  });

  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)('signs with %s', async (alg) => {
    expect((await ask(idp.bearer({ alg }))).status).toBe(200);
  });

  it('makes tokens that only introspection can read, and programs’ own', async () => {
    expect((await ask(idp.bearer({ opaque: true, sub: 'alice' }))).status).toBe(200);
    const answer = await ask(idp.bearer({ sub: 'robot', clientId: 'robot' }));
    expect(await answer.json()).toEqual({ subject: 'robot', isClient: true });
  });

  it('says of a revoked token that it is not active', async () => {
    const token = idp.token();
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(headers)).status).toBe(200);
    await idp.revoke({ token });
    idp.clock.pass('1s');
    expect((await ask(headers)).status).toBe(401);
    expect((await ask(idp.bearer({ revoked: true }))).status).toBe(401);
  });

  it('withdraws its keys', async () => {
    const headers = idp.bearer();
    expect((await ask(headers)).status).toBe(200);
    idp.rotateKeys({ withdraw: true });
    idp.clock.pass('6m');
    const kept = idp.bearer();
    await ask(kept);
    expect((await ask(kept)).status).toBe(200);
    expect((await ask(idp.bearer({ unknownKey: true }))).status).toBe(401);
  });

  it('signs people in, renews their tokens, and ends all that a person has', async () => {
    const agent = await idp.login(app, { sub: 'alice', roles: ['keeper'] });
    expect((await agent.get('/api/things')).json()).toEqual({ subject: 'alice', isClient: false });
    idp.clock.pass('6m');
    expect((await agent.get('/api/things')).status).toBe(200);
    await idp.revoke({ sub: 'alice' });
    expect((await agent.get('/api/things')).status).toBe(401);
  });

  it('shows what the application answers when it refuses a sign-in', async () => {
    const bob = { sub: '' };
    await expect(idp.login(app, bob)).rejects.toThrow(/answered 400 at \/api\/auth\/callback: .*id_token_invalid/s);
  });

  it('describeProtected fails for a route that is open, and for an allowance of none', async () => {
    const results = new Map<string, Promise<void>>();
    const framework = {
      describe: (_name: string, body: () => void) => body(),
      it: (name: string, body: () => Promise<void>) => results.set(name, body()),
    };
    describeProtected(app, { allow: ['GET /api/nothing/*'], framework });
    await expect(results.get('refuses the anonymous')).rejects.toThrow(
      /GET \/api\/things\/open \(Things\.open\) answered 200/,
    );
    await expect(results.get('the list of open routes names only routes that exist')).rejects.toThrow(
      'There are no such routes: GET /api/nothing/*',
    );
    await Promise.allSettled(results.values());

    results.clear();
    describeProtected(app, { allow: ['GET /api/things/open'], idp, framework });
    await expect(Promise.all(results.values())).resolves.toHaveLength(12);
  });
});

it('a token cannot be revoked by nothing', async () => {
  const idp = await createTestIdentityProvider();
  await expect(idp.revoke({})).rejects.toThrow('name a sub, a sid or a token');
});
