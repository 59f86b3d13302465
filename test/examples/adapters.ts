import type { INestApplication, Type } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { TestIdentityProvider } from 'nest-gatehouse/testing';

/** The examples run on both of Nest's HTTP adapters. */
export const adapters = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
};
export const adapterNames = Object.keys(adapters) as (keyof typeof adapters)[];

/** The application of an example, believing the test's provider, listening on a free port. */
export async function start(
  idp: TestIdentityProvider,
  module: Type,
  adapter: keyof typeof adapters,
  prepare: (app: INestApplication) => void = () => {},
): Promise<INestApplication> {
  const testing = await idp.connect(Test.createTestingModule({ imports: [module] })).compile();
  const app = testing.createNestApplication(adapters[adapter]() as ExpressAdapter, { logger: false });
  prepare(app);
  await app.listen(0, '127.0.0.1');
  return app;
}
