import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { ProviderUnavailableError } from '../federation/provider-metadata.js';
import { Upstreams } from '../federation/upstreams.js';
import { Assurance } from '../interactions/assurance.js';
import { Browser } from '../interactions/browser.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { CredentialRemoval } from '../users/credentials/credential-removal.js';
import { FederatedIdentities } from '../users/credentials/federated-identities.js';
import { SecurityNotices } from '../users/security-notices.js';
import { UpstreamPage } from './pages/upstream.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';
import { waysIn } from './ways-in.js';

const LAST = 'This is the only way you have to sign in. Add another one first, or choose a password.';

/** A person's accounts at other providers: linked, or unlinked, but never the last way to sign in. */
@Controller({ path: 'account/upstream', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class UpstreamLinksController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly upstreams: Upstreams,
    private readonly identities: FederatedIdentities,
    private readonly removal: CredentialRemoval,
    private readonly assurance: Assurance,
    private readonly browser: Browser,
    private readonly ends: PersonEnds,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) await this.page(exchange, visit, 200);
  }

  @Post()
  async change(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const unlinked = form.get('unlink');
    if (unlinked === undefined) await this.begin(exchange, visit, form.require('link'));
    else await this.unlink(exchange, visit, unlinked);
  }

  private requirePossible(): void {
    if (!this.assurance.uses('upstream')) throw new PageError(404, 'not_found', 'There is nothing at this address.');
  }

  private async begin(exchange: HttpExchange, visit: Visit, id: string): Promise<void> {
    const upstream = this.upstreams.find(id);
    if (!upstream) throw new PageError(400, 'invalid_request', 'There is no such site.', { parameter: 'link' });
    const { subject, sid } = visit.open.session;
    try {
      const intent = { act: 'link', subject, sid } as const;
      exchange.redirect(await this.upstreams.begin(upstream, this.browser.identify(exchange), intent));
    } catch (error) {
      if (!(error instanceof ProviderUnavailableError)) throw error;
      await this.page(exchange, visit, 503, `${upstream.name} cannot be reached right now. Try again in a moment.`);
    }
  }

  private async unlink(exchange: HttpExchange, visit: Visit, id: string): Promise<void> {
    const { user } = visit;
    const issuer = (await this.identities.list(user.sub)).find((one) => one.id === id)?.issuer;
    const result = await this.removal.remove(user, 'federated', id, waysIn(this.assurance), async (transaction) => {
      const event = { name: 'credential_removed', subject: user.sub, kind: 'federated' } as const;
      await this.audit.record({ ...event, ...(issuer ? { credential: issuer } : {}) }, originOf(exchange), transaction);
      await this.notices.tell(user, 'federated_removed', exchange.language, transaction);
      await this.ends.credentialChanged(transaction, user.sub, 'federated_removed');
    });
    if (result === 'gone') {
      throw new PageError(404, 'not_found', 'You have no such way to sign in, any more.', { parameter: 'unlink' });
    }
    if (result === 'last') await this.page(exchange, visit, 400, LAST);
    else exchange.redirect('/account/upstream');
  }

  private async page(exchange: HttpExchange, { csrf, user }: Visit, status: number, error?: string): Promise<void> {
    const { list } = this.upstreams;
    const linked = (await this.identities.list(user.sub)).map((one) => ({
      ...one,
      name: list.find(({ issuer }) => issuer === one.issuer)?.name ?? new URL(one.issuer).host,
    }));
    exchange.page(status, UpstreamPage({ csrf, linked, upstreams: list, ...(error === undefined ? {} : { error }) }));
  }
}
