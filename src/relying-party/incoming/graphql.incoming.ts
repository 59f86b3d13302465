import type { ExecutionContext } from '@nestjs/common';
import { HttpExchange } from '../../platform/http/exchange.js';
import { isSameOrigin } from '../same-origin.js';
import type { Connection, Incoming } from './incoming.js';
import { NO_ANSWER } from './no-answer.js';

/** What the drivers of `@nestjs/graphql` put into the context of a resolver, as far as we read it. */
interface GraphqlContext {
  /** For a subscription of Apollo's it is a {@link WebSocketContext}. */
  req?: unknown;
  request?: unknown;
  res?: unknown;
  reply?: unknown;
}

/** What `graphql-ws` keeps of a WebSocket. */
interface WebSocketContext {
  extra?: { request?: unknown };
  /** The payload of `connection_init`. */
  connectionParams?: Readonly<Record<string, unknown>>;
}

/** The `info` of a resolver's call: a call of its own. (Arguments: root, args, context, info; reference resolvers lack args.) */
export function graphqlCarrier(context: ExecutionContext): object | undefined {
  return objectOf(context.getArgs<unknown[]>().findLast(isInfo));
}

/**
 * What all resolvers of one operation share: their context. It may be that of a whole WebSocket, for which the driver calls
 * for many operations, one after the other.
 */
export function graphqlShared(context: ExecutionContext): object | undefined {
  const args = context.getArgs<unknown[]>();
  return objectOf(args[args.findLastIndex(isInfo) - 1]);
}

/**
 * A field of a GraphQL operation, of any driver that keeps the HTTP request in the resolvers' context (`req` or `request`).
 * A subscription's request is its upgrade; where that has no `Authorization`, the payload of `connection_init` may bring it:
 * Mercurius merges it into the request's headers, `graphql-ws` keeps it beside the request.
 */
export class GraphqlIncoming implements Incoming {
  /** Made anew for each execution, unlike the context. */
  readonly operation: object | undefined;
  readonly connection: Connection | undefined;

  private constructor(
    readonly carrier: object,
    readonly shared: object,
    request: object,
    readonly exchange: HttpExchange,
    readonly setsCookies: boolean,
    private readonly initialAuthorization: string | undefined,
  ) {
    this.operation = objectOf((carrier as { variableValues?: unknown }).variableValues);
    // An answer that goes on, if it comes over HTTP: others may use its socket after it.
    const open = setsCookies ? exchange.raw : connectionOf(request);
    this.connection = isSubscription(carrier) ? open : undefined;
  }

  /** Undefined when the context holds no request: then nobody can be known. */
  static of(context: ExecutionContext): GraphqlIncoming | undefined {
    const carrier = graphqlCarrier(context);
    const shared = graphqlShared(context) as GraphqlContext | undefined;
    const request = requestOf(shared);
    if (!carrier || !shared || !request) return undefined;
    const answer = answerOf(shared);
    const exchange = HttpExchange.of(request, answer ?? NO_ANSWER);
    return new GraphqlIncoming(
      carrier,
      shared,
      request,
      exchange,
      answer !== undefined,
      exchange.header('authorization') ?? initialAuthorization(shared),
    );
  }

  authorizations(): readonly string[] {
    const sent = this.exchange.headerValues('authorization');
    return sent.length > 0 || this.initialAuthorization === undefined ? sent : [this.initialAuthorization];
  }

  carriesTokenElsewhere(): boolean {
    return new URLSearchParams(this.exchange.query).has('access_token');
  }

  /** Always: whether an operation only reads is known too late, and what it reads may be expensive. */
  needsOwnOrigin(): boolean {
    return true;
  }

  isSameOrigin(origin: string): boolean {
    return isSameOrigin(this.exchange, origin);
  }

  isNavigation(): boolean {
    return false;
  }
}

function isInfo(value: unknown): boolean {
  return objectOf(value) !== undefined && 'fieldName' in (value as object) && 'parentType' in (value as object);
}

function isSubscription(info: { operation?: { operation?: unknown } }): boolean {
  return info.operation?.operation === 'subscription';
}

/** What is under the WebSocket: drivers show us no more of it. */
function connectionOf({ raw, socket }: { raw?: { socket?: Connection }; socket?: Connection }): Connection | undefined {
  return socket ?? raw?.socket;
}

function requestOf(context: GraphqlContext | undefined): object | undefined {
  const ofSocket = (objectOf(context?.req) as WebSocketContext | undefined)?.extra?.request;
  const candidates = [context?.req, context?.request, ofSocket].map(objectOf);
  return candidates.find((one) => one && objectOf((one as { headers?: unknown }).headers));
}

/** Whatever is there and is no text was sent, and is refused as a text that is no credential. */
function initialAuthorization({ req }: GraphqlContext): string | undefined {
  const { connectionParams } = (objectOf(req) ?? {}) as WebSocketContext;
  const name = Object.keys(connectionParams ?? {}).find((one) => one.toLowerCase() === 'authorization');
  const value = name === undefined ? undefined : connectionParams![name];
  return value === undefined || typeof value === 'string' ? value : '';
}

/** Express keeps a request's answer with it. */
function answerOf({ req, res, reply }: GraphqlContext): object | undefined {
  return [res, reply, (objectOf(req) as { res?: unknown } | undefined)?.res]
    .map(objectOf)
    .find((one) => one && ('setHeader' in one || ('code' in one && 'header' in one)));
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}
