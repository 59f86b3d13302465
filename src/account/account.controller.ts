import { Controller, Get, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { PersonRemoval } from '../authorizations/person-removal.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { Assurance } from '../interactions/assurance.js';
import { Mails } from '../platform/mail/mails.js';
import { Passkeys } from '../users/credentials/passkeys.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { TotpCredentials } from '../users/credentials/totp.js';
import { Users } from '../users/users.js';
import { AccountSettings } from './account.options.js';
import { SecurityPage } from './pages/security.page.js';
import { Reauthentication } from './reauthentication.js';

/** A person's own page: what they sign in with. */
@Controller({ path: 'account', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class AccountController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly passkeys: Passkeys,
    private readonly totp: TotpCredentials,
    private readonly codes: RecoveryCodes,
    private readonly users: Users,
    private readonly assurance: Assurance,
    private readonly mails: Mails,
    private readonly removal: PersonRemoval,
    private readonly settings: AccountSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const { sub, username } = visit.user;
    const [passkeys, authenticators, recoveryCodes] = await Promise.all([
      this.passkeys.list(sub),
      this.totp.list(sub),
      this.codes.left(sub),
    ]);
    exchange.page(
      200,
      SecurityPage({
        username,
        passkeys,
        canAddPasskey: this.passkeys.site.problem === undefined,
        authenticators,
        recoveryCodes,
        email: this.mails.configured && this.users.setEmail !== undefined,
        upstream: this.assurance.uses('upstream'),
        password: this.users.setPasswordHash !== undefined,
        removal: this.removal.possible && this.settings.removal,
        profile: this.users.setProfile !== undefined,
      }),
    );
  }

  /** Where a sign-in that was asked for on the way comes back to. */
  @Get('resume')
  async resume(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    exchange.redirect(await this.reauthentication.resume(exchange));
  }
}
