// Example: a GraphQL API. Decorators on resolvers are the same as on controllers; any driver does that keeps the request in
// the resolvers' context: Apollo on Express, and Mercurius on Fastify, do.
import { EventEmitter, on } from 'node:events';
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLModule,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import {
  Auth,
  CurrentUser,
  OptionalAuth,
  Public,
  RelyingPartyModule,
  RequireScopes,
} from 'nest-gatehouse/relying-party';
import type { Claims, Principal } from 'nest-gatehouse/relying-party';
import { createTestIdentityProvider, type TestIdentityProvider } from 'nest-gatehouse/testing';
import WebSocket from 'ws';
import { adapterNames, start } from './adapters.js';

@ObjectType()
class Recipe {
  @Field(() => String)
  title!: string;
}

const news = new EventEmitter();

@Resolver(() => Recipe)
class RecipesResolver {
  @Query(() => String)
  @Public()
  motto(@Auth() auth?: Principal) {
    return `Eat well${auth ? `, ${auth.subject}` : ''}`;
  }

  @Query(() => String)
  @OptionalAuth()
  greeting(@Auth() auth?: Principal) {
    return `Hello, ${auth?.subject ?? 'stranger'}`;
  }

  @Query(() => [Recipe])
  recipes() {
    return [{ title: 'Tart' }];
  }

  /** Field resolvers have no guard of their own, and still know who asks. */
  @ResolveField(() => String)
  cook(@Parent() _recipe: Recipe, @CurrentUser() user: Claims) {
    return String(user['sub']);
  }

  @Mutation(() => Recipe)
  @RequireScopes('recipes:write')
  addRecipe(@Args('title', { type: () => String }) title: string) {
    news.emit('recipe', { title });
    return { title };
  }

  @Subscription(() => Recipe, { resolve: ([recipe]: [Recipe]) => recipe })
  recipeAdded() {
    return on(news, 'recipe');
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      clientId: 'kitchen',
      clientSecret: 'the-secret-of-the-client',
      redirectUri: 'https://kitchen.example.com/auth/callback',
      session: {
        store: 'postgres',
        url: 'postgres://localhost/kitchen',
        secret: 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs',
        cookie: { name: '__Host-kitchen' },
      },
      bearer: { audience: 'https://kitchen.example.com' },
    }),
  ],
  providers: [RecipesResolver],
})
class KitchenModule {}

const drivers: Record<string, () => DynamicModule> = {
  fastify: () =>
    GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, subscription: true }),
  express: () =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      subscriptions: { 'graphql-ws': true },
    }),
};

describe.each(adapterNames)('a GraphQL API, on %s', (adapter) => {
  let idp: TestIdentityProvider;
  let app: INestApplication;
  beforeAll(async () => {
    idp = await createTestIdentityProvider();
    @Module({ imports: [KitchenModule, drivers[adapter]!()] })
    class AppModule {}
    app = await start(idp, AppModule, adapter);
  });
  afterAll(() => app.close());

  interface Result {
    data: Record<string, unknown> | null;
    errors?: { message: string; path: string[]; extensions: Record<string, unknown> }[];
  }
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${await app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return { headers: response.headers, ...((await response.json()) as Result) };
  };

  it('JW-50: is closed where nobody opened it, and refuses with a code', async () => {
    const { data, errors } = await ask('{ motto recipes { title } }');
    expect(data).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        path: ['recipes'],
        extensions: {
          error: 'unauthenticated',
          code: 'unauthenticated',
          message: expect.any(String),
          correlationId: expect.any(String),
        },
      }),
    ]);
    expect((await ask('{ motto greeting }')).data).toEqual({ motto: 'Eat well', greeting: 'Hello, stranger' });
  });

  it('takes a token, also in the resolvers of fields; a public field is not told who asks', async () => {
    const { data } = await ask('{ motto greeting recipes { title cook } }', idp.bearer({ sub: 'alice' }));
    expect(data).toEqual({
      motto: 'Eat well',
      greeting: 'Hello, alice',
      recipes: [{ title: 'Tart', cook: 'alice' }],
    });
  });

  it.each([
    ['an expired token', { expired: true }, 'token_expired'],
    ['a token for another API', { wrongAudience: true }, 'audience_mismatch'],
    ['an ID token', { idToken: true }, 'wrong_token_type'],
  ])('refuses %s, even where nobody is needed', async (_, options, code) => {
    const { errors, headers } = await ask('{ greeting }', idp.bearer(options));
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual([code]);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('demands scopes', async () => {
    const mutation = 'mutation { addRecipe(title: "Pie") { title } }';
    const { errors } = await ask(mutation, idp.bearer());
    expect(errors?.[0]?.extensions['code']).toBe('insufficient_scope');
    const { data } = await ask(mutation, idp.bearer({ scope: 'recipes:write' }));
    expect(data).toEqual({ addRecipe: { title: 'Pie' } });
  });

  it('takes a session from its own pages only, for queries too', async () => {
    const { cookie } = await idp.login(app, { sub: 'alice' });
    const own = { cookie, 'sec-fetch-site': 'same-origin' };
    expect((await ask('{ greeting }', own)).data).toEqual({ greeting: 'Hello, alice' });
    const others: Record<string, string>[] = [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }];
    for (const other of others) {
      const { data, errors } = await ask('{ greeting }', { cookie, ...other });
      expect([data, errors?.[0]?.extensions['code']]).toEqual([null, 'csrf']);
    }
  });

  describe('a subscription', () => {
    const sockets: WebSocket[] = [];
    afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()));

    /** Subscribes as GraphQL's clients do, and tells of what comes. */
    const subscribe = async (headers: Record<string, string>, payload: object = {}) => {
      const url = `${(await app.getUrl()).replace('http', 'ws')}/graphql`;
      const socket = new WebSocket(url, ['graphql-transport-ws'], { headers });
      sockets.push(socket);
      const messages: { type: string; payload: unknown }[] = [];
      const waiting: (() => void)[] = [];
      socket.on('message', (data: Buffer) => {
        messages.push(JSON.parse(data.toString()) as (typeof messages)[number]);
        waiting.splice(0).forEach((wake) => wake());
      });
      const next = async (...types: string[]) => {
        for (;;) {
          const found = messages.findIndex(({ type }) => types.includes(type));
          if (found >= 0) return messages.splice(found, 1)[0]!.payload;
          await new Promise<void>((wake) => waiting.push(wake));
        }
      };
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      const send = (message: object) => socket.send(JSON.stringify(message));
      socket.once('open', () => send({ type: 'connection_init', payload }));
      await next('connection_ack');
      send({ type: 'subscribe', id: '1', payload: { query: 'subscription { recipeAdded { title cook } }' } });
      return { next, closed };
    };
    const publish = async () => {
      const mutation = 'mutation { addRecipe(title: "Pie") { title } }';
      await ask(mutation, idp.bearer({ scope: 'recipes:write' }));
    };

    it.each<[string, () => [Record<string, string>, object?]]>([
      ['in the header of the upgrade, as programs send it', () => [idp.bearer({ sub: 'alice' })]],
      ['in the payload of connection_init, as browsers can', () => [{}, idp.bearer({ sub: 'alice' })]],
    ])('takes a token %s', async (_, headers) => {
      const { next, closed } = await subscribe(...headers());
      const news = next('next');
      const repeated = setInterval(() => void publish(), 50);
      expect(await news).toEqual({ data: { recipeAdded: { title: 'Pie', cook: 'alice' } } });
      clearInterval(repeated);
      idp.clock.pass('6m');
      await closed;
    });

    it('is refused to the anonymous', async () => {
      const { next } = await subscribe({});
      // Mercurius says `error`; `graphql-ws` sends a result that is one.
      expect(JSON.stringify(await next('error', 'next'))).toContain('"code":"unauthenticated"');
    });

    it('is broken off when its session ends', async () => {
      const { cookie } = await idp.login(app, { sub: 'alice', sid: 'phone' });
      const { next, closed } = await subscribe({ cookie, origin: 'https://kitchen.example.com' });
      const repeated = setInterval(() => void publish(), 50);
      await next('next');
      clearInterval(repeated);
      await idp.revoke({ sid: 'phone' });
      await closed;
    });
  });

  it('notices that a session has ended with the next request', async () => {
    const { cookie } = await idp.login(app, { sub: 'alice', sid: 'laptop' });
    await idp.revoke({ sid: 'laptop' });
    const { errors } = await ask('{ recipes { title } }', { cookie, 'sec-fetch-site': 'same-origin' });
    expect(errors?.[0]?.extensions['code']).toBe('unauthenticated');
  });
});
