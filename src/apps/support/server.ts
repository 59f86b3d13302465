import { randomToken } from '../../platform/secret.js';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Metrics } from '../../platform/metrics.js';
import { currentTracing } from '../../platform/tracing.js';
import { FallbackFilter } from '../../platform/http/fallback.filter.js';
import { RefusalFilter } from '../../relying-party/refusal.filter.js';
import { StartError } from './start-error.js';
import { traceRequests } from './tracing.js';

export interface ServerOptions {
  host: string;
  port: number;
  logger: LoggerService | false;
  /** See the setting TRUST_PROXY. */
  trustProxy?: string[];
  /** Served over https: browsers are told to stay there. */
  https: boolean;
  metrics?: Metrics;
  /** Adds hooks of its own before anything is served. */
  prepare?: (fastify: FastifyInstance) => void;
}

/** Requests are forms and small JSON; more is refused before it is read (in bytes). */
const LARGEST_BODY = 64 * 1024;

/** A Nest application on Fastify as all our front doors run it, listening. */
export async function startServer(
  module: Type | DynamicModule,
  { host, port, logger, trustProxy, https, metrics, prepare }: ServerOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    trustProxy: trustProxy ?? false,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
    genReqId: requestNames(),
    return503OnClosing: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    abortOnError: false,
  });
  if (https) {
    adapter.getInstance().addHook('onRequest', async (_request, reply) => {
      reply.header('strict-transport-security', 'max-age=31536000');
    });
  }
  const fastify = adapter.getInstance();
  // RFC 9112 §3.2: with two Host headers a proxy and we could mean different sites. Node keeps the first and says nothing.
  fastify.addHook('onRequest', (request, reply, done) => {
    if (hasTwoHosts(request.raw.rawHeaders)) void reply.code(400).send({ error: 'invalid_request' });
    else done();
  });
  const tracing = currentTracing();
  if (tracing) traceRequests(fastify as unknown as FastifyInstance, tracing);
  prepare?.(fastify as unknown as FastifyInstance);
  if (metrics) {
    fastify.addHook('onResponse', (request, reply, done) => {
      metrics.request(
        request.method,
        request.routeOptions.url ?? 'unknown',
        reply.statusCode,
        reply.elapsedTime / 1000,
      );
      done();
    });
  }
  // A connection whose request was under way becomes idle only later, and would be kept for another minute.
  fastify.addHook('preClose', async () => {
    const sweep = setInterval(() => fastify.server.closeIdleConnections(), 50);
    fastify.server.once('close', () => clearInterval(sweep));
  });
  // The last one is asked first: the guard's refusals have an answer of their own.
  app.useGlobalFilters(new FallbackFilter(), new RefusalFilter());
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw explainListenError(error, host, port);
  }
  return app;
}

/** Names that tell requests apart in every process's log: drawn at random once, and counted from there. */
function requestNames(): () => string {
  const ours = randomToken(6);
  let count = 0;
  return () => ours + (count++).toString(36).padStart(8, '0');
}

function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

function explainListenError(error: unknown, host: string, port: number): Error {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `PORT: ${host}:${port} is in use already. Stop what runs there, or set another PORT (PORT_BASE for the demo).`,
      );
    case 'EACCES':
      return new StartError(`PORT: this user may not listen on ${host}:${port}. Choose a port from 1024 on.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`HOST: '${host}' is not an address of this machine.`);
    default:
      return error as Error;
  }
}
