import { Injectable } from '@nestjs/common';
import { Browser } from '../interactions/browser.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageForm } from '../platform/http/page-form.js';
import { LoginSettings } from './login.options.js';

/** Forms of pages that belong to no sign-in step. */
@Injectable()
export class OwnForms {
  constructor(
    private readonly browser: Browser,
    private readonly settings: LoginSettings,
  ) {}

  /** The hidden fields of a form. @param page names it: its token fits no other. */
  hidden(exchange: HttpExchange, page: string): { csrf: string } {
    return { csrf: this.browser.formToken(this.browser.identify(exchange), page) };
  }

  /** @throws PageError 403 for a form that is not this browser's own, of this page. */
  read(exchange: HttpExchange, page: string): PageForm {
    const form = PageForm.of(exchange);
    if (this.browser.isOwnForm(exchange, form.get('csrf'), page, this.settings.origin)) return form;
    throw new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
  }
}
