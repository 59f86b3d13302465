import { Body, Controller, Delete, Get, type INestApplication, Module, Post, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import {
  AccessToken,
  Auth,
  Authenticated,
  CurrentUser,
  OptionalAuth,
  type Principal,
  Public,
  RelyingPartyModule,
  type RelyingPartyOptions,
  RequireScopes,
  Roles,
} from '../../src/relying-party/index.js';
import type { TestClock } from '../support/test-clock.js';
import { AUDIENCE, type TinyIssuer } from '../support/tiny-issuer.js';

/** How often a handler was reached. */
export const reached = { count: 0 };

@Controller()
class Routes {
  private seen(auth: Principal | undefined, user?: unknown, token?: string) {
    reached.count += 1;
    const { scheme, subject, scopes, isClient, issuer } = auth ?? {};
    return { scheme: scheme ?? 'anonymous', subject, scopes, isClient, issuer, user, token };
  }

  @Get('undecorated')
  undecorated(@Auth() auth: Principal, @CurrentUser() user: unknown, @AccessToken() token: string) {
    return this.seen(auth, user, token);
  }

  @Post('undecorated')
  write(@Auth() auth: Principal, @Body() _body: unknown) {
    return this.seen(auth);
  }

  @Delete('undecorated')
  remove(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('public')
  @Public()
  open(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('optional')
  @OptionalAuth()
  optional(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('session')
  @Authenticated('session')
  session(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('jwt')
  @Authenticated('jwt')
  jwt(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('scoped')
  @RequireScopes('read', 'write')
  scoped(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('role')
  @Roles('admin')
  role(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('introspected')
  @Authenticated('any', { revocation: 'introspect' })
  introspected(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('contradiction')
  @Public()
  @RequireScopes('read')
  contradiction(@Auth() auth: Principal) {
    return this.seen(auth);
  }
}

export const adapters = {
  fastify: async () => new FastifyAdapter(),
  // Loaded where it is asked for: it takes its time, and most tests do without it.
  express: async () => new (await import('@nestjs/platform-express')).ExpressAdapter(),
} as const;

/** An application behind the gate, on a real socket. */
export class House {
  private constructor(
    readonly app: INestApplication,
    readonly origin: string,
  ) {}

  static async open(
    issuer: TinyIssuer,
    change: Partial<RelyingPartyOptions> | ((defaults: RelyingPartyOptions) => RelyingPartyOptions) = {},
    adapter: keyof typeof adapters = 'fastify',
    controllers: Type[] = [Routes],
    /** What must be done once its address is known and before it starts. */
    prepare: () => Promise<void> = async () => {},
  ): Promise<House> {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const defaults: RelyingPartyOptions = {
      issuer: issuer.url,
      clientId: 'app',
      clientSecret: 'app-secret',
      redirectUri: `${origin}/auth/callback`,
      session: { store: 'memory', secret: 'a session secret of 32 and more bytes', cookie: { name: '__Host-app' } },
      bearer: { audience: AUDIENCE, algorithms: ['ES256'] },
      clock: issuer.clock as TestClock,
    };
    const options = typeof change === 'function' ? change(defaults) : { ...defaults, ...change };
    await prepare();

    @Module({ imports: [RelyingPartyModule.forRoot(options)], controllers })
    class App {}

    const app = await NestFactory.create(App, await adapters[adapter](), { logger: false, abortOnError: false });
    await app.listen(port, '127.0.0.1');
    return new House(app, origin);
  }

  close(): Promise<void> {
    return this.app.close();
  }

  /** One request as it stands on the wire: headers may repeat, and nothing is followed or added. */
  ask(path: string, { method = 'GET', headers = [], body }: Ask = {}): Promise<Answered> {
    return ask(this.origin, path, { method, headers, body });
  }

  browser(): Browser {
    return new Browser(this.origin);
  }
}

export interface Ask {
  method?: string;
  headers?: [string, string][];
  body?: string;
}

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Record<string, unknown>;
}

function ask(origin: string, path: string, { method = 'GET', headers = [], body }: Ask): Promise<Answered> {
  const { port } = new URL(origin);
  const raw = [['host', `localhost:${port}`], ...headers].flat();
  if (body !== undefined || method === 'POST') raw.push('content-length', String(Buffer.byteLength(body ?? '')));
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, method, headers: raw as never }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /json/.test(response.headers['content-type'] ?? '');
        const json = isJson && text ? (JSON.parse(text) as Record<string, unknown>) : {};
        resolve({ status: response.statusCode!, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A cookie jar that behaves as a browser does towards one origin. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly origin: string) {}

  async get(path: string, headers: [string, string][] = []): Promise<Answered> {
    return this.send(path, { headers: [['accept', 'text/html'], ['sec-fetch-mode', 'navigate'], ...headers] });
  }

  async post(path: string, headers: [string, string][] = [['sec-fetch-site', 'same-origin']]): Promise<Answered> {
    return this.send(path, { method: 'POST', headers });
  }

  async send(path: string, { headers = [], ...rest }: Ask = {}): Promise<Answered> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask(this.origin, path, {
      ...rest,
      headers: [...headers, ...(cookie ? ([['cookie', cookie]] as [string, string][]) : [])],
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    return answer;
  }

  /** Signs in as the issuer says, and answers what the callback answered. */
  async signIn(
    issuer: TinyIssuer,
    returnTo = '/session',
    change?: (answer: URLSearchParams) => void,
  ): Promise<Answered> {
    const login = await this.get(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
    const answer = issuer.authorize(String(login.headers['location']));
    change?.(answer);
    const callback = await this.get(`/auth/callback?${answer.toString()}`);
    if (callback.status === 303) await this.get(String(callback.headers['location']));
    return callback;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
