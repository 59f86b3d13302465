import { Injectable } from '@nestjs/common';
import { Authorizations } from '../../authorizations/authorizations.js';
import { Browser } from '../../interactions/browser.js';
import { Database } from '../../platform/database/database.js';
import type { HttpExchange } from '../../platform/http/exchange.js';
import type { OpenSession } from '../../sessions/sessions.js';
import { SignOnSessions } from '../../sessions/sign-on-sessions.js';

/** Ends a sign-on session and everything that hangs on it, in one transaction. */
@Injectable()
export class SignOut {
  constructor(
    private readonly database: Database,
    private readonly sessions: SignOnSessions,
    private readonly authorizations: Authorizations,
    private readonly browser: Browser,
  ) {}

  async end(exchange: HttpExchange, { id, session }: OpenSession): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.sessions.endWithin(transaction, id);
      await this.authorizations.revoke({ session: session.sid }, 'sign_out', transaction);
    });
    this.sessions.clear(exchange);
    this.browser.renew(exchange);
    // Never "cookies": they are not isolated by port, and the provider is not alone on its host.
    exchange.setHeader('clear-site-data', '"cache", "storage"');
  }
}
