import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { canonicalEmail, verifiedEmail } from '../users/canonical-email.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { PasswordError, PasswordHasher } from '../users/password-hasher.js';
import { PasswordPolicy, wordsAbout } from '../users/password-policy.js';
import { nameOf, SecurityNotices } from '../users/security-notices.js';
import { type User, Users } from '../users/users.js';
import { linkToken } from '../platform/http/link-token.js';
import { LoginSettings } from './login.options.js';
import { type Addressee, MailRequests } from './mail-requests.js';
import { noPasswordLetter, passwordResetLetter } from './mails/letters.js';
import { OwnForms } from './own-form.js';
import { MailRequestPage, MailSentPage } from './pages/mail.pages.js';
import { NewPasswordPage, PasswordIsNewPage } from './pages/new-password.page.js';

const PURPOSE = 'password-reset';
const MINUTES = 30;

/**
 * A forgotten password. The mail proves the mailbox and nothing more: the new password ends every session and signs nobody
 * in, so whoever has a second factor is asked for it as always.
 */
@Controller({ path: 'login', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class PasswordResetController {
  constructor(
    private readonly requests: MailRequests,
    private readonly forms: OwnForms,
    private readonly tokens: OneTimeTokens,
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly ends: PersonEnds,
    private readonly trust: DeviceTrust,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
    private readonly settings: LoginSettings,
  ) {}

  @Get('forgot-password')
  ask(@Req() request: object, @Res() response: object): void {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    exchange.page(
      200,
      MailRequestPage({
        title: 'Forgot your password?',
        intro: 'We send a link to your email address, with which you choose a new one.',
        action: '/login/forgot-password',
        hidden: this.forms.hidden(exchange, 'forgot-password'),
        submit: 'Send me the link',
        backUrl: '/login',
      }),
    );
  }

  @Post('forgot-password')
  async request(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const typed = this.forms.read(exchange, 'forgot-password').require('username');
    await this.requests.admit(exchange);
    const intro = 'If there is such an account, a link is on its way to its email address.';
    exchange.page(200, MailSentPage({ intro, backUrl: '/login' }));
    this.requests.later(exchange, typed, (addressee) => this.write(exchange, addressee));
  }

  @Get('reset-password')
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    if (linkToken.redirected(exchange)) return;
    this.page(exchange, 200, await this.waiting(exchange));
  }

  @Post('reset-password')
  async reset(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const form = this.forms.read(exchange, 'reset-password');
    const user = await this.waiting(exchange);
    const password = form.require('new-password');
    let passwordHash: string;
    try {
      // Before the token is spent: a password that is refused costs the person nothing.
      await this.policy.check(password, wordsAbout(user));
      passwordHash = await this.hasher.hash(password);
    } catch (error) {
      if (!(error instanceof PasswordError)) throw error;
      this.page(exchange, 400, user, error.message);
      return;
    }
    const ended = await this.ends.end(user.sub, 'credential_change', async (transaction) => {
      const content = await this.tokens.spend(linkToken.kept(exchange), PURPOSE, undefined, transaction);
      if (content?.subject !== user.sub) return false;
      if (!(await this.users.setPasswordHash!(user.sub, passwordHash, transaction))) return false;
      await this.tokens.endAll(user.sub, transaction, ['email-undo']);
      await this.trust.end(user.sub, transaction);
      await this.notices.tell(user, 'password_changed', exchange.language, transaction);
      const event = { name: 'password_changed', subject: user.sub, by: 'reset' } as const;
      await this.audit.record(event, originOf(exchange), transaction);
      return true;
    });
    if (!ended) throw deadLink();
    linkToken.forget(exchange);
    exchange.page(200, PasswordIsNewPage());
  }

  private async write(exchange: HttpExchange, { user, address, language, passwordHash }: Addressee): Promise<void> {
    const { origin, serviceName } = this.settings;
    const envelope = { to: address, name: nameOf(user), service: serviceName, language };
    if (passwordHash === undefined) {
      // A password that nobody chose would be a way in that nobody knows of.
      await this.requests.mails.enqueue(noPasswordLetter(envelope, `${origin}/login`));
      return;
    }
    const lifetime = MINUTES * 60_000;
    const data = { email: canonicalEmail(address) };
    const token = await this.tokens.issue({ purpose: PURPOSE, subject: user.sub, data, lifetime });
    const url = `${origin}/login/reset-password?token=${token}`;
    await this.requests.mails.enqueue(passwordResetLetter(envelope, url, MINUTES), undefined, lifetime);
    await this.audit.record({ name: 'password_reset_requested', subject: user.sub }, originOf(exchange));
  }

  /** Whose new password the link of this browser is for. @throws PageError when it is for nobody's any more. */
  private async waiting(exchange: HttpExchange): Promise<User> {
    const content = await this.tokens.peek(linkToken.kept(exchange), PURPOSE);
    const user = content?.subject === undefined ? undefined : await this.users.findBySubject(content.subject);
    // Whoever has another address by now is another's mailbox no more.
    const address = user && verifiedEmail(user);
    if (!user || user.disabled || address === undefined) throw deadLink();
    if (canonicalEmail(address) !== content?.data['email']) throw deadLink();
    return user;
  }

  private page(exchange: HttpExchange, status: number, { username }: User, error?: string): void {
    exchange.page(
      status,
      NewPasswordPage({
        hidden: this.forms.hidden(exchange, 'reset-password'),
        username,
        minimumLength: this.policy.minimumLength,
        ...(error === undefined ? {} : { error }),
      }),
    );
  }

  private requirePossible(): void {
    if (this.requests.mails.configured && this.users.setPasswordHash) return;
    throw new PageError(404, 'not_found', 'Passwords are not reset here.');
  }
}

function deadLink(): PageError {
  return new PageError(
    400,
    'link_expired',
    'This link was used already, is too old, or was replaced by a newer one. Ask for another on the sign-in page.',
    { parameter: 'token' },
  );
}
