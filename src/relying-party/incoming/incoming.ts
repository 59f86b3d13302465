import type { HttpExchange } from '../../platform/http/exchange.js';

/** Something that stays open after the guard let it in: an answer that goes on, or the socket of a subscription. */
export interface Connection {
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** A request as the guard sees it, whatever brought it. */
export interface Incoming {
  /** Stands for one call of one handler: by it the decorators find what the guard found out. */
  readonly carrier: object;
  /** A socket's messages of one handler share their carrier, and each of them is judged. */
  readonly isOneOfMany?: boolean;
  /** Stands for what several calls were asked in at once, so that their credential is judged once for all of them. */
  readonly operation?: object | undefined;
  /** By what calls find what was found out for others that came with the same. */
  readonly shared?: object;
  /** The HTTP request that it is or came with; for a message of another service one without headers. */
  readonly exchange: HttpExchange;
  /** What the messages of a subscription come over. */
  readonly connection?: Connection | undefined;
  /** Whether the browser can be told something to keep. */
  readonly setsCookies: boolean;
  /** Every `Authorization` as it was sent. */
  authorizations(): readonly string[];
  /** Whether a token stands in a second place, so that nobody knows which one somebody else looked at. */
  carriesTokenElsewhere(): boolean;
  /** A request that a browser can be made to send by other people's pages, with an effect: a session counts only from our own. */
  needsOwnOrigin(): boolean;
  /** Made by this application's own pages. */
  isSameOrigin(origin: string): boolean;
  /** A person's browser that goes to an address: it can be sent elsewhere. */
  isNavigation(): boolean;
}
