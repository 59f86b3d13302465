import type { INestApplication } from '@nestjs/common';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { Clock } from '../platform/clock.js';
import { readCookies } from '../platform/http/cookies.js';

/** An answer, read to its end. */
export interface TestResponse {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** @throws SyntaxError when the body is not JSON */
  json<T = Record<string, unknown>>(): T;
}

/** What a request may have beside its path. */
export interface TestRequest {
  headers?: OutgoingHttpHeaders;
  /** Text as it is; anything else as JSON. */
  body?: unknown;
}

/** Where the application answers. One that does not listen yet is made to, on a free port of this machine. */
export async function portOf(app: INestApplication): Promise<number> {
  const server = app.getHttpServer() as Server;
  if (!server.listening) await app.listen(0, '127.0.0.1');
  return (server.address() as AddressInfo).port;
}

/** One request to the application under test; no redirect is followed. */
export async function send(
  app: INestApplication,
  method: string,
  path: string,
  { headers = {}, body }: TestRequest = {},
): Promise<TestResponse> {
  const port = await portOf(app);
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const all: OutgoingHttpHeaders = {
    ...(payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) }),
    ...(payload === undefined || payload === body ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode!, headers: response.headers, text, json: () => JSON.parse(text) });
      });
    });
    sent.on('error', reject).end(payload);
  });
}

/**
 * As much of a browser as a test needs: a jar of cookies for one application, whose own pages its requests come from.
 * Redirects are not followed.
 */
export class TestAgent {
  private readonly jar = new Map<string, { value: string; expiresAt: number }>();

  constructor(
    private readonly app: INestApplication,
    private readonly clock: Clock,
  ) {}

  /** The `Cookie` header, for requests that are made by other means: `request(server).get('/').set('Cookie', agent.cookie)`. */
  get cookie(): string {
    const living = [...this.jar].filter(([, { expiresAt }]) => expiresAt > this.clock.now());
    return living.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  get(path: string, init?: TestRequest): Promise<TestResponse> {
    return this.send('GET', path, init);
  }

  post(path: string, init?: TestRequest): Promise<TestResponse> {
    return this.send('POST', path, init);
  }

  put(path: string, init?: TestRequest): Promise<TestResponse> {
    return this.send('PUT', path, init);
  }

  patch(path: string, init?: TestRequest): Promise<TestResponse> {
    return this.send('PATCH', path, init);
  }

  delete(path: string, init?: TestRequest): Promise<TestResponse> {
    return this.send('DELETE', path, init);
  }

  /** As a browser that opens a page: what is protected sends it to sign in. */
  navigate(path: string): Promise<TestResponse> {
    return this.get(path, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' } });
  }

  async send(method: string, path: string, { headers, body }: TestRequest = {}): Promise<TestResponse> {
    const { cookie } = this;
    const response = await send(this.app, method, path, {
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of response.headers['set-cookie'] ?? []) this.keep(line);
    return response;
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [[name, value] = ['', '']] = [...readCookies(pair)];
    const maxAge = attributes.map((one) => /^\s*max-age=(\d+)$/i.exec(one)?.[1]).find(Boolean);
    const expiresAt = maxAge === undefined ? Infinity : this.clock.now() + Number(maxAge) * 1000;
    this.jar.set(name, { value, expiresAt });
  }
}
