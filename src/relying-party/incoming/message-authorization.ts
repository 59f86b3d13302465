/** What the contexts of Nest's transporters have between them, as far as we read it. */
interface RpcContext {
  /** NATS. */
  getHeaders?(): unknown;
  /** Kafka, RabbitMQ. */
  getMessage?(): unknown;
  /** MQTT 5. */
  getPacket?(): unknown;
  /** gRPC: the call's Metadata. */
  get?(name: string): unknown;
}

const NAME = 'authorization';

/**
 * Every `authorization` that a message of another service carries: in the headers of its transport (NATS, Kafka, RabbitMQ,
 * MQTT 5, gRPC), or, for transports that have none (TCP, Redis), in `headers.authorization` of its data. All of them are
 * answered, so that two are seen as an ambiguity.
 */
export function messageAuthorizations(data: unknown, context: unknown): string[] {
  const rpc = (isObject(context) ? context : {}) as RpcContext;
  const message = call(rpc, 'getMessage');
  const places = [
    call(rpc, 'getHeaders'),
    member(message, 'headers'),
    member(member(message, 'properties'), 'headers'),
    member(member(call(rpc, 'getPacket'), 'properties'), 'userProperties'),
    typeof rpc.get === 'function' ? rpc : undefined,
    member(data, 'headers'),
  ];
  return places.flatMap(valuesIn);
}

/** One place's values. Whatever is no text is answered as a text that is no credential: it was sent, so it is refused. */
function valuesIn(headers: unknown): string[] {
  if (!isObject(headers)) return [];
  const get = headers['get'];
  const found: unknown = typeof get === 'function' ? get.call(headers, NAME) : ownOf(headers);
  return [found].flat().flatMap((value) => {
    if (value === undefined || value === null || value === '') return [];
    if (Buffer.isBuffer(value)) return [value.toString('latin1')];
    return [typeof value === 'string' ? value : ''];
  });
}

function ownOf(headers: Record<string, unknown>): unknown[] {
  return Object.keys(headers)
    .filter((name) => name.toLowerCase() === NAME)
    .flatMap((name) => headers[name]);
}

function call(target: RpcContext, name: 'getHeaders' | 'getMessage' | 'getPacket'): unknown {
  const method = target[name];
  return typeof method === 'function' ? method.call(target) : undefined;
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
