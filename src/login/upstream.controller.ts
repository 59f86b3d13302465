import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';
import { SignInError } from '../federation/sign-in-error.js';
import type { UpstreamOptions } from '../federation/upstream.options.js';
import { type Intent, Upstreams, type Vouched } from '../federation/upstreams.js';
import { Browser } from '../interactions/browser.js';
import { Interactions } from '../interactions/interactions.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { Database, type Queryable } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import type { Amr } from '../protocol/acr.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { claimEmail, EmailError } from '../users/canonical-email.js';
import { LONGEST_USERNAME, UsernameError } from '../users/canonical-username.js';
import { FederatedIdentities } from '../users/credentials/federated-identities.js';
import { SecurityNotices } from '../users/security-notices.js';
import { type User, Users } from '../users/users.js';
import { LoginSettings } from './login.options.js';
import { UnlinkedPage } from './pages/unlinked.page.js';
import { SignIn } from './sign-in.js';
import { type CurrentStep, interactionExpired, SignInSteps } from './sign-in-steps.js';
import { SignInThrottle, TooManyAttempts } from './throttle.js';
import { loginUrl } from './urls.js';
import { displayText } from '../platform/pages/text.js';

const PURPOSE = 'upstream-link';
/** Somebody whom another provider vouched for, and whom we do not know, decides in this time. In milliseconds. */
const LIFETIME = 30 * 60_000;
const LINKED_PATH = '/login/upstream/linked';

/** What waits for a decision. */
interface Waiting extends Record<string, unknown> {
  upstream: string;
  vouched: Vouched;
  interaction?: string | undefined;
}

/**
 * Where another provider sends people back to. Whoever is linked is signed in. An account of the other provider that nobody
 * here has is never joined to one by its address: its owner proves the account here, by signing in to it, or makes a new one.
 */
@Controller({ path: 'login/upstream', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class UpstreamController {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly identities: FederatedIdentities,
    private readonly steps: SignInSteps,
    private readonly signIn: SignIn,
    private readonly sessions: SignOnSessions,
    private readonly ends: PersonEnds,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly tokens: OneTimeTokens,
    private readonly users: Users,
    private readonly throttle: SignInThrottle,
    private readonly notices: SecurityNotices,
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly settings: LoginSettings,
  ) {}

  @Get(':upstream/callback')
  async callback(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const upstream = this.upstreams.find(exchange.path.split('/')[3] ?? '');
    if (!upstream) throw new PageError(404, 'not_found', 'There is nothing at this address.');
    const { vouched, intent } = await this.believed(exchange, upstream);
    if (intent.act === 'link') await this.linkHere(exchange, vouched, intent);
    else await this.proved(await this.steps.at(exchange, intent.interaction), upstream, vouched);
  }

  /** The person has an account here: they sign in to it, for an interaction of their own. */
  @Post('link')
  async link(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const { step, form } = await this.steps.submitted(exchange);
    const ticket = form.require('ticket');
    await this.waiting(step, ticket);
    const { demand, display } = step.interaction ?? {};
    const id = await this.interactions.begin(this.browser.identify(exchange), {
      resumePath: LINKED_PATH,
      display: display ?? {},
      demand: { acrs: [], secondFactor: false, ...demand, fresh: true },
      payload: { ticket, interaction: step.interaction?.id },
    });
    exchange.redirect(loginUrl('', { id }));
  }

  /** They have signed in: the account here is proved, the one there was before. */
  @Get('linked')
  async linked(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const browserId = this.browser.find(exchange);
    const id = new URLSearchParams(exchange.query).get('interaction') ?? undefined;
    const own = await this.interactions.find(id, browserId);
    const session = (await this.sessions.resumeFrom(exchange))?.session;
    if (!own?.signedIn || own.resumePath !== LINKED_PATH || own.signedIn.sid !== session?.sid)
      throw interactionExpired();
    const { ticket, interaction } = own.payload as { ticket: string; interaction?: string };
    const user = await this.users.findBySubject(own.signedIn.subject);
    if (!user || user.disabled || !(await this.interactions.complete(own.id, browserId!))) throw interactionExpired();
    await this.database.transaction(async (transaction) => {
      const spent = await this.tokens.spend(ticket, PURPOSE, browserId, transaction);
      if (!spent) throw interactionExpired();
      await this.addLink(exchange, user, (spent.data as Waiting).vouched, transaction);
    });
    const path =
      interaction === undefined ? '/' : await this.interactions.recordSignIn(interaction, browserId!, own.signedIn);
    if (path === undefined) throw interactionExpired();
    exchange.redirect(path);
  }

  /** They have none, and make one. */
  @Post('new')
  async register(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const { step, form } = await this.steps.submitted(exchange);
    if (!this.signUp) throw new PageError(404, 'not_found', 'Accounts are not made here.');
    const ticket = form.require('ticket');
    const username = form.require('username');
    const waiting = await this.waiting(step, ticket);
    const upstream = this.upstreams.find(waiting.upstream);
    if (!upstream) throw interactionExpired();
    await this.admit(exchange);
    let user: User;
    try {
      user = await this.database.transaction((transaction) =>
        this.makeAccount(step, { ticket, username, upstream }, transaction),
      );
    } catch (error) {
      if (!(error instanceof UsernameError || error instanceof EmailError)) throw error;
      this.unlinked(step, 400, ticket, upstream, username, error.message);
      return;
    }
    await this.goOn(step, waiting.vouched, user);
  }

  /** @throws PageError for an answer that is not believed; its way leads back to the sign-in. */
  private async believed(
    exchange: HttpExchange,
    upstream: UpstreamOptions,
  ): Promise<{ vouched: Vouched; intent: Intent }> {
    const parameters = new URLSearchParams(exchange.query);
    const browserId = this.browser.find(exchange);
    const names = [...parameters.keys()];
    const intent = await this.upstreams.intentOf(parameters, browserId);
    try {
      // RFC 6749 §3.1: of two values of one name nobody knows which one counts.
      if (new Set(names).size < names.length) throw new SignInError('invalid_response', 'a parameter comes twice');
      return await this.upstreams.complete(upstream, parameters, browserId);
    } catch (error) {
      const wayBack = intent?.act === 'link' ? '/account/upstream' : loginUrl('', interactionOf(intent));
      const way = { href: wayBack, text: intent?.act === 'link' ? 'Back to your account' : 'Sign in another way' };
      if (error instanceof ProviderUnavailableError) {
        const message = `${upstream.name} cannot be reached right now. Sign in another way, or try again.`;
        throw new PageError(503, 'temporarily_unavailable', message, { way, detail: describe(error) });
      }
      if (!(error instanceof SignInError)) throw error;
      const event = { name: 'sign_in_refused', method: 'upstream', cause: error.code } as const;
      await this.audit.record(event, originOf(exchange));
      throw new PageError(400, error.code, refusal(error.code, upstream.name), { way, detail: describe(error) });
    }
  }

  private async proved(step: CurrentStep, upstream: UpstreamOptions, vouched: Vouched): Promise<void> {
    const { exchange, interaction } = step;
    const subject = await this.identities.use(vouched.issuer, vouched.subject);
    if (subject !== undefined) {
      const user = await this.users.findBySubject(subject);
      if (user && !user.disabled) {
        await this.goOn(step, vouched, user);
        return;
      }
      const event = { name: 'sign_in_refused', subject, method: 'upstream', cause: 'disabled' } as const;
      await this.audit.record(event, originOf(exchange));
      throw new PageError(403, 'access_denied', 'The account here that this one is linked with cannot be used.');
    }
    const ticket = await this.tokens.issue({
      purpose: PURPOSE,
      browserId: this.browser.identify(exchange),
      data: { upstream: upstream.id, vouched, interaction: interaction?.id } satisfies Waiting,
      lifetime: LIFETIME,
    });
    this.unlinked(step, 200, ticket, upstream, suggestedName(vouched));
  }

  private async goOn(step: CurrentStep, vouched: Vouched, user: User): Promise<void> {
    const { twoFactors, authenticatedAt: at } = vouched;
    const amr: Amr[] = twoFactors ? ['fed', 'mfa'] : ['fed'];
    const proof = { user, amr, ...(at === undefined ? {} : { at }) };
    step.exchange.redirect(await this.signIn.proved(step, 'upstream', proof));
  }

  /** For a person who is signed in and began it on their own page. */
  private async linkHere(
    exchange: HttpExchange,
    vouched: Vouched,
    { subject, sid }: Extract<Intent, { act: 'link' }>,
  ): Promise<void> {
    const session = (await this.sessions.resumeFrom(exchange))?.session;
    const user = session?.sid === sid && session.subject === subject && (await this.users.findBySubject(subject));
    if (!user || user.disabled) throw interactionExpired();
    await this.database.transaction((transaction) => this.addLink(exchange, user, vouched, transaction));
    exchange.redirect('/account/upstream');
  }

  /** @throws PageError when it is somebody else's. */
  private async addLink(exchange: HttpExchange, user: User, vouched: Vouched, transaction: Queryable): Promise<void> {
    const { issuer, subject: upstreamSubject } = vouched;
    const result = await this.identities.link(user.sub, { issuer, upstreamSubject }, transaction);
    if (result === 'known') return;
    if (result === 'taken') throw new PageError(400, 'already_linked', 'It is linked with another account here.');
    if (result === 'full')
      throw new PageError(400, 'too_many', 'There are too many linked accounts. Remove one first.');
    const event = { name: 'credential_added', subject: user.sub, kind: 'federated', credential: issuer } as const;
    await this.audit.record(event, originOf(exchange), transaction);
    await this.notices.tell(user, 'federated_added', exchange.language, transaction);
    await this.ends.credentialChanged(transaction, user.sub, 'federated_added');
  }

  private async makeAccount(
    { exchange }: CurrentStep,
    { ticket, username, upstream }: { ticket: string; username: string; upstream: UpstreamOptions },
    transaction: Queryable,
  ): Promise<User> {
    const spent = await this.tokens.spend(ticket, PURPOSE, this.browser.find(exchange), transaction);
    if (!spent) throw interactionExpired();
    const { vouched } = spent.data as Waiting;
    const { name: called, email, email_verified: verified } = vouched.claims;
    const name = typeof called === 'string' ? displayText(called, 200) : '';
    const isTrusted = upstream.trustsEmail === true && verified === true && typeof email === 'string';
    const user = await this.users.register!(
      {
        username,
        ...(name === '' ? {} : { name }),
        ...(isTrusted ? { email: claimEmail(email) } : {}),
      },
      transaction,
    );
    const event = { name: 'user_added', subject: user.sub, by: 'sign_up' } as const;
    await this.audit.record(event, originOf(exchange), transaction);
    await this.addLink(exchange, user, vouched, transaction);
    return user;
  }

  /** What the ticket stands for; it fits this browser and this sign-in only. */
  private async waiting({ exchange, interaction }: CurrentStep, ticket: string): Promise<Waiting> {
    const found = await this.tokens.peek(ticket, PURPOSE, this.browser.find(exchange));
    const waiting = found?.here ? (found.data as Waiting) : undefined;
    if (!waiting || waiting.interaction !== interaction?.id) throw interactionExpired();
    return waiting;
  }

  private unlinked(
    { exchange, interaction, hidden }: CurrentStep,
    status: number,
    ticket: string,
    { name }: UpstreamOptions,
    username: string,
    error?: string,
  ): void {
    exchange.page(
      status,
      UnlinkedPage({
        hidden: { ...hidden, ticket },
        upstream: name,
        backUrl: loginUrl('', interaction),
        ...(this.signUp ? { signUp: { username } } : {}),
        ...(error === undefined ? {} : { error }),
      }),
    );
  }

  private get signUp(): boolean {
    return this.settings.signUp && this.users.register !== undefined;
  }

  /** @throws PageError 429 */
  private async admit(exchange: HttpExchange): Promise<void> {
    try {
      await this.throttle.admitFrom(exchange.ip);
    } catch (error) {
      if (!(error instanceof TooManyAttempts)) throw error;
      exchange.setHeader('retry-after', String(error.retryAfterSeconds));
      throw new PageError(429, 'slow_down', 'Too many attempts. Wait a while, then try again.');
    }
  }
}

function interactionOf(intent: Intent | undefined): { id: string } | undefined {
  return intent?.act === 'sign-in' && intent.interaction !== undefined ? { id: intent.interaction } : undefined;
}

function refusal(code: string, name: string): string {
  if (code === 'state_mismatch') {
    return 'This sign-in is finished, has expired, or began in another browser. Begin again.';
  }
  if (code === 'access_denied') return `${name} did not let you in, or you did not want to go on there.`;
  if (code === 'authentication_too_old') return `You must sign in anew for this, and ${name} did not ask you again.`;
  return `The answer of ${name} is not right, so nobody was signed in. Begin again.`;
}

/** For the log: what was wrong, never what was sent. */
function describe(error: Error): string {
  return `${error.name}: ${error.message}`;
}

/** What the other provider calls the person, as far as a username may look so; they may change it. */
function suggestedName({ claims }: Vouched): string {
  const { preferred_username: preferred, email } = claims;
  const found = [preferred, email].find((one): one is string => typeof one === 'string' && one !== '');
  return (found ?? '').split('@', 1)[0]!.slice(0, LONGEST_USERNAME);
}
