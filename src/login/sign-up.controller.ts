import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import type { Interaction } from '../interactions/interaction.js';
import { Interactions } from '../interactions/interactions.js';
import { Browser } from '../interactions/browser.js';
import { OneTimeTokens, type TokenContent } from '../interactions/one-time-tokens.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import type { Language } from '../platform/languages/language.js';
import type { PageForm } from '../platform/http/page-form.js';
import { canonicalEmail, claimEmail, EmailError, verifiedEmail } from '../users/canonical-email.js';
import { claimUsername, UsernameError } from '../users/canonical-username.js';
import { PasswordError, PasswordHasher } from '../users/password-hasher.js';
import { PasswordPolicy } from '../users/password-policy.js';
import { PersonLanguages } from '../users/person-languages.js';
import { nameOf } from '../users/security-notices.js';
import { type User, Users } from '../users/users.js';
import { linkToken } from '../platform/http/link-token.js';
import { LoginSettings } from './login.options.js';
import { MailRequests } from './mail-requests.js';
import { alreadySignedUpLetter, signUpLetter } from './mails/letters.js';
import { OwnForms } from './own-form.js';
import { MailRequestPage, MailSentPage } from './pages/mail.pages.js';
import { NewAccountPage } from './pages/new-account.page.js';
import { SignIn } from './sign-in.js';
import { SignInSteps } from './sign-in-steps.js';
import { loginUrl } from './urls.js';
import { displayText } from '../platform/pages/text.js';

const PURPOSE = 'sign-up';
const HOURS = 24;

/** What is typed into the form of a new account. */
interface Wanted {
  username: string;
  name: string;
  password: string;
}

/**
 * Signing up. The address comes first, and nothing else: the answer is the same whether it has an account or not, and there
 * is no account before its owner has opened the link. Only they learn then whether a name is taken.
 */
@Controller({ path: 'login/sign-up', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class SignUpController {
  constructor(
    private readonly requests: MailRequests,
    private readonly forms: OwnForms,
    private readonly tokens: OneTimeTokens,
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly steps: SignInSteps,
    private readonly signIn: SignIn,
    private readonly languages: PersonLanguages,
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly settings: LoginSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const { interaction, hidden } = await this.steps.shown(exchange);
    this.page(exchange, 200, hidden, loginUrl('', interaction));
  }

  @Post()
  async request(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const { step, form } = await this.steps.submitted(exchange);
    const backUrl = loginUrl('', step.interaction);
    const typed = form.require('email');
    let email: string;
    try {
      email = claimEmail(typed);
    } catch (error) {
      if (!(error instanceof EmailError)) throw error;
      this.page(exchange, 400, step.hidden, backUrl, { value: typed, error: error.message });
      return;
    }
    await this.requests.admit(exchange);
    exchange.page(200, MailSentPage({ intro: 'A mail is on its way. Its link leads on to your account.', backUrl }));
    this.requests.laterTo(exchange, `mail:${canonicalEmail(email)}`, () =>
      this.write(email, step.interaction, exchange.language),
    );
  }

  @Get('complete')
  async showAccount(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    if (linkToken.redirected(exchange)) return;
    const { data } = await this.waiting(exchange);
    this.account(exchange, 200, data['email'] as string);
  }

  @Post('complete')
  async complete(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const form = this.forms.read(exchange, 'sign-up');
    const { data } = await this.waiting(exchange);
    const email = data['email'] as string;
    const wanted = wantedIn(form);
    let user: User | undefined;
    try {
      user = await this.register(exchange, email, wanted);
    } catch (error) {
      if (!(error instanceof UsernameError || error instanceof PasswordError || error instanceof EmailError))
        throw error;
      this.account(exchange, 400, email, { ...wanted, error: error.message });
      return;
    }
    if (!user) throw deadLink();
    linkToken.forget(exchange);
    // The application that they came from is gone on to when this is still the browser that it sent.
    const interaction = await this.interactions.find(data['interaction'] as string, this.browser.find(exchange));
    const step = this.steps.first(exchange, interaction);
    exchange.redirect(await this.signIn.proved(step, 'sign-up', { user, amr: ['email'] }));
  }

  /** Makes the account and spends the link, or neither; undefined when the link is spent already. */
  private async register(exchange: HttpExchange, email: string, wanted: Wanted): Promise<User | undefined> {
    const { username, name, password } = wanted;
    claimUsername(username);
    await this.policy.check(password, [username, name, email]);
    const passwordHash = await this.hasher.hash(password);
    return this.database.transaction(async (transaction) => {
      const content = await this.tokens.spend(linkToken.kept(exchange), PURPOSE, undefined, transaction);
      if (!content) return undefined;
      const person = { username, email, passwordHash, ...(name ? { name } : {}) };
      const user = await this.users.register!(person, transaction);
      await this.audit.record(
        { name: 'user_added', subject: user.sub, by: 'sign_up' },
        originOf(exchange),
        transaction,
      );
      return user;
    });
  }

  private async write(email: string, interaction: Interaction | undefined, page: Language): Promise<void> {
    const { origin, serviceName } = this.settings;
    const client = interaction?.display.client;
    const found = await this.users.findByUsername(email);
    if (found) {
      const language = await this.languages.of(found.user, page);
      // To the address as it was proved: the mailbox of another spelling may be another's.
      const to = verifiedEmail(found.user) ?? email;
      const envelope = { to, name: nameOf(found.user), service: serviceName, language, client };
      await this.requests.mails.enqueue(alreadySignedUpLetter(envelope, `${origin}/login`));
      return;
    }
    const lifetime = HOURS * 3_600_000;
    const subject = `mail:${canonicalEmail(email)}`;
    const token = await this.tokens.issue({
      purpose: PURPOSE,
      subject,
      data: { email, interaction: interaction?.id },
      lifetime,
    });
    const envelope = { to: email, service: serviceName, language: page, client };
    const url = `${origin}/login/sign-up/complete?token=${token}`;
    await this.requests.mails.enqueue(signUpLetter(envelope, url, HOURS), undefined, lifetime);
  }

  private async waiting(exchange: HttpExchange): Promise<TokenContent> {
    const content = await this.tokens.peek(linkToken.kept(exchange), PURPOSE);
    if (!content) throw deadLink();
    return content;
  }

  private page(
    exchange: HttpExchange,
    status: number,
    hidden: Record<string, string | undefined>,
    backUrl: string,
    more: { value?: string; error?: string } = {},
  ): void {
    exchange.page(
      status,
      MailRequestPage({
        title: 'Create an account',
        intro: 'We send a link to your email address. It leads on to your account.',
        action: '/login/sign-up',
        hidden,
        submit: 'Send me the link',
        backUrl,
        field: { label: 'Email address', name: 'email' },
        ...more,
      }),
    );
  }

  private account(
    exchange: HttpExchange,
    status: number,
    email: string,
    more: Partial<Wanted> & { error?: string } = {},
  ): void {
    const { username, name, error } = more;
    exchange.page(
      status,
      NewAccountPage({
        hidden: this.forms.hidden(exchange, 'sign-up'),
        email,
        minimumLength: this.policy.minimumLength,
        username,
        name,
        error,
      }),
    );
  }

  private requirePossible(): void {
    if (this.settings.signUp && this.users.register) return;
    throw new PageError(404, 'not_found', 'Accounts are not made here.');
  }
}

function wantedIn(form: PageForm): Wanted {
  return {
    username: form.require('username'),
    name: displayText(form.require('name'), 200),
    password: form.require('new-password'),
  };
}

function deadLink(): PageError {
  return new PageError(
    400,
    'link_expired',
    'This link was used already, is too old, or was replaced by a newer one. Sign up again to get another.',
    { parameter: 'token' },
  );
}
