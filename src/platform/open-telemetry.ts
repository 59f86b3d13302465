import { withPackages } from './optional-package.js';
import { type Tracing, useTracing } from './tracing.js';

/**
 * Records what Gatehouse does (tokens issued, passwords hashed, statements, requests to others) as spans of the requests that
 * OpenTelemetry knows in this process. The SDK is whoever's the process is: call this after it was registered.
 * @throws MissingPackageError without `@opentelemetry/api`
 */
export async function traceWithOpenTelemetry(): Promise<void> {
  const api = await withPackages('traceWithOpenTelemetry', ['@opentelemetry/api'], () => import('@opentelemetry/api'));
  const { context, propagation, SpanKind, SpanStatusCode, trace } = api;
  const tracer = trace.getTracer('gatehouse');
  const tracing: Tracing = {
    async span({ name, kind = 'internal', attributes = {} }, work) {
      // A log that is read every second would be a trace of its own each time.
      if (!trace.getActiveSpan()) return work();
      const span = tracer.startSpan(name, {
        kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
        attributes,
      });
      try {
        return await context.with(trace.setSpan(context.active(), span), work);
      } catch (error) {
        // Its name alone: a message may quote what was sent.
        span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    },
    request(name, attributes, headers) {
      const caller = propagation.extract(context.active(), headers);
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
      const within = trace.setSpan(caller, span);
      return {
        run: (work) => context.with(within, work),
        end: (status) => {
          span.setAttribute('http.response.status_code', status);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    carried() {
      const headers: Record<string, string> = {};
      propagation.inject(context.active(), headers);
      return headers;
    },
    traceId: () => trace.getActiveSpan()?.spanContext().traceId,
  };
  useTracing(tracing);
}
