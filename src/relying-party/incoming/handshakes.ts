import type { IncomingMessage } from 'node:http';

/** How a WebSocket came to be. */
export interface Handshake {
  /** The upgrade; its credentials are judged again with every message. */
  request: IncomingMessage;
  /** Whether it came with a credential that was good then. */
  isAuthenticated: boolean;
}

const handshakes = new WeakMap<object, Handshake>();
const slots = new WeakMap<object, WeakMap<object, object>>();

/** Ties a socket to its upgrade; sockets themselves do not remember it. */
export function rememberHandshake(client: object, handshake: Handshake): void {
  handshakes.set(client, handshake);
}

export function handshakeOf(client: object): Handshake | undefined {
  return handshakes.get(client);
}

/** Stands for a socket's calls of one handler: messages may be primitives, which nothing can be tied to. */
export function slotOf(client: object, handler: object): object {
  let ofClient = slots.get(client);
  if (!ofClient) slots.set(client, (ofClient = new WeakMap()));
  let slot = ofClient.get(handler);
  if (!slot) ofClient.set(handler, (slot = {}));
  return slot;
}
