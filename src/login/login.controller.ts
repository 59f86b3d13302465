import { Controller, Get, Post, Req, Res, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { Browser } from '../interactions/browser.js';
import { Interactions } from '../interactions/interactions.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { ACR_PASSWORD, AMR_PASSWORD } from '../protocol/acr.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { KnownDevice } from './known-device.js';
import { LoginFilter } from './login.filter.js';
import { PasswordGuard, provedForm } from './methods/password.guard.js';
import { interactionExpired, SignInForm } from './sign-in-form.js';

/** The sign-in page. It starts a session and goes on to where the interaction says; it knows nothing of OAuth. */
@Controller({ path: 'login', version: VERSION_NEUTRAL })
@UseFilters(LoginFilter)
export class LoginController {
  constructor(
    private readonly form: SignInForm,
    private readonly sessions: SignOnSessions,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly device: KnownDevice,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const ids = new URLSearchParams(exchange.query).getAll('interaction');
    if (ids.length > 1) {
      throw new PageError(400, 'invalid_request', 'A parameter comes more than once.', { parameter: 'interaction' });
    }
    this.form.show(exchange, 200, { interaction: await this.form.find(exchange, ids[0]) });
  }

  @Post()
  @UseGuards(PasswordGuard)
  async signIn(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const proved = provedForm(exchange);
    if (!proved) throw new Error('the sign-in route was reached without its guard');
    const { user, interaction } = proved;
    const earlier = await this.sessions.resumeFrom(exchange);
    const { id, session } = await this.sessions.start(
      {
        subject: user.sub,
        acr: ACR_PASSWORD,
        amr: [...AMR_PASSWORD],
        ip: exchange.ip,
        userAgent: exchange.userAgent,
        // The same person again keeps the session's name, so that what relying parties hold stays linked to it.
        ...(earlier?.session.subject === user.sub ? { sid: earlier.session.sid } : {}),
      },
      this.sessions.read(exchange),
    );
    this.sessions.set(exchange, id);
    this.device.remember(exchange, user.sub);
    const next = interaction ? await this.goOn(exchange, interaction.id, session) : '/';
    // A pending interaction is bound to the browser's id, which therefore stays until there is none.
    if (!interaction) this.browser.renew(exchange);
    exchange.redirect(next);
  }

  private async goOn(
    exchange: HttpExchange,
    interaction: string,
    { sid, subject, authenticatedAt }: { sid: string; subject: string; authenticatedAt: number },
  ): Promise<string> {
    const signedIn = { sid, subject, authenticatedAt };
    const path = await this.interactions.recordSignIn(interaction, this.browser.identify(exchange), signedIn);
    if (path === undefined) throw interactionExpired();
    return path;
  }
}
