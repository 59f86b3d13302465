import { Injectable } from '@nestjs/common';
import { Audit, originOf } from '../../audit/audit.js';
import { Browser } from '../../interactions/browser.js';
import { OneTimeTokens } from '../../interactions/one-time-tokens.js';
import { PageError } from '../../platform/http/page-error.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { randomText } from '../../platform/secret.js';
import { nameOf } from '../../users/security-notices.js';
import { Users } from '../../users/users.js';
import { LoginMethod, type Method, type Offer, type Proved, type Step } from '../login-method.js';
import { LoginSettings } from '../login.options.js';
import { MailRequests } from '../mail-requests.js';
import { emailCodeLetter } from '../mails/letters.js';
import { EmailCodePage, MailRequestPage } from '../pages/mail.pages.js';
import { loginUrl } from '../urls.js';
import { T } from '../../platform/pages/words.js';

const PURPOSE = 'email-code';
const MINUTES = 10;
/** Five tries of a hundred million, and a new code a few times in a quarter of an hour. */
const DIGITS = 8;

/** A code by mail, to be typed on the page that asked for it. */
@Injectable()
@LoginMethod('email-code')
export class EmailCodeMethod implements Method {
  readonly amr = ['email'] as const;
  readonly order = 51;
  readonly optIn = true;

  constructor(
    private readonly requests: MailRequests,
    private readonly tokens: OneTimeTokens,
    private readonly browser: Browser,
    private readonly users: Users,
    private readonly audit: Audit,
    private readonly settings: LoginSettings,
  ) {}

  unusable(): string | undefined {
    return this.requests.mails.configured ? undefined : 'there is nothing that carries mails (option mail)';
  }

  first({ interaction }: Step): Offer {
    return {
      view: (
        <a class="button quiet" id="email-code" href={loginUrl('email-code', interaction)}>
          <T s="Send me a code by mail" />
        </a>
      ),
    };
  }

  async show({ exchange, interaction, hidden }: Step, action: string): Promise<void> {
    if (action !== '') throw new PageError(404, 'not_found', 'There is nothing at this address.');
    exchange.page(
      200,
      MailRequestPage({
        title: 'Sign in by mail',
        intro: 'We send a code to your email address. You type it here.',
        action: '/login/email-code',
        hidden,
        submit: 'Send me the code',
        backUrl: loginUrl('', interaction),
      }),
    );
  }

  prove(step: Step, form: PageForm, action: string): Promise<Proved | undefined> {
    return action === 'enter' ? this.answer(step, form) : this.request(step, form);
  }

  /** A code is made for whatever was typed, so the page is the same; whose it is, is settled after the answer. */
  private async request(step: Step, form: PageForm): Promise<undefined> {
    const { exchange, interaction } = step;
    const typed = form.require('username');
    await this.requests.admit(exchange);
    const browserId = this.browser.identify(exchange);
    const code = randomText('0123456789', DIGITS);
    const data = { interaction: interaction?.id };
    const lifetime = MINUTES * 60_000;
    const token = await this.tokens.issue({ purpose: PURPOSE, browserId, data, lifetime, answer: code });
    this.page(step, token, 200);
    this.requests.later(exchange, typed, async ({ user, address, language }) => {
      if (!(await this.tokens.address(token, PURPOSE, user.sub))) return;
      const envelope = {
        to: address,
        name: nameOf(user),
        service: this.settings.serviceName,
        language,
        client: interaction?.display.client,
      };
      const shown = `${code.slice(0, DIGITS / 2)} ${code.slice(DIGITS / 2)}`;
      await this.requests.mails.enqueue(emailCodeLetter(envelope, shown, MINUTES), undefined, lifetime);
      const event = { name: 'mail_sign_in_requested', subject: user.sub, method: PURPOSE } as const;
      await this.audit.record(event, originOf(exchange));
    });
    return undefined;
  }

  private async answer(step: Step, form: PageForm): Promise<Proved | undefined> {
    const { exchange, interaction } = step;
    const token = form.require('ticket');
    const code = form.require('code').replace(/[\s-]/g, '');
    const browserId = this.browser.identify(exchange);
    const counted = await this.requests.admitAnswer(exchange);
    const content = await this.tokens.answer(token, PURPOSE, browserId, code);
    const user = content?.subject === undefined ? undefined : await this.users.findBySubject(content.subject);
    if (user && !user.disabled && content?.data['interaction'] === interaction?.id) {
      return { user, amr: this.amr, counted };
    }
    await this.audit.record({ name: 'sign_in_refused', method: PURPOSE, cause: 'wrong code' }, originOf(exchange));
    this.page(step, token, 401, 'This code is not right, or too old. After five wrong ones ask for another.');
    return undefined;
  }

  private page({ exchange, interaction, hidden }: Step, ticket: string, status: number, error?: string): void {
    exchange.page(
      status,
      EmailCodePage({
        action: '/login/email-code/enter',
        hidden: { ...hidden, ticket },
        againUrl: loginUrl('email-code', interaction),
        ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
      }),
    );
  }
}
