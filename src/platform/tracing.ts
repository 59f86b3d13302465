/** What of an operation is worth knowing: never a value that a request brought, and never a secret. */
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanDescription {
  name: string;
  /** `client`: another system is asked. Default `internal`. */
  kind?: 'internal' | 'client';
  attributes?: SpanAttributes;
}

/** A request that is being answered. */
export interface RequestSpan {
  /** Whatever this begins belongs to the request. */
  run(work: () => void): void;
  end(status: number): void;
}

/** Where spans go. */
export interface Tracing {
  /** Runs `work` as a part of the request that it belongs to; what belongs to no request has no span. */
  span<T>(description: SpanDescription, work: () => Promise<T>): Promise<T>;
  /** @param headers of the request: a W3C `traceparent` there is continued */
  request(
    name: string,
    attributes: SpanAttributes,
    headers: Record<string, string | string[] | undefined>,
  ): RequestSpan;
  /** The headers by which whoever is asked goes on with the trace (W3C Trace Context). */
  carried(): Record<string, string>;
  /** The trace that is being recorded. */
  traceId(): string | undefined;
}

let current: Tracing | undefined;

/** Traces from now on, in the whole process, as OpenTelemetry itself does; undefined stops it. */
export function useTracing(tracing: Tracing | undefined): void {
  current = tracing;
}

export function currentTracing(): Tracing | undefined {
  return current;
}

/** Runs `work` in a span. Where nothing is traced it is called, and nothing else happens. */
export function traced<T>(describe: () => SpanDescription, work: () => Promise<T>): Promise<T> {
  return current ? current.span(describe(), work) : work();
}

/** Each call of the method is a span. */
export function Traced(name: string) {
  return <A extends unknown[], R>(
    _class: object,
    _name: string,
    descriptor: TypedPropertyDescriptor<(...args: A) => Promise<R>>,
  ): void => {
    const method = descriptor.value!;
    descriptor.value = function (this: unknown, ...args: A) {
      return traced(
        () => ({ name }),
        () => method.apply(this, args),
      );
    };
  };
}
