import { Controller, Get, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit } from '../audit/audit.js';
import { PersonApplications } from '../authorizations/person-applications.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { EventsPage } from './pages/events.page.js';
import { Reauthentication } from './reauthentication.js';

const SHOWN = 100;

/** What happened to a person's account lately. */
@Controller({ path: 'account/events', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class EventsController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly audit: Audit,
    private readonly applications: PersonApplications,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const events = await this.audit.recent(visit.user.sub, SHOWN);
    const clients = events.flatMap(({ detail: { client } }) => (typeof client === 'string' ? client : []));
    exchange.page(200, EventsPage({ events, applications: await this.applications.names(clients) }));
  }
}
