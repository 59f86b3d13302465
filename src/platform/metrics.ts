import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a cached answer to a request that timed out, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** What a visitor calls the method is theirs to choose; there must be few labels. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A number that is read when somebody asks; undefined or a failure leaves it out of the answer. */
export type Reading = () => number | undefined | Promise<number | undefined>;

/**
 * What one process measures of itself, for Prometheus. Labels are routes, methods and status codes: few values, and nothing
 * about a person or a client (a metric is read by more people than a log).
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly durations: Histogram<'method' | 'route' | 'status_class'>;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Counter({
      name: 'gatehouse_http_requests_total',
      help: 'Requests by endpoint and status: rate and errors',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.durations = new Histogram({
      name: 'gatehouse_http_request_duration_seconds',
      help: 'How long requests took, by endpoint and class of status',
      labelNames: ['method', 'route', 'status_class'],
      buckets: BUCKETS,
      registers,
    });
  }

  /** @param route the pattern, never the path that was asked for: there are few of the one and any number of the other */
  request(method: string, route: string, status: number, seconds: number): void {
    const endpoint = { method: METHODS.has(method) ? method : 'other', route };
    this.requests.inc({ ...endpoint, status });
    this.durations.observe({ ...endpoint, status_class: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /**
   * Something that goes up and down.
   * @param aggregator how the workers of one front door are put together: `max` for what all of them read in one database
   */
  gauge(name: string, help: string, read: Reading, aggregator: 'sum' | 'max' = 'sum'): void {
    new Gauge({
      name,
      help,
      aggregator,
      registers: [this.registry],
      async collect() {
        this.reset();
        const value = await readingOf(read);
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  }

  /** Something that is counted elsewhere and only grows. */
  counter(name: string, help: string, read: Reading): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      async collect() {
        const value = await readingOf(read);
        this.reset();
        if (value !== undefined) this.inc(value);
      },
    });
  }
}

async function readingOf(read: Reading): Promise<number | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}
