import { PersonEnds } from '../sessions/person-ends.js';
import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { say } from '../platform/languages/languages.js';
import { qrCodeUrl } from '../platform/pages/qr-code.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { TotpCredentials, type TotpEnrolment } from '../users/credentials/totp.js';
import { SecurityNotices } from '../users/security-notices.js';
import { LoginSettings } from './login.options.js';
import { EnrolledPage, EnrolPage } from './pages/enrol.page.js';
import { SignIn } from './sign-in.js';
import { type CurrentStep, interactionExpired, SignInSteps } from './sign-in-steps.js';

/** Where somebody who must have a second factor and has none makes one, between the first factor and the session. */
@Controller({ path: 'login/enrol', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class EnrolController {
  constructor(
    private readonly steps: SignInSteps,
    private readonly signIn: SignIn,
    private readonly totp: TotpCredentials,
    private readonly codes: RecoveryCodes,
    private readonly database: Database,
    private readonly ends: PersonEnds,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
    private readonly settings: LoginSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const step = await this.steps.shown(HttpExchange.of(request, response), { second: true });
    await this.requireMust(step);
    const { sub, username } = step.person!;
    await this.page(step, 200, this.totp.begin(sub, this.settings.serviceName, username));
  }

  @Post()
  async enrol(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const { step, form } = await this.steps.submitted(exchange);
    await this.requireMust(step);
    const person = step.person!;
    const ticket = form.require('ticket');
    const code = form.require('code');
    const name = say(exchange.language, 'Authenticator app');
    const codes = await this.database.transaction(async (transaction) => {
      const id = await this.totp.add(person.sub, { ticket, code, name }, transaction);
      if (id === undefined) return undefined;
      const added = { name: 'credential_added', subject: person.sub } as const;
      await this.audit.record({ ...added, kind: 'totp', credential: id }, originOf(exchange), transaction);
      await this.audit.record({ ...added, kind: 'recovery_codes' }, originOf(exchange), transaction);
      await this.notices.tell(person, 'authenticator_added', exchange.language, transaction);
      const made = await this.codes.replace(person.sub, transaction);
      await this.ends.credentialChanged(transaction, person.sub, 'authenticator_added');
      return made;
    });
    if (!codes) {
      const again = this.totp.resume(person.sub, ticket, this.settings.serviceName, person.username);
      if (!again) throw interactionExpired();
      await this.page(step, 400, again, 'This code is not right. Wait for the next one and try again.');
      return;
    }
    const next = await this.signIn.proved(step, 'totp', { user: person, amr: ['otp'] });
    exchange.page(200, EnrolledPage({ codes, next }));
  }

  /** @throws PageError unless this sign-in waits for nothing else: who has a second factor gives it before they make another. */
  private async requireMust(step: CurrentStep): Promise<void> {
    if (!(await this.signIn.mustEnrol(step))) throw interactionExpired();
  }

  private async page(step: CurrentStep, status: number, enrolment: TotpEnrolment, error?: string): Promise<void> {
    const { uri, secret, ticket } = enrolment;
    const { exchange, hidden } = step;
    exchange.page(
      status,
      EnrolPage({
        hidden: { ...hidden, ticket },
        qrCode: await qrCodeUrl(uri),
        secret,
        ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
      }),
    );
  }
}
