import type { INestApplication } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { routesIn, type ServedRoute } from '../platform/http/routes.js';

/** A route of an application, and what a request to it needs. */
export type TestRoute = Omit<ServedRoute, 'controller' | 'handle'>;

/** Every HTTP route of an application's controllers, on Fastify and Express alike. `app` must be initialized. */
export function routesOf(app: INestApplication): TestRoute[] {
  return routesIn(app.get(ModulesContainer), app.get(ApplicationConfig));
}
