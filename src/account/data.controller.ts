import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { PersonApplications } from '../authorizations/person-applications.js';
import { Clock } from '../platform/clock.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { FederatedIdentities } from '../users/credentials/federated-identities.js';
import { Passkeys } from '../users/credentials/passkeys.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { TotpCredentials } from '../users/credentials/totp.js';
import type { User } from '../users/users.js';
import { DataPage } from './pages/data.page.js';
import { Reauthentication } from './reauthentication.js';

/** More events than a person can have in the time they are kept, as far as sign-in is throttled. */
const EVENTS = 100_000;

/** Hands a person everything that is kept about them (the right of access and of portability). */
@Controller({ path: 'account/data', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class DataController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly sessions: SignOnSessions,
    private readonly applications: PersonApplications,
    private readonly passkeys: Passkeys,
    private readonly totp: TotpCredentials,
    private readonly codes: RecoveryCodes,
    private readonly federated: FederatedIdentities,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) exchange.page(200, DataPage({ csrf: visit.csrf }));
  }

  @Post()
  async download(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { user } = submitted.visit;
    await this.audit.record({ name: 'data_downloaded', subject: user.sub }, originOf(exchange));
    exchange.setHeader('content-disposition', 'attachment; filename="my-data.json"');
    const data = JSON.stringify(await this.everything(user), undefined, 2);
    exchange.send(200, data, 'application/json; charset=utf-8');
  }

  private async everything({ sub, username, claims, roles }: User): Promise<object> {
    const [passkeys, authenticators, recoveryCodesLeft, linkedAccounts, sessions, applications, events] =
      await Promise.all([
        this.passkeys.list(sub),
        this.totp.list(sub),
        this.codes.left(sub),
        this.federated.list(sub),
        this.sessions.list(sub),
        this.applications.list(sub),
        this.audit.recent(sub, EVENTS),
      ]);
    return dated({
      madeAt: this.clock.now(),
      account: { sub, username, claims, roles },
      signIn: { passkeys, authenticators, recoveryCodesLeft, linkedAccounts },
      sessions: sessions.map(({ sid, startedAt, lastSeenAt, acr, amr, ip, userAgent }) => {
        return { sid, startedAt, lastSeenAt, acr, amr, ip, userAgent };
      }),
      applications: applications.map(({ view, ...application }) => ({ name: view.name, ...application })),
      events,
    });
  }
}

/** Epoch milliseconds under the names that hold them, as ISO 8601. */
function dated(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (name, member: unknown) =>
      typeof member === 'number' && /(^at|At|^since|^latest)$/.test(name) ? new Date(member).toISOString() : member,
    ),
  ) as object;
}
