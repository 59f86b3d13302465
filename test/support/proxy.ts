import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer on its way through the proxy. */
export interface Passing {
  path: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A small proxy in front of servers that are all the same: it can be cut, and can change what passes. */
export class Proxy {
  /** Origins behind it; the requests go round. */
  targets: string[] = [];
  /** May change an answer, hold it back, or swallow it (undefined: the connection is cut). */
  change: ((answer: Passing) => Passing | undefined | Promise<Passing | undefined>) | undefined;
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  private isCut = false;
  private next = 0;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param port 0: any that is free */
  static async listen(port = 0): Promise<Proxy> {
    let proxy: Proxy | undefined;
    const server = createServer((incoming, response) => proxy!.pass(incoming, response));
    // As long as the servers behind it say of themselves: what it closed earlier would fail those who use it again.
    server.keepAliveTimeout = 72_000;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    proxy = new Proxy(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return proxy;
  }

  /** Cuts every connection and takes no other. */
  cut(): void {
    this.isCut = true;
    this.server.closeAllConnections();
  }

  heal(): void {
    this.isCut = false;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private pass(incoming: IncomingMessage, response: ServerResponse): void {
    this.asked.push(incoming.url!.split('?')[0]!);
    const target = this.targets[(this.next += 1) % this.targets.length];
    if (this.isCut || target === undefined) return void incoming.socket.destroy();
    const { hostname, port } = new URL(target);
    const onward = request(
      // The servers behind believe that they are called by their own name.
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', () => incoming.socket.destroy());
        answer.on('end', () => {
          const passing = {
            path: incoming.url ?? '',
            status: answer.statusCode ?? 502,
            headers: answer.headers,
            body: Buffer.concat(chunks),
          };
          void Promise.resolve(this.change ? this.change(passing) : passing).then((changed) => {
            if (!changed || this.isCut) return incoming.socket.destroy();
            const { 'content-length': _, 'transfer-encoding': __, ...headers } = changed.headers;
            response.writeHead(changed.status, headers).end(changed.body);
          });
        });
      },
    );
    onward.on('error', () => incoming.socket.destroy());
    incoming.pipe(onward);
  }
}
