import { Controller, Get, type INestApplication, Injectable, Module, type Type, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import {
  Auth,
  AuthenticationGuard,
  type Principal,
  RelyingPartyModule,
  type RelyingPartyOptions,
} from '../../src/relying-party/index.js';
import { UserSessions } from '../../src/relying-party/user-sessions.js';
import { createTestIdentityProvider, type TestIdentityProvider } from '../../src/testing/index.js';
import { send } from '../../src/testing/agent.js';
import { adapters } from '../examples/adapters.js';
import { TestClock } from '../support/test-clock.js';
import { TinyIssuer } from '../support/tiny-issuer.js';

const AUDIENCE = 'https://shop.example.com';
const running: INestApplication[] = [];
let idp: TestIdentityProvider;
beforeAll(async () => (idp = await createTestIdentityProvider({ audience: AUDIENCE })));
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

function moduleOf(
  options: Partial<RelyingPartyOptions> & { isGlobal?: boolean; globalGuard?: boolean },
  parts: { controllers?: Type[]; providers?: Type[]; imports?: Type[] } = {},
): Type {
  const imports = [
    RelyingPartyModule.forRoot({ bearer: { audience: AUDIENCE }, ...idp.options, ...options } as never),
    ...(parts.imports ?? []),
  ];
  @Module({ ...parts, imports })
  class AppModule {}
  return AppModule;
}

async function start(
  module: Type,
  prepare: (app: INestApplication) => void = () => {},
  adapter = new FastifyAdapter(),
) {
  const app = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  prepare(app);
  await app.init();
  running.push(app);
  return app;
}

@Controller('plain')
class Plain {
  @Get()
  get(@Auth() auth?: Principal) {
    return { subject: auth?.subject ?? null };
  }
}

@Controller('guarded')
@UseGuards(AuthenticationGuard)
class Guarded {
  @Get()
  get(@Auth() auth?: Principal) {
    return { subject: auth?.subject ?? null };
  }
}

const asAlice = () => ({ headers: idp.bearer({ sub: 'alice' }) });

describe('globalGuard: false', () => {
  it('guards what is named by @UseGuards, and nothing else', async () => {
    const app = await start(moduleOf({ globalGuard: false }, { controllers: [Plain, Guarded] }));
    expect((await send(app, 'GET', '/plain')).status).toBe(200);
    expect((await send(app, 'GET', '/plain', asAlice())).json()).toEqual({ subject: null });
    const refused = await send(app, 'GET', '/guarded');
    expect([refused.status, refused.json()['code']]).toEqual([401, 'unauthenticated']);
    expect((await send(app, 'GET', '/guarded', asAlice())).json()).toEqual({ subject: 'alice' });
  });

  it('the same, decided once, where the guard is global too', async () => {
    const app = await start(moduleOf({}, { controllers: [Plain, Guarded] }));
    for (const path of ['/plain', '/guarded']) {
      expect((await send(app, 'GET', path)).status).toBe(401);
      expect((await send(app, 'GET', path, asAlice())).json()).toEqual({ subject: 'alice' });
    }
  });
});

describe('isGlobal: false', () => {
  @Injectable()
  class Asks {
    constructor(readonly sessions: UserSessions) {}
  }

  it('the guard is global all the same, and what it is made of is had by importing the module only', async () => {
    @Module({ controllers: [Plain] })
    class Elsewhere {}
    const app = await start(moduleOf({ isGlobal: false }, { imports: [Elsewhere], providers: [Asks] }));
    expect((await send(app, 'GET', '/plain')).status).toBe(401);
    expect((await send(app, 'GET', '/plain', asAlice())).status).toBe(200);
    expect(app.get(Asks).sessions).toBeInstanceOf(UserSessions);

    @Module({ providers: [Asks] })
    class Stranger {}
    await expect(start(moduleOf({ isGlobal: false }, { imports: [Stranger] }))).rejects.toThrow(/UserSessions/);
    await expect(start(moduleOf({ isGlobal: true }, { imports: [Stranger] }))).resolves.toBeDefined();
  });
});

describe.each(Object.entries(adapters))('CORS, on %s', (_name, adapter) => {
  it('its Vary stays beside the guard’s, in refusals too', async () => {
    const cors = (app: INestApplication) => app.enableCors({ origin: ['https://a.example', 'https://b.example'] });
    const app = await start(moduleOf({}, { controllers: [Plain] }), cors, adapter() as FastifyAdapter);
    for (const headers of [{}, asAlice().headers]) {
      const answer = await send(app, 'GET', '/plain', { headers: { ...headers, origin: 'https://a.example' } });
      const varies = String(answer.headers['vary']).split(/, */);
      expect(varies.sort()).toEqual(['Authorization', 'Cookie', 'Origin']);
      expect(answer.headers['access-control-allow-origin']).toBe('https://a.example');
    }
  });
});

describe('the start names', () => {
  const session = (clientId: string, port: number, name = '__Host-shop'): Partial<RelyingPartyOptions> => ({
    clientId,
    redirectUri: `http://localhost:${port}/auth/callback`,
    session: { store: 'sealed-cookie', secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs', cookie: { name } },
  });

  it('a cookie name that two applications of a process have, for as long as both run', async () => {
    const shop = await start(moduleOf(session('shop', 4001)));
    await expect(start(moduleOf(session('desk', 4002)))).rejects.toMatchObject({
      code: 'cookie_name_taken',
      problems: [
        expect.stringMatching(
          /^session\.cookie\.name: __Host-shop is the cookie of another application in this process \(shop at/,
        ),
      ],
    });
    // The same application twice, another name, another host: all in order.
    await start(moduleOf(session('shop', 4003)));
    await start(moduleOf(session('desk', 4002, '__Host-desk')));
    await start(moduleOf({ ...session('other', 4004), redirectUri: 'https://other.example/auth/callback' }));
    for (const app of running.splice(0)) await app.close();
    expect(shop).toBeDefined();
    await start(moduleOf(session('desk', 4002)));
  });

  it('RP-07 an issuer that calls itself something else, and starts where it cannot be reached', async () => {
    const issuer = await TinyIssuer.listen(new TestClock(Date.now()));
    const options = (url: string) => moduleOf({ issuer: url, outbound: undefined, clock: undefined });
    await expect(start(options(issuer.url))).resolves.toBeDefined();
    await expect(start(options(`${issuer.url}/`))).rejects.toMatchObject({
      code: 'issuer_mismatch',
      problems: [
        expect.stringMatching(
          `^issuer: the metadata at .* calls itself "${issuer.url}", and the option issuer says "${issuer.url}/"`,
        ),
      ],
    });
    await issuer.close();
    await expect(start(options(issuer.url))).resolves.toBeDefined();
  });
});
