import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { secondsToWait, sharedLimiter } from '../platform/database/shared-limiter.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';

const MAILS = 5;
const WINDOW_SECONDS = 3600;

/** A person may have so many mails sent to addresses that are not theirs yet, and no more: strangers' mailboxes are not theirs. */
@Injectable()
export class MailLimit {
  private readonly limiter;

  constructor(database: Database) {
    this.limiter = sharedLimiter(database, {
      keyPrefix: 'account-mail',
      points: MAILS,
      duration: WINDOW_SECONDS,
    });
  }

  /** @throws PageError 429 */
  async admit(exchange: HttpExchange, subject: string): Promise<void> {
    const seconds = await secondsToWait(this.limiter, subject);
    if (seconds === undefined) return;
    exchange.setHeader('retry-after', String(seconds));
    throw new PageError(429, 'slow_down', 'Too many mails were asked for. Wait an hour, then try again.');
  }
}
