import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Consents } from '../authorizations/consents.js';
import { PersonApplications } from '../authorizations/person-applications.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { ApplicationsPage } from './pages/applications.page.js';
import { Reauthentication } from './reauthentication.js';

/** The applications that a person let in. Taking access back ends what they hold at once; they ask anew. */
@Controller({ path: 'account/applications', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class ApplicationsController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly applications: PersonApplications,
    private readonly consents: Consents,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const applications = await this.applications.list(visit.user.sub);
    exchange.page(200, ApplicationsPage({ csrf: visit.csrf, applications }));
  }

  @Post()
  async withdraw(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange, { sensitive: false });
    if (!submitted) return;
    const { sub } = submitted.visit.user;
    const client = submitted.form.require('client');
    // Others' names are no business of the log of revocations.
    if (!(await this.applications.list(sub)).some(({ clientId }) => clientId === client)) {
      throw new PageError(404, 'not_found', 'This application has no access any more.', { parameter: 'client' });
    }
    await this.consents.withdraw(sub, client, (transaction) =>
      this.audit.record({ name: 'consent_withdrawn', subject: sub, client }, originOf(exchange), transaction),
    );
    exchange.redirect('/account/applications');
  }
}
