import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { traceWithOpenTelemetry } from '../../platform/open-telemetry.js';
import { withPackages } from '../../platform/optional-package.js';
import { type RequestSpan, type Tracing, useTracing } from '../../platform/tracing.js';
import type { Closable } from './run.js';
import { StartError } from './start-error.js';

const SDK = [
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace-node',
  '@opentelemetry/resources',
  '@opentelemetry/exporter-trace-otlp-http',
];

const endpoint = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), 'must be an http:// URL');

/** Those of OpenTelemetry's own settings that switch tracing on; the SDK reads the others by itself. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint.optional(),
  OTEL_SDK_DISABLED: z.enum(['true', 'false'], { error: 'must be true or false' }).optional(),
};

/** Whether traces are wanted: there is somewhere to send them, and nobody switched them off. */
export function wantsTraces(set: { [Name in keyof typeof tracingSettings]?: string | undefined }): boolean {
  const where = set.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? set.OTEL_EXPORTER_OTLP_ENDPOINT;
  return where !== undefined && set.OTEL_SDK_DISABLED !== 'true';
}

/**
 * Sends the traces of this process by OTLP over HTTP, as the environment's OTEL_* settings say.
 * @param name of the service, where OTEL_SERVICE_NAME says nothing
 * @throws StartError when the packages are not installed
 */
export async function startTracing(name: string): Promise<Closable> {
  try {
    const [{ NodeTracerProvider, BatchSpanProcessor }, resources, { OTLPTraceExporter }] = await withPackages(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      SDK,
      () =>
        Promise.all([
          import('@opentelemetry/sdk-trace-node'),
          import('@opentelemetry/resources'),
          import('@opentelemetry/exporter-trace-otlp-http'),
        ]),
    );
    const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
    const provider = new NodeTracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': name }))
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    });
    provider.register();
    await traceWithOpenTelemetry();
    return {
      async close() {
        useTracing(undefined);
        await provider.shutdown();
      },
    };
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A span for each request, named by its route: paths and queries hold codes, states and hints. */
export function traceRequests(fastify: Pick<FastifyInstance, 'addHook'>, tracing: Tracing): void {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const attributes = {
      'http.request.method': request.method,
      'http.route': route,
      'gatehouse.reference': request.id,
    };
    const span = tracing.request(`${request.method} ${route}`, attributes, request.headers);
    spans.set(request, span);
    span.run(done);
  });
  // What reads a body goes on from the socket's own context.
  fastify.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) span.run(done);
    else done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    spans.get(request)?.end(reply.statusCode);
    done();
  });
}
