import { type INestApplication, Module } from '@nestjs/common';
import { GraphQLModule, GraphQLSchemaHost, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { execute, type ExecutionResult, parse } from 'graphql';
import { Auth, type Principal, RelyingPartyModule } from '../../src/relying-party/index.js';
import { createTestIdentityProvider, type TestIdentityProvider } from '../../src/testing/index.js';
import { start } from '../examples/adapters.js';

let mapped = 0;

@Resolver()
class Names {
  @Query(() => String)
  name(@Auth() auth: Principal) {
    return auth.subject;
  }
}

@Module({
  imports: [
    RelyingPartyModule.forRoot({
      issuer: 'https://id.example.com',
      bearer: { audience: 'https://names.example.com' },
      mapUser: (claims) => {
        mapped += 1;
        return claims;
      },
    }),
    GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true }),
  ],
  providers: [Names],
})
class NamesModule {}

let idp: TestIdentityProvider;
let app: INestApplication;
beforeAll(async () => {
  idp = await createTestIdentityProvider();
  app = await start(idp, NamesModule, 'fastify');
});
afterAll(() => app.close());

it('a credential is judged once for an operation, and anew for the next one, also where both have the context of one WebSocket', async () => {
  const { schema } = app.get(GraphQLSchemaHost);
  const { authorization } = idp.bearer({ sub: 'alice' });
  const request = {
    method: 'GET',
    url: '/graphql',
    headers: { authorization },
    rawHeaders: ['authorization', authorization],
  };
  const contextValue = { request };
  const document = parse('{ one: name two: name }');
  const ask = async () => (await execute({ schema, document, contextValue })) as ExecutionResult;

  expect((await ask()).data).toEqual({ one: 'alice', two: 'alice' });
  expect(mapped).toBe(1);
  expect((await ask()).data).toEqual({ one: 'alice', two: 'alice' });
  idp.clock.pass('6m');
  const { data, errors } = await ask();
  expect(data).toBeNull();
  expect(errors?.[0]?.extensions['code']).toBe('token_expired');
});
