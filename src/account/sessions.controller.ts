import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { PersonApplications } from '../authorizations/person-applications.js';
import { ReceiptNames } from '../authorizations/receipt-names.js';
import { RevocationLog } from '../authorizations/revocation-log.js';
import { type Receipt, RevocationReceipts } from '../authorizations/revocation-receipts.js';
import { Browser } from '../interactions/browser.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { speakChosenLanguage } from './chosen-language.js';
import { EverywhereSignedOutPage, SessionsPage } from './pages/sessions.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';

/** The person waits for applications at most this long, in milliseconds. */
const PATIENCE = 1_000;
/** The query of a page after an end that no application has to be told of. */
const ENDED = 'ended';

/**
 * Where a person is signed in. Ending a session asks for no proof beyond the session: whoever finds that somebody else is in
 * should not be kept from throwing them out.
 */
@Controller({ path: 'account/sessions', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class SessionsController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly sessions: SignOnSessions,
    private readonly applications: PersonApplications,
    private readonly ends: PersonEnds,
    private readonly trust: DeviceTrust,
    private readonly browser: Browser,
    private readonly log: RevocationLog,
    private readonly receipts: RevocationReceipts,
    private readonly receiptNames: ReceiptNames,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const own = await this.sessions.list(visit.user.sub);
    const names = await this.applications.namesBySession(own.map(({ sid }) => sid));
    const views = own.map((session) => ({
      ...session,
      applications: names.get(session.sid) ?? [],
      here: session.sid === visit.open.session.sid,
    }));
    const receipt = await this.receiptOf(exchange);
    const ended = receipt !== undefined || exchange.query === ENDED;
    const sessions = views.toSorted((a, b) => Number(b.here) - Number(a.here) || b.lastSeenAt - a.lastSeenAt);
    exchange.page(200, SessionsPage({ csrf: visit.csrf, sessions, ended, ...(receipt ? { receipt } : {}) }));
  }

  @Post()
  async end(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange, { sensitive: false });
    if (!submitted) return;
    const { visit, form } = submitted;
    if (form.get('everywhere') === 'yes') await this.endAll(exchange, visit);
    else await this.endOne(exchange, visit, form.require('sid'));
  }

  /** What became of a sign-out everywhere; nobody is signed in here any more. */
  @Get('ended')
  async ended(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    speakChosenLanguage(exchange);
    const receipt = await this.receiptOf(exchange);
    // Nobody is told so who comes here by an address alone, or is signed in.
    if ((!receipt && exchange.query !== ENDED) || (await this.sessions.resumeFrom(exchange))) {
      exchange.redirect('/account/sessions');
      return;
    }
    exchange.page(200, EverywhereSignedOutPage(receipt ? { receipt } : {}));
  }

  private async endOne(exchange: HttpExchange, { user, open }: Visit, sid: string): Promise<void> {
    const isOwn = (await this.sessions.list(user.sub)).some((session) => session.sid === sid);
    if (!isOwn) throw new PageError(404, 'not_found', 'This session has ended already.', { parameter: 'sid' });
    await this.database.transaction(async (transaction) => {
      await this.audit.record({ name: 'signed_out', subject: user.sub, sid }, originOf(exchange), transaction);
      await this.sessions.endBySidWithin(transaction, sid, 'sign_out');
    });
    if (sid === open.session.sid) {
      this.forget(exchange);
      exchange.redirect('/');
      return;
    }
    await this.answer(exchange, '/account/sessions', await this.log.ofSession(sid));
  }

  private async endAll(exchange: HttpExchange, { user: { sub } }: Visit): Promise<void> {
    const ended = await this.ends.end(sub, 'sign_out_everywhere', async (transaction) => {
      await this.trust.end(sub, transaction);
      const sessions = (await this.sessions.list(sub)).length;
      await this.audit.record(
        { name: 'signed_out_everywhere', subject: sub, sessions },
        originOf(exchange),
        transaction,
      );
      return true;
    });
    this.forget(exchange);
    await this.answer(exchange, '/account/sessions/ended', ended?.seq);
  }

  private forget(exchange: HttpExchange): void {
    this.sessions.clear(exchange);
    this.browser.renew(exchange);
    exchange.setHeader('clear-site-data', '"cache", "storage"');
  }

  /** It has ended, whatever becomes of this; but it is true everywhere when the person is told, if that takes no time. */
  private async answer(exchange: HttpExchange, path: string, seq: number | undefined): Promise<void> {
    if (seq === undefined) {
      exchange.redirect(`${path}?${ENDED}`);
      return;
    }
    await this.receipts.settled(seq, PATIENCE).catch(() => undefined);
    exchange.redirect(`${path}?receipt=${this.receiptNames.write(seq)}`);
  }

  private async receiptOf(exchange: HttpExchange): Promise<Receipt | undefined> {
    const name = new URLSearchParams(exchange.query).get('receipt') ?? undefined;
    const seq = this.receiptNames.read(name);
    return seq === undefined ? undefined : this.receipts.of(seq);
  }
}
