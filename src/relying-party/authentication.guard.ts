import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Route, Routes } from './access.js';
import { type Authentication, isDecided, keepAnonymous, keepAuthentication } from './authentication.js';
import { Authenticator } from './authenticator.js';
import { incomingOf } from './incoming/incoming-of.js';
import type { Connection, Incoming } from './incoming/incoming.js';
import type { MaybePromise } from './maybe-promise.js';
import { OpenConnections } from './open-connections.js';
import { Refused } from './refused.js';

/**
 * Decides about every call of every handler, closed by default: what has no decorator is protected, and a context that is
 * not known in `incoming/` is refused. Who makes the call is found out by the {@link Authenticator}.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly routes = new Routes();
  /** With which credential a connection was opened. */
  private readonly held = new WeakMap<Connection, string>();

  constructor(
    private readonly authenticator: Authenticator,
    private readonly connections: OpenConnections,
  ) {}

  canActivate(context: ExecutionContext): MaybePromise<boolean> {
    const route = this.routes.of(context);
    if (route.mode === 'public') {
      if (context.getType<string>() === 'graphql') keepAnonymous(context);
      return true;
    }
    const incoming = incomingOf(context);
    if (!incoming) throw this.authenticator.refusal(undefined, unreadable(context));
    if (isDecided(incoming)) return true;
    const judged = this.authenticator.judge(incoming, route);
    return judged instanceof Promise
      ? judged.then((authentication) => this.letIn(authentication, incoming, route))
      : this.letIn(judged, incoming, route);
  }

  private letIn(authentication: Authentication | undefined, incoming: Incoming, route: Route): true {
    if (!authentication) return true;
    keepAuthentication(incoming, authentication);
    const open = route.isStream ? incoming.exchange.raw : incoming.connection;
    if (open) this.hold(open, authentication);
    return true;
  }

  /** It is broken off; the client opens it again, and is judged anew. */
  private hold(open: Connection, authentication: Authentication): void {
    const { session, accessToken } = authentication;
    const credential = session?.id ?? accessToken ?? '';
    // Many subscriptions may begin and end over one socket.
    if (this.held.get(open) === credential) return;
    this.held.set(open, credential);
    open.once(
      'close',
      this.connections.hold(authentication, () => open.destroy()),
    );
  }
}

/** For a call whose request is not to be had: the log says what the application must do about it. */
function unreadable(context: ExecutionContext): Refused {
  const how =
    context.getType<string>() === 'ws'
      ? 'use guardedWsAdapter(WsAdapter, app)'
      : 'keep the request in the context as req';
  const message = 'It cannot be known who you are.';
  return new Refused(
    { status: 401, code: 'request_unreadable', message },
    `no request in a call of kind ${context.getType()}: ${how}`,
  );
}
