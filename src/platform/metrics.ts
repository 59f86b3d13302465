import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** From a cached answer to a request that timed out, in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What one process measures of itself, for Prometheus. Labels are routes, methods and status codes: few values, and nothing
 * about a person or a client (a metric is read by more people than a log).
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'gatehouse_http_request_duration_seconds',
      help: 'Requests by endpoint: rate, errors (by status) and duration',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
      registers: [this.registry],
    });
  }

  /** @param route the pattern, never the path that was asked for: there are few of the one and any number of the other */
  request(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  /** A number that is read when somebody asks. Left out of an answer while `read` gives undefined. */
  gauge(name: string, help: string, read: () => number | undefined): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        const value = read();
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  }
}
