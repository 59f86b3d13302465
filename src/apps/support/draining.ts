import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { HttpExchange } from '../../platform/http/exchange.js';
import { answerUnavailable } from './unavailable.js';

/** In milliseconds. */
const SWEEP_EVERY = 50;
/** A request that is on its way when the server begins to close has so long to arrive, in milliseconds. */
const ARRIVING = 1_000;

/** Node keeps there the answer that a connection's request waits for. */
type HttpSocket = Socket & { _httpMessage?: unknown };

/**
 * Has the server close, when it is to, as soon as whoever asked something is answered. Node itself closes connections between
 * two requests, and waits for those on which none ever came: browsers open some in advance, and attackers. Who comes with
 * another request is sent away: to another process, where there is one.
 */
export function drainWhenClosing(fastify: FastifyInstance): void {
  const server = fastify.server as Server;
  const open = new Set<HttpSocket>();
  server.on('connection', (socket: HttpSocket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  let isClosing = false;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isClosing) answerUnavailable(HttpExchange.of(request, reply).setHeader('connection', 'close'));
    else done();
  });
  fastify.addHook('preClose', async () => {
    isClosing = true;
    // A connection whose request was under way becomes idle only later, and would be kept for another minute.
    const idle = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY);
    const silent = setTimeout(() => {
      for (const socket of open) if (!socket._httpMessage) socket.destroy();
    }, ARRIVING);
    server.once('close', () => {
      clearInterval(idle);
      clearTimeout(silent);
    });
  });
}
