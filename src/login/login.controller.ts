import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import type { SecondStep } from './login-method.js';
import { LoginMethods } from './login-methods.js';
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
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const step = await this.steps.shown(exchange);
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
    const { step, form } = await this.steps.submitted(exchange);
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
}

/** Method and action of `/login/<method>/<action>`; not by `@Param`, which a host application's pipes would change. */
function named({ path }: HttpExchange): [string, string] {
  const [, , method = '', action = ''] = path.split('/');
  return [method, action];
}

function nothingHere(): PageError {
  return new PageError(404, 'not_found', 'There is nothing at this address.');
}
