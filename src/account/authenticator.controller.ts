import { PersonEnds } from '../sessions/person-ends.js';
import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { say } from '../platform/languages/languages.js';
import { qrCodeUrl } from '../platform/pages/qr-code.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { TotpCredentials, type TotpEnrolment } from '../users/credentials/totp.js';
import { SecurityNotices } from '../users/security-notices.js';
import { AccountSettings } from './account.options.js';
import { AuthenticatorPage } from './pages/authenticator.page.js';
import { RecoveryCodesPage } from './pages/recovery-codes.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';
import { displayText } from '../platform/pages/text.js';

/** Setting up an authenticator app. The first second factor of a person brings recovery codes with it. */
@Controller({ path: 'account/authenticator/new', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class AuthenticatorController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly totp: TotpCredentials,
    private readonly codes: RecoveryCodes,
    private readonly database: Database,
    private readonly ends: PersonEnds,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
    private readonly settings: AccountSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.sensitive(exchange);
    if (!visit) return;
    const { sub, username } = visit.user;
    await this.page(exchange, visit, 200, this.totp.begin(sub, this.settings.serviceName, username));
  }

  @Post()
  async add(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const { sub, username } = visit.user;
    const ticket = form.require('ticket');
    const code = form.require('code');
    const name = displayText(form.get('name') ?? '', 60) || say(exchange.language, 'Authenticator app');
    const added = await this.database.transaction(async (transaction) => {
      const id = await this.totp.add(sub, { ticket, code, name }, transaction);
      if (id === undefined) return undefined;
      const event = { name: 'credential_added', subject: sub } as const;
      await this.audit.record({ ...event, kind: 'totp', credential: id }, originOf(exchange), transaction);
      await this.notices.tell(visit.user, 'authenticator_added', exchange.language, transaction);
      let codes: string[] | undefined;
      if ((await this.codes.left(sub)) === 0) {
        await this.audit.record({ ...event, kind: 'recovery_codes' }, originOf(exchange), transaction);
        codes = await this.codes.replace(sub, transaction);
      }
      await this.ends.credentialChanged(transaction, sub, 'authenticator_added');
      return { codes };
    });
    if (added?.codes) exchange.page(200, RecoveryCodesPage({ codes: added.codes }));
    else if (added) exchange.redirect('/account');
    else {
      const again = this.totp.resume(sub, ticket, this.settings.serviceName, username);
      if (!again) throw new PageError(400, 'expired', 'This page was open for too long. Open it again.');
      await this.page(exchange, visit, 400, again, 'This code is not right. Wait for the next one and try again.');
    }
  }

  private async page(
    exchange: HttpExchange,
    { csrf }: Visit,
    status: number,
    { uri, secret, ticket }: TotpEnrolment,
    error?: string,
  ): Promise<void> {
    const qrCode = await qrCodeUrl(uri);
    exchange.page(
      status,
      AuthenticatorPage({ hidden: { csrf, ticket }, qrCode, secret, ...(error === undefined ? {} : { error }) }),
    );
  }
}
