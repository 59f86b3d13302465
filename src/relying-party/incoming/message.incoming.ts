import { HttpExchange } from '../../platform/http/exchange.js';
import type { Incoming } from './incoming.js';
import { messageAuthorizations } from './message-authorization.js';
import { NO_ANSWER } from './no-answer.js';

/** A message of another service, over whatever transport. It has no cookies, so only tokens can speak for it. */
export class MessageIncoming implements Incoming {
  readonly setsCookies = false;
  readonly exchange = HttpExchange.of({ method: 'MESSAGE', url: '', headers: {}, rawHeaders: [] }, NO_ANSWER);

  constructor(
    readonly carrier: object,
    private readonly data: unknown,
  ) {}

  authorizations(): readonly string[] {
    return messageAuthorizations(this.data, this.carrier);
  }

  carriesTokenElsewhere(): boolean {
    return false;
  }

  needsOwnOrigin(): boolean {
    return true;
  }

  isSameOrigin(): boolean {
    return false;
  }

  isNavigation(): boolean {
    return false;
  }
}
