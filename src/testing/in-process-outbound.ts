import { SystemClock } from '../platform/clock.js';
import {
  documentPurposes,
  Outbound,
  OutboundError,
  type OutboundRequest,
  OutboundResponse,
} from '../platform/outbound.js';

/** What answers in place of a server. */
export interface InProcessServer {
  /** Its origin. */
  origin: string;
  answer(url: URL, init: OutboundRequest): { status: number; body: unknown };
}

/**
 * The application's door to the outside, with the test issuer right behind it: nothing leaves the process, and what is not
 * the issuer's cannot be reached.
 */
export class InProcessOutbound extends Outbound {
  constructor(private readonly servers: readonly InProcessServer[]) {
    super({ clock: new SystemClock() });
  }

  override async fetch(url: string, init: OutboundRequest): Promise<OutboundResponse> {
    const target = new URL(url);
    const server = this.servers.find(({ origin }) => origin === target.origin);
    if (!server) throw new OutboundError('refused', `${target.origin}: nothing leaves the process in a test`);
    const { status, body } = server.answer(target, init);
    const isDocument = (init.method ?? 'GET') === 'GET' && documentPurposes.has(init.purpose);
    if (status > 299 && isDocument) throw new OutboundError('failed', `answered ${status}`);
    return new OutboundResponse(
      status,
      { 'content-type': 'application/json' },
      Buffer.from(body === undefined ? '' : JSON.stringify(body)),
    );
  }
}
