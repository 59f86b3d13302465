import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { originOf } from '../audit/audit.js';
import { PersonRemoval } from '../authorizations/person-removal.js';
import { Browser } from '../interactions/browser.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { canonicalUsername } from '../users/canonical-username.js';
import { AccountSettings } from './account.options.js';
import { RemovalPage, RemovedPage } from './pages/removal.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';

/** A person removes their own account, after a fresh proof, and by typing their name. */
@Controller({ path: 'account/removal', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class RemovalController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly removal: PersonRemoval,
    private readonly sessions: SignOnSessions,
    private readonly browser: Browser,
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
  async remove(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const { user } = visit;
    if (canonicalUsername(form.require('username')) !== canonicalUsername(user.username)) {
      this.page(exchange, visit, 400, 'This is not your username. Nothing was removed.');
      return;
    }
    await this.removal.remove(user, originOf(exchange), { page: exchange.language });
    this.sessions.clear(exchange);
    this.browser.renew(exchange);
    exchange.setHeader('clear-site-data', '"cache", "storage"');
    exchange.page(200, RemovedPage());
  }

  private requirePossible(): void {
    if (this.removal.possible && this.settings.removal) return;
    throw new PageError(404, 'not_found', 'Accounts are not removed here.');
  }

  private page(exchange: HttpExchange, { csrf, user: { username } }: Visit, status: number, error?: string): void {
    exchange.page(status, RemovalPage({ csrf, username, ...(error === undefined ? {} : { error }) }));
  }
}
