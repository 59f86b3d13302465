import { Controller, Get, type INestApplication, Module, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { ClientProxyFactory, MessagePattern, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { firstValueFrom, of } from 'rxjs';
import WebSocket from 'ws';
import { type AuthenticationError, createTokenVerifier } from '../../src/edge/index.js';
import { guardedWsAdapter, RelyingPartyModule } from '../../src/relying-party/index.js';
import { Forge, FORGERIES } from '../support/forged-tokens.js';
import { TestClock } from '../support/test-clock.js';
import { AUDIENCE, TinyIssuer } from '../support/tiny-issuer.js';
import { adapters, freePort } from './house.js';

/** Whatever was let in, in whatever context. Nothing here has a decorator that says who may come. */
let reached: string[] = [];

@Controller()
class Web {
  @Get('orders')
  orders() {
    reached.push('http');
    return {};
  }

  @Sse('news')
  news() {
    reached.push('sse');
    return of({ data: 'news' });
  }
}

@Controller()
class Messages {
  @MessagePattern('count')
  count() {
    reached.push('message');
    return 1;
  }
}

@Resolver()
class Recipes {
  @Query(() => String)
  recipe() {
    reached.push('graphql');
    return 'Tart';
  }
}

@WebSocketGateway({ path: '/chat' })
class Chat {
  @SubscribeMessage('say')
  say() {
    reached.push('websocket');
    return { event: 'said' };
  }
}

const graphql = {
  fastify: () => GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true }),
  express: () => GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true }),
};

let issuer: TinyIssuer;
let forge: Forge;
beforeAll(async () => {
  issuer = await TinyIssuer.listen(new TestClock());
  forge = new Forge(issuer);
});
afterAll(() => issuer.close());

const gate = () =>
  RelyingPartyModule.forRoot({
    issuer: issuer.url,
    clientId: 'app',
    clientSecret: 'app-secret',
    bearer: { audience: AUDIENCE, algorithms: ['ES256'] },
    clock: issuer.clock as TestClock,
  });
const NOT_BELIEVED =
  /^(malformed_\w+|algorithm_refused|wrong_token_type|signature_invalid|\w+_mismatch|token_\w+|claims_invalid|lifetime_too_long|proof_required)$/;

describe.each(['fastify', 'express'] as const)('on %s, of every handler', (adapter) => {
  let app: INestApplication;
  let url: string;
  beforeAll(async () => {
    @Module({ imports: [gate(), graphql[adapter]()], controllers: [Web], providers: [Recipes, Chat] })
    class App {}
    app = await NestFactory.create(App, await adapters[adapter](), { logger: false, abortOnError: false });
    app.useWebSocketAdapter(guardedWsAdapter(WsAdapter, app));
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());
  beforeEach(() => (reached = []));

  const http = async (path: string, token: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(url + path, { ...init, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const query = (token: string) => http('/graphql', token, { method: 'POST', body: '{"query":"{ recipe }"}' });
  const socket = (protocols: string[], headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const client = new WebSocket(`${url.replace('http', 'ws')}/chat`, protocols, { headers });
      client.on('error', () => {});
      client.on('open', () => {
        client.send('{"event":"say"}');
        client.once('message', () => resolve(200));
      });
      client.on('unexpected-response', (_request, response) => {
        response.resume();
        client.terminate();
        resolve(response.statusCode!);
      });
    });

  it('a good token comes in everywhere', async () => {
    const good = await issuer.accessToken();
    expect((await http('/orders', good)).status).toBe(200);
    expect((await http('/news', good)).text).toContain('data: news');
    expect((await query(good)).text).toContain('{"data":{"recipe":"Tart"}}');
    expect(await socket([], { authorization: `Bearer ${good}` })).toBe(200);
    expect(reached).toEqual(['http', 'sse', 'graphql', 'websocket']);
    expect((await http('/orders', forge.signed())).status).toBe(200);
  });

  it('JW-46, JW-50: nobody comes in anywhere', async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/orders', '/news', '/nowhere', '/orders/', '/Orders']) {
        expect([401, 404, 405]).toContain((await fetch(url + path, { method })).status);
      }
    }
    for (const init of [{ headers: { 'apollo-require-preflight': '1' } }, { method: 'POST' }]) {
      const response = await fetch(`${url}/graphql?query={recipe}`, init);
      expect(await response.text()).not.toContain('Tart');
    }
    expect(await socket([], {})).toBe(401);
    expect(await socket(['bearer.x'], {})).toBe(401);
    expect(reached).toEqual([]);
  });

  it.each(Object.keys(FORGERIES))('%s', async (name) => {
    for (const [index, token] of FORGERIES[name]!(forge).entries()) {
      // All contexts ask the same, so a few of each kind show that they do.
      const isSample = index < 4;
      for (const path of isSample ? ['/orders', '/news'] : ['/orders']) {
        const { status, headers, text } = await http(path, token);
        expect([token, status]).toEqual([token, 401]);
        const { code, error } = JSON.parse(text) as Record<string, string>;
        expect([code, error]).toEqual([expect.stringMatching(NOT_BELIEVED), 'invalid_token']);
        expect(headers.get('www-authenticate')).toMatch(/^(Bearer|DPoP) .*error="invalid_token"/);
        expect(headers.get('cache-control')).toBe('no-store');
        if (token.length > 20) expect(text + String(headers.get('www-authenticate'))).not.toContain(token.slice(-20));
      }
      if (!isSample) continue;
      const { data, errors } = JSON.parse((await query(token)).text) as {
        data: unknown;
        errors: { extensions: { code: string } }[];
      };
      expect([data ?? null, errors[0]!.extensions.code]).toEqual([null, expect.stringMatching(NOT_BELIEVED)]);
      expect(await socket([], { authorization: `Bearer ${token}` })).toBe(401);
      if (!token.includes('=')) expect(await socket(['chat', `bearer.${token}`], {})).toBe(401);
    }
    expect([reached, issuer.hitsOf('/canary')]).toEqual([[], 0]);
  });

  it('JW-22: a token that is known is no help to another', async () => {
    const [header, claims, signature] = forge.parts();
    const good = `${header}.${claims}.${signature}`;
    expect((await http('/orders', good)).status).toBe(200);
    const swapped = Buffer.from(JSON.stringify(issuer.accessClaims({ sub: 'admin' }))).toString('base64url');
    for (const other of [
      `${header}.${swapped}.${signature}`,
      `${good}A`,
      good.slice(0, -1),
      good.toLowerCase(),
      `${good}=`,
    ]) {
      expect((await http('/orders', other)).status).toBe(401);
    }
    expect((await http('/orders', good)).status).toBe(200);
  });

  it('JW-20: a flood of key names asks once, and spoils nothing', async () => {
    const good = await issuer.accessToken();
    expect((await http('/orders', good)).status).toBe(200);
    const before = issuer.hitsOf('/jwks');
    for (let round = 0; round < 10; round += 1) {
      const tokens = Array.from({ length: 30 }, () => forge.headed({ kid: crypto.randomUUID() }));
      const answers = await Promise.all(tokens.map((token) => http('/orders', token)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
      expect((await http('/orders', forge.signed())).status).toBe(200);
    }
    expect(issuer.hitsOf('/jwks') - before).toBeLessThanOrEqual(1);
  });

  it('JW-44: one that is too long for a header is refused by the server', async () => {
    for (const length of [8_193, 15_000, 64_000, 1_000_000]) {
      const answer = await http('/orders', 'a.'.repeat(length / 2)).catch(() => ({ status: 431 }));
      expect([401, 431]).toContain(answer.status);
    }
    expect(reached).toEqual([]);
  });
});

it.each(Object.keys(FORGERIES))('at the edge: %s', async (name) => {
  const verifier = createTokenVerifier({
    issuer: issuer.url,
    audience: AUDIENCE,
    algorithms: ['ES256'],
    jwksUri: `${issuer.url}/jwks`,
    now: () => issuer.clock.now(),
  });
  const ask = (token: string) =>
    verifier.authenticate(new Request('https://api.test/', { headers: { authorization: `Bearer ${token}` } }));
  expect(await ask(forge.signed())).toMatchObject({ subject: 'alice' });
  for (const token of FORGERIES[name]!(forge)) {
    const refused = (await ask(token).catch((error: unknown) => error)) as AuthenticationError;
    expect([refused.response().status, refused.code]).toEqual([401, expect.stringMatching(NOT_BELIEVED)]);
  }
});

describe('of a microservice', () => {
  let close: () => Promise<unknown>;
  let ask: (headers: object) => Promise<unknown>;
  beforeAll(async () => {
    @Module({ imports: [gate()], controllers: [Messages] })
    class Service {}
    const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port: await freePort() } } as const;
    const service = await NestFactory.createMicroservice<MicroserviceOptions>(Service, { ...options, logger: false });
    await service.listen();
    const client = ClientProxyFactory.create(options);
    ask = (headers) => firstValueFrom(client.send<unknown>('count', { headers }));
    close = async () => {
      await client.close();
      await service.close();
    };
    reached = [];
  });
  afterAll(() => close());

  it.each(Object.keys(FORGERIES))('%s', async (name) => {
    expect(await ask({ authorization: `Bearer ${forge.signed()}` })).toBe(1);
    reached = [];
    for (const token of FORGERIES[name]!(forge)) {
      const refused = ask({ authorization: `Bearer ${token}` });
      await expect(refused).rejects.toMatchObject({ status: 'error', code: expect.stringMatching(NOT_BELIEVED) });
    }
    expect(reached).toEqual([]);
  });
});
