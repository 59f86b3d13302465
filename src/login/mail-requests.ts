import { Injectable } from '@nestjs/common';
import type { Taken } from '../platform/database/taken.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import type { Language } from '../platform/languages/language.js';
import { Mails } from '../platform/mail/mails.js';
import { verifiedEmail } from '../users/canonical-email.js';
import { PersonLanguages } from '../users/person-languages.js';
import { Users, type UserWithPassword } from '../users/users.js';
import { AfterAnswer } from './after-answer.js';
import { SignInThrottle, TooManyAttempts } from './throttle.js';

/** Somebody who may be written to, where (the address that is theirs, never what was typed), and in which language. */
export type Addressee = UserWithPassword & { address: string; language: Language };

/**
 * Requests for mails by somebody who is not signed in. They are counted by network, answered the same for everybody, and
 * carried out after the answer: neither text nor time tells whether there is an account.
 */
@Injectable()
export class MailRequests {
  constructor(
    readonly mails: Mails,
    private readonly users: Users,
    private readonly throttle: SignInThrottle,
    private readonly after: AfterAnswer,
    private readonly languages: PersonLanguages,
  ) {}

  /** @throws PageError 429 when too many come from this network. */
  admit(exchange: HttpExchange): Promise<void> {
    return orSlowDown(exchange, this.throttle.admitMailFrom(exchange.ip));
  }

  /** Counts what somebody brings back; answers how to give it back. @throws PageError 429 */
  admitAnswer(exchange: HttpExchange): Promise<Taken> {
    return orSlowDown(exchange, this.throttle.admitFrom(exchange.ip));
  }

  /** Does `work` after the answer, when what was typed is the name or the address of somebody who may be written to. */
  later(exchange: HttpExchange, typed: string, work: (addressee: Addressee) => Promise<void>): void {
    this.after.run(exchange.correlationId, async () => {
      const found = await this.users.findByUsername(typed);
      const address = found && !found.user.disabled ? verifiedEmail(found.user) : undefined;
      if (!found || address === undefined || !(await this.mayWrite(`sub:${found.user.sub}`))) return;
      await work({ ...found, address, language: await this.languages.of(found.user, exchange.language) });
    });
  }

  /** The same for an address that may be nobody's. @param key names it in the count. */
  laterTo(exchange: HttpExchange, key: string, work: () => Promise<void>): void {
    this.after.run(exchange.correlationId, async () => {
      if (await this.mayWrite(key)) await work();
    });
  }

  /** So many mails and no more for one person, whoever asks. */
  private async mayWrite(key: string): Promise<boolean> {
    try {
      await this.throttle.admitMailTo(key);
      return true;
    } catch (error) {
      if (error instanceof TooManyAttempts) return false;
      throw error;
    }
  }
}

async function orSlowDown<T>(exchange: HttpExchange, admission: Promise<T>): Promise<T> {
  try {
    return await admission;
  } catch (error) {
    if (!(error instanceof TooManyAttempts)) throw error;
    exchange.setHeader('retry-after', String(error.retryAfterSeconds));
    throw new PageError(429, 'slow_down', 'Too many attempts. Wait a while, then try again.');
  }
}
