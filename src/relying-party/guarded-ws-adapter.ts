import type { IncomingMessage } from 'node:http';
import { handshakeOf, rememberHandshake } from './incoming/handshakes.js';
import { isTokenProtocol, WebSocketIncoming } from './incoming/websocket.incoming.js';
import type { Authentication } from './authentication.js';
import { Authenticator } from './authenticator.js';
import { Challenges } from './challenges.js';
import { OpenConnections } from './open-connections.js';
import { CREDENTIAL_ENDED } from './refusal.filter.js';
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

interface Socket {
  close(code: number, reason: string): void;
  on(event: 'close', listener: () => void): unknown;
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
 * credential with every message, and a socket whose credential ends is closed.
 */
export function guardedWsAdapter<T extends WsAdapterLike, A extends Application>(
  WsAdapter: new (app: A) => T,
  app: A,
  { anonymous = 'refuse' }: GuardedWsAdapterOptions = {},
): T {
  const opened = new WeakMap<IncomingMessage, Authentication | undefined>();

  const verifyClient = ({ req }: { req: IncomingMessage }, answer: Verified) => {
    const mode = anonymous === 'admit' ? 'optional' : 'required';
    const incoming = new WebSocketIncoming({}, req);
    const route = { mode, scheme: 'any', scopes: [], roles: [], stepUps: [] } as const;
    void Promise.resolve()
      .then(() => app.get(Authenticator).judge(incoming, route))
      .then((found) => {
        opened.set(req, found);
        answer(true);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) return answer(false, 503, UNAVAILABLE, JSON_HEADERS);
        const headers = {
          ...JSON_HEADERS,
          'www-authenticate': [app.get(Challenges).of(error.parts)].flat().join(', '),
        };
        answer(false, error.parts.status, JSON.stringify(error.getResponse()), headers);
      });
  };
  // What its server sends without being asked must not go on to whoever has signed out.
  const hold = (client: Socket, authentication: Authentication) => {
    const release = app.get(OpenConnections).hold(authentication, (code) => client.close(CREDENTIAL_ENDED, code));
    client.on('close', release);
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
        if (opened.has(request) && !handshakeOf(client)) {
          const authentication = opened.get(request);
          rememberHandshake(client, { request, isAuthenticated: authentication !== undefined });
          if (authentication) hold(client as Socket, authentication);
        }
        connected(client, request);
      }) as never);
    }
  }
  return new Guarded(app) as unknown as T;
}

const UNAVAILABLE = '{"error":"temporarily_unavailable","code":"authentication_unavailable"}';
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
