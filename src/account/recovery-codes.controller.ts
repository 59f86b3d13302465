import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { SecurityNotices } from '../users/security-notices.js';
import { NewRecoveryCodesPage, RecoveryCodesPage } from './pages/recovery-codes.page.js';
import { Reauthentication } from './reauthentication.js';

/** A new set of recovery codes, shown this once. */
@Controller({ path: 'account/recovery-codes', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class RecoveryCodesController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly codes: RecoveryCodes,
    private readonly database: Database,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.sensitive(exchange);
    if (!visit) return;
    exchange.page(200, NewRecoveryCodesPage({ csrf: visit.csrf, left: await this.codes.left(visit.user.sub) }));
  }

  @Post()
  async replace(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { user } = submitted.visit;
    const { sub } = user;
    const codes = await this.database.transaction(async (transaction) => {
      const event = { name: 'credential_added', subject: sub, kind: 'recovery_codes' } as const;
      await this.audit.record(event, originOf(exchange), transaction);
      await this.notices.tell(user, 'recovery_codes_made', exchange.language, transaction);
      return this.codes.replace(sub, transaction);
    });
    exchange.page(200, RecoveryCodesPage({ codes }));
  }
}
