import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Browser } from '../interactions/browser.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { linkToken } from '../platform/http/link-token.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PageForm } from '../platform/http/page-form.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { forgetAddedSince } from '../users/credentials/forget-credentials.js';
import { Users } from '../users/users.js';
import { AccountSettings } from './account.options.js';
import { speakChosenLanguage } from './chosen-language.js';
import { ConfirmEmailPage, EmailUndonePage } from './pages/email.page.js';
import { UNDO, UNDO_LIFETIME } from './email-undo.js';

const FORM = 'email-undo';

/**
 * Takes a change of address back, by the link that went to the old one. Nobody needs to be signed in: it is for people whose
 * account somebody else is in. Everybody is signed out by it, everything that was mailed to the new address is dead, and what
 * was added since then to sign in with is gone. Of several changes each has its way back; one ends those that came after it.
 */
@Controller({ path: 'account/email-undo', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class EmailUndoController {
  constructor(
    private readonly browser: Browser,
    private readonly users: Users,
    private readonly tokens: OneTimeTokens,
    private readonly ends: PersonEnds,
    private readonly trust: DeviceTrust,
    private readonly audit: Audit,
    private readonly settings: AccountSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    speakChosenLanguage(exchange);
    if (linkToken.redirected(exchange)) return;
    const content = await this.tokens.peek(linkToken.kept(exchange), UNDO);
    if (!content) throw deadLink();
    const csrf = this.browser.formToken(this.browser.identify(exchange), FORM);
    const email = content.data['old'] as string;
    exchange.page(200, ConfirmEmailPage({ csrf, action: '/account/email-undo', email, undo: true }));
  }

  @Post()
  async undo(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    speakChosenLanguage(exchange);
    const form = PageForm.of(exchange);
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), FORM, this.settings.origin)) {
      throw new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
    }
    const token = linkToken.kept(exchange);
    const subject = (await this.tokens.peek(token, UNDO))?.subject;
    if (subject === undefined) throw deadLink();
    const ended = await this.ends.end(subject, 'address_recovered', async (transaction) => {
      const content = await this.tokens.spend(token, UNDO, undefined, transaction);
      const old = content?.data['old'];
      if (typeof old !== 'string' || !(await this.users.setEmail!(subject, old, transaction))) return false;
      await this.tokens.endAll(subject, transaction, [UNDO]);
      await this.tokens.endLater(subject, UNDO, content!.expiresAt, transaction);
      const kinds = await forgetAddedSince(subject, content!.expiresAt - UNDO_LIFETIME, transaction);
      await this.trust.end(subject, transaction);
      await this.audit.record({ name: 'email_change_undone', subject }, originOf(exchange), transaction);
      for (const kind of kinds) {
        await this.audit.record({ name: 'credential_removed', subject, kind }, originOf(exchange), transaction);
      }
      return true;
    });
    linkToken.forget(exchange);
    if (!ended) throw deadLink();
    exchange.page(200, EmailUndonePage());
  }
}

function deadLink(): PageError {
  return new PageError(400, 'link_expired', 'This link was used already, or is too old.', { parameter: 'token' });
}
