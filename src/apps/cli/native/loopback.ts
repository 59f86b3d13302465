import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { h } from 'preact';
import { contentSecurityPolicy, renderPage } from '../../../platform/pages/render.js';
import { Refusal } from '../answer.js';
import { SignedInPage } from './signed-in.page.js';

/** Where the browser comes back to: a port of this machine that is open for one answer (RFC 8252 §7.3). */
export interface Loopback {
  redirectUri: string;
  /** The answer that belongs to `state`. @throws Refusal when none came in time */
  answer(state: string): Promise<URL>;
  /** Tells the browser how it ended, and closes the port. */
  finish(problem?: string): Promise<void>;
}

/** In milliseconds. */
const PATIENCE = 10 * 60_000;

/** Opens the port. On the loopback address itself, not `localhost`, which may be somebody else's (RFC 8252 §8.3). */
export async function openLoopback(): Promise<Loopback> {
  const waiting: { state?: string; response?: ServerResponse; arrive?: (url: URL) => void } = {};
  const server = createServer((request, response) => receive(request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', origin);
    const isAnswer = request.method === 'GET' && url.pathname === '/callback' && !waiting.response;
    // Anybody on this machine can ask; only the answer to our own request counts, and others do not end the wait.
    if (!isAnswer || waiting.state === undefined || url.searchParams.get('state') !== waiting.state) {
      response.writeHead(404).end();
      return;
    }
    waiting.response = response;
    waiting.arrive?.(url);
  }

  return {
    redirectUri: `${origin}/callback`,
    answer: (state) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Refusal('Nobody signed in within ten minutes.')), PATIENCE);
        Object.assign(waiting, { state, arrive: (url: URL) => (clearTimeout(late), resolve(url)) });
      }),
    async finish(problem) {
      await respond(waiting.response, problem);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function respond(response: ServerResponse | undefined, problem: string | undefined): Promise<void> {
  if (!response) return Promise.resolve();
  response.writeHead(problem === undefined ? 200 : 400, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  return new Promise((done) =>
    response.end(renderPage(h(SignedInPage, problem === undefined ? {} : { problem })), done),
  );
}
