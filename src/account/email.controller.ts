import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { OneTimeTokens, type TokenContent } from '../interactions/one-time-tokens.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { linkToken } from '../platform/http/link-token.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import type { Language } from '../platform/languages/language.js';
import { Mails } from '../platform/mail/mails.js';
import { canonicalEmail, claimEmail, EmailError, verifiedEmail } from '../users/canonical-email.js';
import { PersonLanguages } from '../users/person-languages.js';
import { nameOf } from '../users/security-notices.js';
import { type User, Users } from '../users/users.js';
import { AccountSettings } from './account.options.js';
import { addressChangedLetter, addressIsTakenLetter, confirmAddressLetter } from './letters.js';
import { MailLimit } from './mail-limit.js';
import { ConfirmEmailPage, EmailPage, MailOnItsWayPage } from './pages/email.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';
import { UNDO, UNDO_LIFETIME } from './email-undo.js';

const CHANGE = 'email-change';
const CHANGE_HOURS = 24;
const HOUR = 3_600_000;
const UNDO_DAYS = UNDO_LIFETIME / (24 * HOUR);

/**
 * A person's email address: shown, proved, changed. A new one counts when its owner has opened the link that went there,
 * signed in to this very account; the old one is told, with a link that takes everything back.
 */
@Controller({ path: 'account/email', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class EmailController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly users: Users,
    private readonly mails: Mails,
    private readonly tokens: OneTimeTokens,
    private readonly limit: MailLimit,
    private readonly languages: PersonLanguages,
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly settings: AccountSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) this.page(exchange, visit, 200);
  }

  @Post()
  async change(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const typed = form.require('email');
    let email: string;
    try {
      email = claimEmail(typed);
    } catch (error) {
      if (!(error instanceof EmailError)) throw error;
      this.page(exchange, visit, 400, { value: typed, error: error.message });
      return;
    }
    await this.limit.admit(exchange, visit.user.sub);
    await this.write(exchange, visit.user, email);
    exchange.page(200, MailOnItsWayPage({ email }));
  }

  @Get('confirm')
  async showConfirmation(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    if (linkToken.redirected(exchange)) return;
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const content = await this.waiting(linkToken.kept(exchange), visit);
    const email = content.data['email'] as string;
    exchange.page(200, ConfirmEmailPage({ csrf: visit.csrf, action: '/account/email/confirm', email, undo: false }));
  }

  @Post('confirm')
  async confirm(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const submitted = await this.reauthentication.submitted(exchange, { sensitive: false });
    if (!submitted) return;
    const { visit } = submitted;
    const { user } = visit;
    const token = linkToken.kept(exchange);
    await this.waiting(token, visit);
    const old = verifiedEmail(user);
    const language = await this.languages.of(user, exchange.language);
    const done = await this.database.transaction(async (transaction) => {
      const content = await this.tokens.spend(token, CHANGE, undefined, transaction);
      const email = content?.data['email'];
      if (typeof email !== 'string' || content?.subject !== user.sub) return false;
      if (!(await this.users.setEmail!(user.sub, email, transaction))) return false;
      const changed = old !== undefined && canonicalEmail(old) !== canonicalEmail(email);
      // What was mailed to the old address opens nothing any more, but the way back to an address before: whoever is in
      // the account would only have to change it twice.
      await this.tokens.endAll(user.sub, transaction, [UNDO]);
      const name = changed ? 'email_changed' : 'email_verified';
      await this.audit.record({ name, subject: user.sub }, originOf(exchange), transaction);
      if (!changed) return true;
      const undo = await this.tokens.issue(
        { purpose: UNDO, subject: user.sub, data: { old, email }, lifetime: UNDO_LIFETIME },
        transaction,
      );
      const url = `${this.settings.origin}/account/email-undo?token=${undo}`;
      await this.mails.enqueue(
        addressChangedLetter(this.envelope(language, user, old), email, url, UNDO_DAYS),
        transaction,
      );
      return true;
    });
    linkToken.forget(exchange);
    if (!done) throw deadLink();
    exchange.redirect('/account');
  }

  /** The mail to the new address; whether it is somebody's already, only that mailbox learns. */
  private async write(exchange: HttpExchange, user: User, email: string): Promise<void> {
    const other = await this.users.findByUsername(email);
    const envelope = this.envelope(await this.languages.of(user, exchange.language), user, email);
    await this.database.transaction(async (transaction) => {
      await this.audit.record({ name: 'email_change_requested', subject: user.sub }, originOf(exchange), transaction);
      if (other && other.user.sub !== user.sub) {
        const language = await this.languages.of(other.user, exchange.language, transaction);
        // To the address as it was proved: the mailbox of another spelling may be another's.
        const theirs = { ...envelope, to: verifiedEmail(other.user) ?? email, name: nameOf(other.user), language };
        await this.mails.enqueue(addressIsTakenLetter(theirs), transaction);
        return;
      }
      const lifetime = CHANGE_HOURS * HOUR;
      const token = await this.tokens.issue(
        { purpose: CHANGE, subject: user.sub, data: { email }, lifetime },
        transaction,
      );
      const url = `${this.settings.origin}/account/email/confirm?token=${token}`;
      await this.mails.enqueue(confirmAddressLetter(envelope, url, CHANGE_HOURS), transaction, lifetime);
    });
  }

  private async waiting(token: string, { user }: Visit): Promise<TokenContent> {
    const content = await this.tokens.peek(token, CHANGE);
    if (!content) throw deadLink();
    // An address is confirmed for the account that asked, by its owner: nobody can be made to lend theirs to another's.
    if (content.subject !== user.sub) {
      throw new PageError(403, 'access_denied', 'This link belongs to another account. Sign in to that one first.');
    }
    return content;
  }

  private envelope(language: Language, user: User, to: string) {
    return { to, name: nameOf(user), service: this.settings.serviceName, language };
  }

  private page(
    exchange: HttpExchange,
    { csrf, user }: Visit,
    status: number,
    more: { value?: string; error?: string } = {},
  ): void {
    const { email } = user.claims;
    const current = typeof email === 'string' ? email : undefined;
    exchange.page(status, EmailPage({ csrf, current, verified: verifiedEmail(user) !== undefined, ...more }));
  }

  private requirePossible(): void {
    if (this.mails.configured && this.users.setEmail) return;
    throw new PageError(404, 'not_found', 'Addresses are not changed here.');
  }
}

function deadLink(): PageError {
  return new PageError(400, 'link_expired', 'This link was used already, is too old, or was replaced by a newer one.', {
    parameter: 'token',
  });
}
