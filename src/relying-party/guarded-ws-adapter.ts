import type { IncomingMessage } from 'node:http';
import { handshakeOf, rememberHandshake } from './incoming/handshakes.js';
import { isTokenProtocol, WebSocketIncoming } from './incoming/websocket.incoming.js';
import { Authenticator } from './authenticator.js';
import { Challenges } from './challenges.js';
import { Refusal } from './refusal.js';

/** The application, as far as it is asked. */
interface Application {
  get<T>(token: abstract new (...args: never[]) => T): T;
}

/** `WsAdapter` of `@nestjs/platform-ws`, as far as it is used: this package does not depend on it. */
interface WsAdapterLike {
  create(port: number, options?: object): unknown;
  bindClientConnect(server: never, callback: never): void;
}

type Verified = (isAccepted: boolean, status?: number, body?: string, headers?: Record<string, string>) => void;

export interface GuardedWsAdapterOptions {
  /**
   * Whether a socket may be opened without a credential: for gateways with `@Public()` or `@OptionalAuth()` messages. What
   * the server sends to all sockets reaches those of the anonymous, too. Default `refuse`.
   */
  anonymous?: 'refuse' | 'admit';
}

/**
 * `@nestjs/platform-ws` behind the guard: `app.useWebSocketAdapter(guardedWsAdapter(WsAdapter, app))`. The upgrade itself
 * is refused with 401 or 403 when its credential is not good, or when there is none; afterwards the guard judges the same
 * credential with every message, so a session or token that ends is refused by the next one.
 */
export function guardedWsAdapter<T extends WsAdapterLike, A extends Application>(
  WsAdapter: new (app: A) => T,
  app: A,
  { anonymous = 'refuse' }: GuardedWsAdapterOptions = {},
): T {
  const opened = new WeakMap<IncomingMessage, { isAuthenticated: boolean }>();

  const verifyClient = ({ req }: { req: IncomingMessage }, answer: Verified) => {
    const mode = anonymous === 'admit' ? 'optional' : 'required';
    const incoming = new WebSocketIncoming({}, req);
    const route = { mode, scheme: 'any', scopes: [], roles: [], stepUps: [] } as const;
    void Promise.resolve()
      .then(() => app.get(Authenticator).judge(incoming, route))
      .then((found) => {
        opened.set(req, { isAuthenticated: found !== undefined });
        answer(true);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) return answer(false, 503, '{"error":"temporarily_unavailable"}', JSON_HEADERS);
        const headers = {
          ...JSON_HEADERS,
          'www-authenticate': [app.get(Challenges).of(error.parts)].flat().join(', '),
        };
        answer(false, error.parts.status, JSON.stringify(error.getResponse()), headers);
      });
  };
  // A token is offered as a subprotocol, and is not one: choosing it would echo it.
  const handleProtocols = (offered: Set<string>) => [...offered].find((one) => !isTokenProtocol(one)) ?? false;

  class Guarded extends (WsAdapter as new (app: A) => WsAdapterLike) {
    override create(port: number, options: object = {}): unknown {
      if ('verifyClient' in options) {
        throw new Error(
          'guardedWsAdapter decides about upgrades itself: check what else you need in handleConnection.',
        );
      }
      return super.create(port, { ...options, verifyClient, handleProtocols });
    }

    override bindClientConnect(server: never, callback: never): void {
      const connected = callback as (client: object, request: IncomingMessage) => void;
      super.bindClientConnect(server, ((client: object, request: IncomingMessage) => {
        const handshake = opened.get(request);
        if (handshake && !handshakeOf(client)) rememberHandshake(client, { request, ...handshake });
        connected(client, request);
      }) as never);
    }
  }
  return new Guarded(app) as unknown as T;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
