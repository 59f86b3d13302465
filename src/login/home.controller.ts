import { Controller, Get, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Browser } from '../interactions/browser.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { Users } from '../users/users.js';
import { LoginSettings } from './login.options.js';
import { HomePage } from './pages/home.page.js';

/** The provider's start page: who is signed in, and where to go from here. */
@Controller({ version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class HomeController {
  constructor(
    private readonly sessions: SignOnSessions,
    private readonly users: Users,
    private readonly browser: Browser,
    private readonly settings: LoginSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const open = await this.sessions.resumeFrom(exchange);
    const user = open && (await this.users.findBySubject(open.session.subject));
    const known = user && !user.disabled ? user : undefined;
    const name = known?.claims['name'];
    if (known) exchange.settle(known.claims);
    exchange.page(
      200,
      HomePage({
        ...(typeof name === 'string' ? { name } : {}),
        username: known?.username,
        // A token fits one session, so a page left open does not sign the next person out.
        csrfToken: open ? this.browser.formToken(this.browser.identify(exchange), `logout\0${open.session.sid}`) : '',
        signOutAction: '/logout',
        apps: this.settings.apps,
        signInUrl: '/login',
        accountUrl: this.settings.accountUrl,
      }),
    );
  }
}
