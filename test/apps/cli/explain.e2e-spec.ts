import { Controller, Get, type INestApplication, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { request } from 'node:http';
import { startDesk } from '../../../src/apps/desk/desk-app.js';
import { identityProviderConfig } from '../../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../../src/apps/identity-provider/identity-provider-app.js';
import { startOrders } from '../../../src/apps/orders/orders-app.js';
import { startPortal } from '../../../src/apps/portal/portal-app.js';
import { appConfig } from '../../../src/apps/support/app-config.js';
import { DEMO_CLIENTS, demoApps } from '../../../src/apps/support/demo.js';
import {
  OptionalAuth,
  Public,
  RelyingPartyModule,
  type RelyingPartyOptions,
} from '../../../src/relying-party/index.js';
import type { GuardDescription } from '../../../src/relying-party/description/description.js';
import { SystemClock } from '../../../src/platform/clock.js';
import { createProviderDatabase, SECRETS } from '../../support/provider-database.js';
import { publicJwk, TinyIssuer } from '../../support/tiny-issuer.js';
import { runHere } from '../command-line.js';
import { addressesFrom, freePortBase } from '../front-door.js';

const SECRET = SECRETS[0]!;
let at: ReturnType<typeof addressesFrom>;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [database, base] = await Promise.all([createProviderDatabase(), freePortBase()]);
  cleanUp.push(database.drop);
  at = addressesFrom(base);
  const apps = demoApps(base);
  const config = identityProviderConfig({ PORT: String(base) });
  const provider = await startIdentityProvider(config, { databaseUrl: database.url, secrets: [SECRET], apps, logger: false }); // prettier-ignore
  cleanUp.push(() => provider.close());
  const of = (portOffset: number, client: { id: string; secret: string }) =>
    appConfig({ ISSUER: at.provider, PORT: String(base + portOffset), ORDERS_URL: at.orders }, { portOffset, client });
  const started = [
    await startPortal(of(1, DEMO_CLIENTS.portal), database.url, [SECRET], false),
    await startOrders(of(2, DEMO_CLIENTS.orders), false),
    await startDesk(of(3, DEMO_CLIENTS.desk), database.url, [SECRET], false),
  ];
  cleanUp.push(...started.map((app) => () => app.close()));
});
afterAll(async () => {
  for (const clean of cleanUp.toReversed()) await clean();
});

const explain = (args: string[], env: NodeJS.ProcessEnv = {}) => runHere(['explain', ...args], env);

it('an application: every route, who is let in, and by when a revoked credential is refused', async () => {
  const { code, stdout, stderr } = await explain([at.portal]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/sessions +postgres, cookie __Host-portal, 30 min idle, 12 h at most/);
  expect(stdout).toMatch(/^GET \/profile +by session +session 11 s \[1\]$/m);
  expect(stdout).toMatch(/^GET \/ +everybody; a session that is brought must be good +session 11 s \[1\]$/m);
  expect(stdout).toMatch(/^GET \/health\/live +everybody +–$/m);
  expect(stdout).toMatch(/^GET \/health\/feed +by session +session its own end \[2\]$/m);
  expect(stdout).toContain('[1] The provider tells: typically milliseconds');
});

it.each([
  ['/orders', 'GET', ['jwt', 11_000], ['orders:read']],
  ['/orders', 'POST', ['jwt', 11_000], ['orders:write']],
])('a route: %s %s', async (path, method, window, scopes) => {
  const { code, stdout } = await explain([at.orders + path, '--method', method, '--json']);
  const { route } = JSON.parse(stdout) as { route: GuardDescription['routes'][number] };
  expect([code, route.windows.map((one) => [one.credential, one.milliseconds]), route.scopes]).toEqual([0, [window], scopes]); // prettier-ignore
});

it('a route that takes both, in words', async () => {
  const { code, stdout } = await explain([`${at.desk}/api/orders`]);
  expect(code).toBe(0);
  expect(stdout).toContain('A revoked session is refused after at most 11 s (feed).');
  expect(stdout).toContain('A revoked token is refused after at most 11 s (feed).');
});

it.each([
  [['nonsense'], 2, "'nonsense' is no address of an application"],
  [['ftp://localhost/'], 2, 'is no address'],
  [['http://localhost:1'], 1, 'http://localhost:1 does not answer'],
  [['http://localhost:1', '--method', 'G T'], 2, 'is no method'],
])('explain %j', async (args, code, message) => {
  expect(await explain(args)).toEqual({ code, stdout: '', stderr: expect.stringContaining(message) });
});

it('a route that is not there', async () => {
  const { code, stderr } = await explain([`${at.orders}/nothing`]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('has no route GET /nothing')]);
});

it('a secret is not sent over the net in clear', async () => {
  const { code, stderr } = await explain(['http://shop.example.com/'], { GATEHOUSE_DESCRIBE_SECRET: SECRET });
  expect([code, stderr]).toEqual([1, expect.stringContaining('is sent over https only')]);
});

it('on a developer’s machine: nobody is told who came by another name', async () => {
  const ask = (host: string) =>
    new Promise<number>((done, fail) => {
      const { port } = new URL(at.orders);
      request({ port, path: '/auth/description', headers: { host } }, (answer) => {
        answer.resume().once('end', () => done(answer.statusCode!));
      })
        .once('error', fail)
        .end();
    });
  expect(await Promise.all(['localhost', 'rebound.example.com', 'localhost.example.com'].map(ask))).toEqual([200, 404, 404]); // prettier-ignore
});

@Controller()
class Shop {
  @Get('cart')
  cart(): void {}

  @Get('offers')
  @OptionalAuth()
  offers(): string {
    return 'apples';
  }

  @Get('about')
  @Public()
  about(): string {
    return 'a shop';
  }
}

/** An API of production, as far as its options go. */
async function shop(options: Partial<RelyingPartyOptions>, work: (url: string) => Promise<void>): Promise<void> {
  const port = await freePortBase();
  const url = `http://localhost:${port}`;
  class App {}
  const imports = [
    RelyingPartyModule.forRoot({
      issuer: at.provider,
      bearer: { audience: 'https://shop.example.com', resource: url, metadata: true },
      ...options,
    }),
  ];
  Module({ imports, controllers: [Shop] })(App);
  const app: INestApplication = await NestFactory.create(App as Type, new FastifyAdapter(), { logger: false });
  try {
    await app.listen(port, '127.0.0.1');
    await work(url);
  } finally {
    await app.close();
  }
}

it('in production: whoever knows the secret, and to others it is as if there were nothing', async () => {
  await shop({ describe: { secret: SECRET } }, async (url) => {
    const asked = (authorization?: string) =>
      fetch(`${url}/auth/description`, { headers: authorization === undefined ? {} : { authorization } });
    for (const wrong of [undefined, `Bearer ${SECRET}x`, SECRET, `Basic ${SECRET}`, 'Bearer ']) {
      const answer = await asked(wrong);
      expect([wrong, answer.status, await answer.json()]).toEqual([wrong, 404, { error: 'not_found' }]);
    }
    expect((await asked(`Bearer ${SECRET}`)).status).toBe(200);
    const { stdout } = await explain([`${url}/cart`], { GATEHOUSE_DESCRIBE_SECRET: SECRET });
    // Without a client secret it hears of nothing.
    expect(stdout).toContain('A revoked token is refused after at most its own end (expiry).');
  });
});

it('an application that describes itself to nobody: what a stranger can see', async () => {
  await shop({}, async (url) => {
    expect((await fetch(`${url}/auth/description`)).status).not.toBe(200);
    const cart = await explain([`${url}/cart`]);
    expect(cart.code).toBe(0);
    expect(cart.stdout).toMatch(/anonymous +401/);
    expect(cart.stdout).toMatch(/challenge +Bearer realm=/);
    expect(cart.stdout).toMatch(new RegExp(`tokens by +${at.provider}$`, 'm'));
    expect(cart.stdout).toMatch(/feed +its provider tells of revocations/);
    expect(cart.stdout).toContain('It is guarded: without a credential nobody comes in.');
    expect(cart.stdout).toContain('cannot be seen from outside');
    const seen = async (path: string) => (await explain([url + path])).stdout;
    expect(await seen('/offers')).toContain('A credential that is brought must be good.');
    expect(await seen('/about')).toContain('It does not look at access tokens.');
  });
});

it('JW-24: what a provider publishes among its keys that nobody should', async () => {
  const issuer = await TinyIssuer.listen(new SystemClock());
  cleanUp.push(() => issuer.close());
  const keys = [await publicJwk(issuer.key()), { kty: 'oct', k: 'c2VjcmV0', kid: 'shared\u001b[2J' }];
  issuer.answers.set('/jwks', (_request, _body, response) => response.end(JSON.stringify({ keys })));
  await shop({ issuer: issuer.url, describe: true }, async (url) => {
    expect((await explain([url])).stdout).not.toContain('bad keys');
    const authorization = `Bearer ${await issuer.accessToken({ aud: 'https://shop.example.com' })}`;
    expect((await fetch(`${url}/cart`, { headers: { authorization } })).status).toBe(200);
    const { stdout } = await explain([url]);
    expect(stdout).toMatch(/bad keys +"shared\\u001b\[2J" of http.* is not used: it is symmetric/);
    expect(stdout).not.toContain('\u001b');
  });
});
