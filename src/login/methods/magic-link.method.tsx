import { Injectable } from '@nestjs/common';
import { Audit, originOf } from '../../audit/audit.js';
import { Browser } from '../../interactions/browser.js';
import { OneTimeTokens } from '../../interactions/one-time-tokens.js';
import { PageError } from '../../platform/http/page-error.js';
import type { PageForm } from '../../platform/http/page-form.js';
import { nameOf } from '../../users/security-notices.js';
import { Users } from '../../users/users.js';
import { linkToken } from '../../platform/http/link-token.js';
import { LoginMethod, type Method, type Offer, type Proved, type Step } from '../login-method.js';
import { LoginSettings } from '../login.options.js';
import { MailRequests } from '../mail-requests.js';
import { magicLinkLetter } from '../mails/letters.js';
import { MagicLinkPage, MailRequestPage, MailSentPage } from '../pages/mail.pages.js';
import { loginUrl } from '../urls.js';
import { T } from '../../platform/pages/words.js';

const PURPOSE = 'magic-link';
const MINUTES = 15;

/**
 * A link by mail. It is good once, in the browser that asked for it, and does nothing before a button is pressed there: a
 * scanner that opens every link signs nobody in, and nobody can be made to sign in to what another began.
 */
@Injectable()
@LoginMethod('magic-link')
export class MagicLinkMethod implements Method {
  readonly amr = ['email'] as const;
  readonly order = 50;
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
    const url = loginUrl('magic-link', interaction);
    return {
      view: (
        <a class="button quiet" id="magic-link" href={url}>
          <T s="Send me a link by mail" />
        </a>
      ),
    };
  }

  async show(step: Step, action: string): Promise<void> {
    if (action === 'open') await this.open(step);
    else if (action === '') this.ask(step);
    else throw new PageError(404, 'not_found', 'There is nothing at this address.');
  }

  async prove(step: Step, form: PageForm, action: string): Promise<Proved | undefined> {
    if (action === 'open') return this.spend(step);
    const { exchange, interaction } = step;
    const typed = form.require('username');
    await this.requests.admit(exchange);
    const browserId = this.browser.identify(exchange);
    exchange.page(
      200,
      MailSentPage({
        intro: 'If there is such an account, a link is on its way to its email address. Open it in this browser.',
        backUrl: loginUrl('', interaction),
      }),
    );
    this.requests.later(exchange, typed, async ({ user, address, language }) => {
      const data = { interaction: interaction?.id };
      const about = { purpose: PURPOSE, subject: user.sub, browserId, data, lifetime: MINUTES * 60_000 } as const;
      const url = `${this.settings.origin}/login/magic-link/open?token=${await this.tokens.issue(about)}`;
      const envelope = {
        to: address,
        name: nameOf(user),
        service: this.settings.serviceName,
        language,
        client: interaction?.display.client,
      };
      await this.requests.mails.enqueue(magicLinkLetter(envelope, url, MINUTES), undefined, about.lifetime);
      const event = { name: 'mail_sign_in_requested', subject: user.sub, method: PURPOSE } as const;
      await this.audit.record(event, originOf(exchange));
    });
    return undefined;
  }

  private ask({ exchange, interaction, hidden }: Step): void {
    exchange.page(
      200,
      MailRequestPage({
        title: 'Sign in by mail',
        intro: 'We send a link to your email address. It signs you in, here in this browser.',
        action: '/login/magic-link',
        hidden,
        submit: 'Send me the link',
        backUrl: loginUrl('', interaction),
      }),
    );
  }

  /** The link itself. It spends nothing. */
  private async open(step: Step): Promise<void> {
    const { exchange, hidden } = step;
    const arriving = linkToken.arriving(exchange);
    const content = await this.tokens.peek(arriving ?? linkToken.kept(exchange), PURPOSE, this.browser.find(exchange));
    if (!content) throw deadLink();
    if (!content.here) throw anotherBrowser();
    const id = content.data['interaction'] as string | undefined;
    if (arriving !== undefined) {
      linkToken.keep(exchange, arriving);
      exchange.redirect(loginUrl('magic-link/open', id === undefined ? undefined : { id }));
      return;
    }
    const user = await this.users.findBySubject(content.subject!);
    if (!user || user.disabled || id !== step.interaction?.id) throw deadLink();
    const againUrl = loginUrl('', step.interaction);
    exchange.page(200, MagicLinkPage({ action: '/login/magic-link/open', hidden, username: user.username, againUrl }));
  }

  private async spend({ exchange, interaction }: Step): Promise<Proved> {
    const token = linkToken.kept(exchange);
    const content = await this.tokens.spend(token, PURPOSE, this.browser.find(exchange));
    linkToken.forget(exchange);
    const user = content?.subject === undefined ? undefined : await this.users.findBySubject(content.subject);
    if (!user || user.disabled || content?.data['interaction'] !== interaction?.id) throw deadLink();
    return { user, amr: this.amr };
  }
}

function deadLink(): PageError {
  return new PageError(
    400,
    'link_expired',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another.',
    { parameter: 'token' },
  );
}

function anotherBrowser(): PageError {
  return new PageError(
    400,
    'other_browser',
    'This link works in the browser in which it was asked for. Open it there, or ask for a new one here.',
    { parameter: 'token' },
  );
}
