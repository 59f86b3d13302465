import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PageForm } from '../platform/http/page-form.js';
import type { SecondStep } from './login-method.js';
import { LoginMethods } from './login-methods.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { SignIn } from './sign-in.js';
import { SignInPages } from './sign-in-pages.js';
import { SignInRefused } from './sign-in-refused.js';
import { SignInSteps } from './sign-in-steps.js';

/**
 * The sign-in pages, and the routes of every login method. A sign-in ends in a session and goes on to where the
 * interaction says; nothing here knows OAuth.
 */
@Controller({ path: 'login', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class LoginController {
  constructor(
    private readonly steps: SignInSteps,
    private readonly pages: SignInPages,
    private readonly methods: LoginMethods,
    private readonly signIn: SignIn,
    private readonly sessions: SignOnSessions,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const step = await this.steps.shown(exchange).catch((error: unknown) => this.passed(exchange, error));
    if (!step) return;
    const again = new URLSearchParams(exchange.query).has('again');
    const further = again || !step.interaction ? undefined : await this.signIn.stepUp(exchange, step.interaction);
    if (further === undefined) await this.pages.first(step, 200);
    else exchange.redirect(further);
  }

  /** The form of the sign-in page itself: name and password. */
  @Post()
  async password(@Req() request: object, @Res() response: object): Promise<void> {
    await this.prove(HttpExchange.of(request, response), 'password', '');
  }

  @Get('second-factor')
  async showSecond(@Req() request: object, @Res() response: object): Promise<void> {
    const step = await this.steps.shown(HttpExchange.of(request, response), { second: true });
    await this.pages.second(step as SecondStep, 200);
  }

  @Get([':method', ':method/:action'])
  async showMethod(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const [name, action] = named(exchange);
    const method = this.methods.find(name);
    if (!method?.show) throw nothingHere();
    await method.show(await this.steps.shown(exchange), action);
  }

  @Post([':method', ':method/:action'])
  async proveMethod(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    await this.prove(exchange, ...named(exchange));
  }

  private async prove(exchange: HttpExchange, name: string, action: string): Promise<void> {
    const method = this.methods.find(name);
    if (!method) throw nothingHere();
    const submitted = await this.steps.submitted(exchange).catch((error: unknown) => this.passed(exchange, error));
    if (!submitted) return;
    const { step, form } = submitted;
    if (!((step.person ? 'second' : 'first') in method)) {
      throw new PageError(400, 'invalid_request', 'This way to sign in does not belong to this step.');
    }
    try {
      const proved = await method.prove(step, form, action);
      if (proved) exchange.redirect(await this.signIn.proved(step, name, proved));
    } catch (error) {
      if (!(error instanceof SignInRefused)) throw error;
      await this.pages.refused(step, error);
    }
  }

  /**
   * A sign-in that is over, in a browser that is signed in: its page was left open in another tab, or somebody went back to
   * it. They are where they wanted to be. Nothing of what they sent is looked at.
   * @throws what was thrown, for everybody else
   */
  private async passed(exchange: HttpExchange, error: unknown): Promise<undefined> {
    const begunAgain = exchange.method === 'POST' && PageForm.of(exchange).get('attempt') !== undefined;
    const isBrowser = exchange.header('sec-fetch-dest') === 'document';
    const isOurs = exchange.method === 'GET' || exchange.header('sec-fetch-site') === 'same-origin';
    const mayPass = error instanceof PageError && isBrowser && isOurs && !begunAgain;
    if (!mayPass || !(await this.sessions.resumeFrom(exchange))) throw error;
    exchange.redirect('/');
  }
}

/** Method and action of `/login/<method>/<action>`; not by `@Param`, which a host application's pipes would change. */
function named({ path }: HttpExchange): [string, string] {
  const [, , method = '', action = ''] = path.split('/');
  return [method, action];
}

function nothingHere(): PageError {
  return new PageError(404, 'not_found', 'There is nothing at this address.');
}
