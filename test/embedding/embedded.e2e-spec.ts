import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  type INestApplication,
  Injectable,
  Module,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import * as oauth from 'oauth4webapi';
import { map, type Observable } from 'rxjs';
import { Clients } from '../../src/clients/clients.js';
import { RelyingPartyModule } from '../../src/relying-party/index.js';
import { DatabaseUsers } from '../../src/users/database-users.js';
import { Users } from '../../src/users/users.js';
import { createTestDatabase } from '../support/database.js';
import { hiddenFields, TestBrowser } from '../support/login-house.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { AppModule } from './app.module.js';
import { DoorGuard } from './door.guard.js';
import { setUp } from './set-up.js';

/** What people's applications do to every answer of theirs, and must not do to ours. */
@Injectable()
class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data, wrapped: true })));
  }
}

class Shouting implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'string' ? value.toUpperCase() : value;
  }
}

@Catch()
class Teapot implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>();
    response.status(418).send({ teapot: true });
  }
}

@Controller()
class StartController {
  @Get()
  start(): string {
    return 'their start page';
  }
}

/** The application of docs/embedding.md, and what else somebody may have done to it. */
@Module({
  imports: [AppModule],
  controllers: [StartController],
  providers: [{ provide: APP_GUARD, useClass: DoorGuard }],
})
class TheirModule {}

const adapterOf = (host: 'fastify' | 'express') => (host === 'fastify' ? new FastifyAdapter() : new ExpressAdapter());

async function embed(
  host: 'fastify' | 'express',
  port: number,
): Promise<{ app: INestApplication; routes: string[]; drop(): Promise<void> }> {
  // Once an empty one, and once as a provider has left it, which saves a second of arithmetic.
  const test = await (host === 'fastify' ? createTestDatabase() : createProviderDatabase());
  process.env['ISSUER'] = `http://localhost:${port}`;
  process.env['DATABASE_URL'] = test.url;
  process.env['GATEHOUSE_SECRET'] = SECRETS[0];
  const adapter = adapterOf(host);
  const routes: string[] = [];
  if (adapter instanceof FastifyAdapter) {
    adapter.getInstance().addHook('onRoute', ({ url }) => void routes.push(url));
  }
  const app = await NestFactory.create<INestApplication>(TheirModule, adapter, { logger: false });
  setUp(app);
  app.useGlobalPipes(new Shouting());
  app.useGlobalInterceptors(new Wrapping());
  app.useGlobalFilters(new Teapot());
  await app.listen(port, '127.0.0.1');
  return { app, routes, drop: () => test.drop() };
}

it('is the application of docs/embedding.md', async () => {
  const read = (file: string) => readFile(new URL(file, import.meta.url), 'utf8');
  const guide = await read('../../docs/embedding.md');
  for (const file of ['./app.module.ts', './set-up.ts', './door.guard.ts']) {
    expect(guide).toContain(
      (await read(file)).replace('../../src/faces/identity-provider.js', 'nest-gatehouse/identity-provider'),
    );
  }
});

describe.each([
  ['fastify', 4611],
  ['express', 4612],
] as const)('inside somebody else’s Nest application on %s', (host, port) => {
  const issuer = `http://localhost:${port}`;
  const redirectUri = 'https://app.example.test/callback';
  let house: Awaited<ReturnType<typeof embed>>;

  beforeAll(async () => {
    house = await embed(host, port);
    const users = house.app.get(Users) as DatabaseUsers;
    await users.add({ username: 'carol', password: 'a long enough password', claims: { name: 'Carol' }, roles: [] });
    await house.app.get(Clients, { strict: false }).put(
      'app',
      {
        client_name: 'App',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      { firstParty: true },
      'a client secret for tests',
    );
  });

  afterAll(async () => {
    await house.app.close();
    await house.drop();
  });

  it('leaves their routes as they are', async () => {
    const theirs = (path: string) => fetch(`${issuer}${path}`, { headers: { 'x-key': 'open sesame' } });
    expect(await (await theirs('/api/v1/things')).json()).toEqual({ data: ['their own'], wrapped: true });
    expect(await (await theirs('/api/v1')).json()).toEqual({ data: 'their start page', wrapped: true });
    expect((await theirs('/api/v1/nothing')).status).toBe(418);
    expect((await fetch(`${issuer}/api/v1/things`)).status).toBe(418);
    // Nothing of the provider stands under their prefix.
    const moved = house.routes.filter((url) => url.startsWith('/api') && !/^\/api\/v1(\/things)?\/?$/.test(url));
    expect(moved).toEqual([]);
  });

  it('has the look that it was given', async () => {
    for (const path of ['/login', '/logout/done', '/authorize']) {
      const page = await (await fetch(issuer + path)).text();
      expect([path, page]).toEqual([path, expect.stringContaining('<span class="site">The Shop</span>')]);
      expect([path, page]).toEqual([path, expect.stringContaining('--fill:#7a1fa2')]);
    }
    // What there is not is a page of ours, not of theirs.
    expect((await fetch(`${issuer}/branding/logo`)).status).toBe(404);
  });

  it('keeps the headers of its pages, whatever they set on theirs', async () => {
    const theirs = await fetch(`${issuer}/api/v1`, { headers: { 'x-key': 'open sesame' } });
    expect(theirs.headers.get('content-security-policy')).toContain("form-action 'self'");
    const login = await fetch(`${issuer}/login`);
    expect(login.headers.get('content-security-policy')).not.toContain('form-action');
    expect(login.headers.get('x-frame-options')).toBe('DENY');
    const frame = await fetch(`${issuer}/check-session`);
    expect(frame.headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(frame.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('does not start where a prefix has moved it', async () => {
    const app = await NestFactory.create<INestApplication>(AppModule, adapterOf(host), { logger: false });
    app.setGlobalPrefix('api');
    await expect(app.init()).rejects.toThrow(
      'IdentityProviderModule: nothing is served at /.well-known/openid-configuration',
    );
    await app.close();
  });

  it('serves beside a guard of ours, which lets its clients by and nobody to the rest', async () => {
    @Module({
      imports: [AppModule, RelyingPartyModule.forRoot({ issuer, bearer: { audience: 'urn:shop' } })],
    })
    class Guarded {}
    const app = await NestFactory.create<INestApplication>(Guarded, adapterOf(host), { logger: false });
    setUp(app);
    await app.listen(0, '127.0.0.1');
    const at = await app.getUrl();
    expect((await fetch(`${at}/jwks`)).status).toBe(200);
    expect((await fetch(`${at}/login`)).status).toBe(200);
    expect((await fetch(`${at}/account`, { redirect: 'manual' })).headers.get('location')).toMatch(/^\/login\?/);
    expect((await fetch(`${at}/api/v1/things`)).status).toBe(401);
    await app.close();
  });

  it('serves discovery and keys unwrapped, where the protocol puts them', async () => {
    const discovery = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as object;
    expect(discovery).toMatchObject({ issuer, token_endpoint: `${issuer}/token` });
    expect(Object.keys(discovery)).not.toContain('wrapped');
    expect(await (await fetch(`${issuer}/jwks`)).json()).toEqual({ keys: expect.any(Array) });
  });

  it('runs the code flow for an independent client, and refreshes', async () => {
    const as = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer), { [oauth.allowInsecureRequests]: true }),
    );
    const client: oauth.Client = { client_id: 'app' };
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = new URLSearchParams({
      client_id: 'app',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile',
      state: 'MixedCase-state',
      nonce: 'MixedCase-nonce',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const browser = new TestBrowser(issuer);
    const toLogin = await browser.get(`/authorize?${parameters}`);
    const form = await browser.get(toLogin.headers.get('location')!);
    const signedIn = await browser.post('/login', {
      ...hiddenFields(form.page),
      username: 'carol',
      password: 'a long enough password',
    });
    const back = await browser.get(signedIn.headers.get('location')!);
    const answer = oauth.validateAuthResponse(as, client, new URL(back.headers.get('location')!), 'MixedCase-state');
    const authentication = oauth.ClientSecretBasic('a client secret for tests');
    const insecure = { [oauth.allowInsecureRequests]: true };
    const tokens = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, authentication, answer, redirectUri, verifier, insecure),
      { expectedNonce: 'MixedCase-nonce', requireIdToken: true },
    );
    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token!, insecure),
    );
    const { sub } = oauth.getValidatedIdTokenClaims(tokens)!;
    const userinfo = await oauth.userInfoRequest(as, client, refreshed.access_token, insecure);
    expect(await oauth.processUserInfoResponse(as, client, sub, userinfo)).toMatchObject({ sub, name: 'Carol' });
  });

  it('IJ-24 answers once, every header once, and every cookie', async () => {
    const browser = new TestBrowser(issuer);
    const form = await browser.get('/login');
    const body = new URLSearchParams({
      ...hiddenFields(form.page),
      username: 'carol',
      password: 'a long enough password',
    }).toString();
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
      request(`${issuer}/login`, { method: 'POST', headers }, resolve).on('error', reject).end(body);
    });
    expect(answer.statusCode).toBe(303);
    const names = answer.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    const others = names.filter((name) => name !== 'set-cookie');
    expect(others).toEqual([...new Set(others)]);
    const cookies = (answer.headers['set-cookie'] ?? []).map((line) => line.split('=')[0]);
    expect(cookies.sort()).toEqual([
      '__Host-gatehouse-browser',
      '__Host-gatehouse-device',
      '__Host-gatehouse-session',
      '__Secure-gatehouse-state',
    ]);
    expect((await answer.toArray()).length).toBe(0);
  });

  it('lets a client call /token from another origin, which their CSRF protection would refuse', async () => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { origin: 'https://app.example.test', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'app' }),
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'invalid_client' });
  });

  it.each([
    ['client_id[]=app', 'client_id is missing'],
    ['client_id[0]=app', 'client_id is missing'],
    ['client_id=app&client_id=app', 'client_id was sent more than once'],
    ['client_id[]=app&client_id[]=app', 'client_id '],
    ['client_id[a]=app', 'client_id is missing'],
  ])('AZ-09 takes %s for what it is, whatever their parser makes of it', async (body, problem) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${issuer}/authorize`, { method: 'POST', headers, body });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(problem);
  });

  it.each([
    ['an unknown client', '/authorize?client_id=nobody&redirect_uri=https%3A%2F%2Fevil.test', 400],
    ['a wrong verb', '/token', 405],
    ['no token', '/userinfo', 401],
  ])('answers %s itself, not by their filter', async (_, path, status) => {
    expect((await fetch(`${issuer}${path}`, { redirect: 'manual' })).status).toBe(status);
  });
});
