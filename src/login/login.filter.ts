import { Catch } from '@nestjs/common';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { SignInForm } from './sign-in-form.js';
import { SignInRefused } from './sign-in-refused.js';

/** Shows the form again after a refused sign-in, and our error page for everything else. */
@Catch()
export class LoginFilter extends PageErrorFilter {
  constructor(private readonly form: SignInForm) {
    super();
  }

  protected override answer(error: unknown, exchange: HttpExchange): void {
    if (!(error instanceof SignInRefused)) {
      super.answer(error, exchange);
      return;
    }
    // RFC 9110 §15.5.2 wants a challenge with 401, but there is no HTTP scheme for a form, and browsers would ask by themselves.
    if (error.retryAfterSeconds !== undefined) exchange.setHeader('retry-after', String(error.retryAfterSeconds));
    const { interaction, username } = error.form;
    this.form.show(exchange, error.status, { interaction, username, error: error.message });
  }
}
