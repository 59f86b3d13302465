import { Injectable } from '@nestjs/common';
import { Browser } from '../../interactions/browser.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { Session } from '../../sessions/session.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';
import { BackChannelLogout } from './back-channel-logout.js';

/** The person waits for applications at most this long, in milliseconds. */
const PATIENCE = 1_000;

/** Ends a sign-on session, everything that hangs on it, and what the browser kept. */
@Injectable()
export class SignOut {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly backChannel: BackChannelLogout,
    private readonly browser: Browser,
  ) {}

  async end(exchange: HttpExchange, session: Session): Promise<void> {
    // By its name, because its cookie may have been renewed in another tab a moment ago.
    await this.sessions.endBySid(session.sid);
    this.sessions.clear(exchange);
    this.browser.renew(exchange);
    // Never "cookies": they are not isolated by port, and the provider is not alone on its host.
    exchange.setHeader('clear-site-data', '"cache", "storage"');
    await this.backChannel.deliver(PATIENCE);
  }
}
