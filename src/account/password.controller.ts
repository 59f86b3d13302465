import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { OneTimeTokens } from '../interactions/one-time-tokens.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { PasswordError, PasswordHasher } from '../users/password-hasher.js';
import { PasswordPolicy, wordsAbout } from '../users/password-policy.js';
import { SecurityNotices } from '../users/security-notices.js';
import { Users } from '../users/users.js';
import { PasswordPage } from './pages/password.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';

/** A new password. Every session of the person ends with the old one, and what they authorized; this browser gets a new one. */
@Controller({ path: 'account/password', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class PasswordController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly users: Users,
    private readonly hasher: PasswordHasher,
    private readonly policy: PasswordPolicy,
    private readonly ends: PersonEnds,
    private readonly trust: DeviceTrust,
    private readonly sessions: SignOnSessions,
    private readonly tokens: OneTimeTokens,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requireTable();
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) this.page(exchange, visit, 200);
  }

  @Post()
  async change(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requireTable();
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const { user, open } = visit;
    const password = form.require('new-password');
    try {
      await this.policy.check(password, wordsAbout(user));
      const passwordHash = await this.hasher.hash(password);
      await this.ends.end(user.sub, 'credential_change', async (transaction) => {
        if (!(await this.users.setPasswordHash!(user.sub, passwordHash, transaction))) return false;
        await this.trust.end(user.sub, transaction);
        await this.tokens.endAll(user.sub, transaction, ['email-undo']);
        await this.notices.tell(user, 'password_changed', exchange.language, transaction);
        const event = { name: 'password_changed', subject: user.sub, by: 'change' } as const;
        await this.audit.record(event, originOf(exchange), transaction);
        return true;
      });
    } catch (error) {
      if (!(error instanceof PasswordError)) throw error;
      this.page(exchange, visit, 400, error.message);
      return;
    }
    const { acr, amr, authenticatedAt } = open.session;
    const { ip, userAgent } = exchange;
    const renewed = await this.sessions.start({ subject: user.sub, acr, amr, authenticatedAt, ip, userAgent });
    this.sessions.set(exchange, renewed.id);
    exchange.redirect('/account');
  }

  private requireTable(): void {
    if (!this.users.setPasswordHash) throw new PageError(404, 'not_found', 'Passwords are not kept here.');
  }

  private page(exchange: HttpExchange, { csrf, user }: Visit, status: number, error?: string): void {
    const { minimumLength } = this.policy;
    exchange.page(
      status,
      PasswordPage({ csrf, username: user.username, minimumLength, ...(error === undefined ? {} : { error }) }),
    );
  }
}
