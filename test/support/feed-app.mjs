// An API of its own process that follows the revocation feed: `GET /guarded` behind the guard, `/refusing` behind the guard
// with `onStale: refuse`, `/health` the state of the feed, `/memory` after a collection of garbage (with --expose-gc). For
// the benchmark, and for tests that kill and stop processes. Settings come by the environment, as JSON in FEED_APP.
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Authenticated, Public, RelyingPartyModule } from '../../dist/relying-party/index.js';
import { RevocationFeed } from '../../dist/relying-party/revocations/revocation-feed.js';
import { SystemClock } from '../../dist/platform/clock.js';

/** `clockAhead`: how far this machine's clock is ahead, in milliseconds. */
const { port, clockAhead = 0, audience, ...options } = JSON.parse(process.env.FEED_APP);

class ApartClock extends SystemClock {
  now() {
    return super.now() + clockAhead;
  }
}

/** Decorators without their syntax. */
function controller(path, answer, ...decorators) {
  class Route {
    answer() {
      return answer();
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(Route.prototype, 'answer');
  for (const decorator of [Get(path), ...decorators]) decorator(Route.prototype, 'answer', descriptor);
  Controller()(Route);
  return Route;
}

class App {}
Module({
  imports: [RelyingPartyModule.forRoot({ ...options, bearer: { audience }, clock: new ApartClock() })],
  controllers: [
    controller('guarded', () => ({ ok: true })),
    controller('refusing', () => ({ ok: true }), Authenticated('any', { onStale: 'refuse' })),
    controller('health', () => app.get(RevocationFeed).health(), Public()),
    controller('memory', memory, Public()),
  ],
})(App);

function memory() {
  globalThis.gc?.();
  return process.memoryUsage();
}

const app = await NestFactory.create(App, new FastifyAdapter(), { logger: ['error'] });
await app.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit());
// Whoever started it is gone: so is it.
process.on('disconnect', () => process.exit());
