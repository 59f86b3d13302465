import { createServer, type Server } from 'node:http';
import { StartError } from './start-error.js';
import type { Closable } from './run.js';

/** What Prometheus reads: a registry of this process, or of all workers together. */
export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface MetricsAddress {
  host: string;
  port: number;
}

/**
 * `GET /metrics` on an address of its own, so that it is never reachable where people sign in.
 * @throws StartError when it cannot listen there
 */
export async function serveMetrics(source: MetricsSource, { host, port }: MetricsAddress): Promise<Closable> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    source.metrics().then(
      (text) => response.writeHead(200, { 'content-type': source.contentType, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(503).end(),
    );
  });
  await listen(server, host, port);
  return {
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(`METRICS_PORT: cannot listen on ${host}:${port} (${error.code ?? error.message}).`)),
    );
    server.listen(port, host, resolve);
  });
}
