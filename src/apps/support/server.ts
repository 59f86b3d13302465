import { randomToken } from '../../platform/secret.js';
import type { DynamicModule, LoggerService, Type } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Metrics } from '../../platform/metrics.js';
import { currentTracing } from '../../platform/tracing.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { answerPlainly, FallbackFilter } from '../../platform/http/fallback.filter.js';
import { RefusalFilter } from '../../relying-party/refusal.filter.js';
import { drainWhenClosing } from './draining.js';
import { StartError } from './start-error.js';
import { takeStrictJson } from './strict-json.js';
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
  /** Open at once; more are closed as they come. */
  maxConnections?: number;
  /** Adds hooks of its own before anything is served. */
  prepare?: (fastify: FastifyInstance) => void;
}

/** Requests are forms and small JSON; more is refused before it is read (in bytes). */
const LARGEST_BODY = 64 * 1024;

/** How long others may take, in milliseconds. The slowest answer of ours, a long poll, comes after fifteen seconds. */
const PATIENCE = {
  /** Headers, and the whole request with its body; looked at every so often. */
  http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000 },
  requestTimeout: 30_000,
  /** Nothing is sent, or nothing is taken of an answer. */
  connectionTimeout: 60_000,
  /** Longer than a proxy keeps its own, so that it never sends to one that closes. */
  keepAliveTimeout: 65_000,
};

/** A Nest application on Fastify as all our front doors run it, listening. */
export async function startServer(
  module: Type | DynamicModule,
  { host, port, logger, trustProxy, https, metrics, maxConnections, prepare }: ServerOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    trustProxy: trustProxy ?? false,
    ...PATIENCE,
    forceCloseConnections: 'idle',
    genReqId: requestNames(),
    // Fastify’s own refusal does not say when to come again; see `drainWhenClosing`.
    return503OnClosing: false,
    // Of an address that is no URL neither Nest nor its filters hear.
    frameworkErrors: (_error: unknown, request: object, reply: object) =>
      answerPlainly(HttpExchange.of(request, reply).setHeader('cache-control', 'no-store'), 400),
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger,
    abortOnError: false,
  });
  takeStrictJson(adapter, LARGEST_BODY);
  if (https) {
    adapter.getInstance().addHook('onRequest', (_request, reply, done) => {
      reply.header('strict-transport-security', 'max-age=31536000');
      done();
    });
  }
  const fastify = adapter.getInstance();
  if (maxConnections !== undefined) fastify.server.maxConnections = maxConnections;
  fastify.addHook('onRequest', (request, reply, done) => {
    const { headers, rawHeaders } = request.raw;
    // RFC 9112 §3.2: with two Host headers a proxy and we could mean different sites. Node keeps the first and says nothing.
    if (hasTwoHosts(rawHeaders)) return void reply.code(400).send({ error: 'invalid_request' });
    const isTooLarge = Number(headers['content-length'] ?? 0) > LARGEST_BODY;
    // What was not read of a body before the answer, Node would read and throw away, to its end.
    if (isTooLarge || headers['transfer-encoding'] !== undefined) void reply.header('connection', 'close');
    // Read as it is, a coded body would say something else here than to whoever decodes it (RFC 9110 §8.4).
    const isCoded = (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
    if (isTooLarge || isCoded) answerPlainly(HttpExchange.of(request, reply), isTooLarge ? 413 : 415);
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
  drainWhenClosing(fastify as unknown as FastifyInstance);
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
