import type { ExecutionContext } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { graphqlCarrier, GraphqlIncoming, graphqlShared } from './graphql.incoming.js';
import { handshakeOf, slotOf } from './handshakes.js';
import { HttpIncoming } from './http.incoming.js';
import type { Incoming } from './incoming.js';
import { MessageIncoming } from './message.incoming.js';
import { WebSocketIncoming } from './websocket.incoming.js';

// The arguments of a handler of HTTP; `switchToHttp()` makes four functions to say the same.
const REQUEST = 0;
const RESPONSE = 1;

/** The request behind a call; undefined where there is none that we know how to read, and then nobody is let in. */
export function incomingOf(context: ExecutionContext): Incoming | undefined {
  switch (context.getType<string>()) {
    case 'http': {
      return new HttpIncoming(exchangeOf(context));
    }
    case 'graphql':
      return GraphqlIncoming.of(context);
    case 'ws': {
      const handshake = handshakeOf(context.switchToWs().getClient<object>());
      const carrier = carrierOf(context);
      return handshake && carrier && new WebSocketIncoming(carrier, handshake.request);
    }
    case 'rpc': {
      const carrier = carrierOf(context);
      return carrier && new MessageIncoming(carrier, context.switchToRpc().getData());
    }
    default:
      return undefined;
  }
}

function exchangeOf(context: ExecutionContext): HttpExchange {
  return HttpExchange.of(context.getArgByIndex<object>(REQUEST), context.getArgByIndex<object>(RESPONSE));
}

/** The {@link Incoming.carrier} of a call, without the rest. */
export function carrierOf(context: ExecutionContext): object | undefined {
  switch (context.getType<string>()) {
    case 'http':
      return exchangeOf(context);
    case 'graphql':
      return graphqlCarrier(context);
    case 'ws':
      return slotOf(context.switchToWs().getClient<object>(), context.getHandler());
    case 'rpc': {
      const carrier = context.switchToRpc().getContext<unknown>();
      return typeof carrier === 'object' && carrier !== null ? carrier : undefined;
    }
    default:
      return undefined;
  }
}

/** The {@link Incoming.shared} of a call: its other calls were perhaps authenticated where this one was not looked at. */
export function sharedOf(context: ExecutionContext): object | undefined {
  return context.getType<string>() === 'graphql' ? graphqlShared(context) : undefined;
}
