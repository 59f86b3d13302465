import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Assurance } from '../interactions/assurance.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { PersonEnds } from '../sessions/person-ends.js';
import { CredentialRemoval } from '../users/credentials/credential-removal.js';
import { type Passkey, Passkeys } from '../users/credentials/passkeys.js';
import { type Authenticator, TotpCredentials } from '../users/credentials/totp.js';
import { SecurityNotices } from '../users/security-notices.js';
import { CredentialPage, NAME_LENGTH } from './pages/credential.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';
import { waysIn } from './ways-in.js';
import { displayText } from '../platform/pages/text.js';

const LAST = 'This is the only way you have to sign in. Add another one first, or choose a password.';

/** One of a person's passkeys or authenticator apps: renamed, or removed, but never the last way to sign in. */
@Controller({ path: 'account/credential', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class CredentialController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly passkeys: Passkeys,
    private readonly totp: TotpCredentials,
    private readonly removal: CredentialRemoval,
    private readonly assurance: Assurance,
    private readonly ends: PersonEnds,
    private readonly database: Database,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) await this.page(exchange, visit, 200);
  }

  @Post()
  async change(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const act = form.require('act');
    if (act === 'rename') await this.rename(exchange, visit, displayText(form.require('name'), NAME_LENGTH));
    else if (act === 'remove') await this.remove(exchange, visit);
    else throw new PageError(400, 'invalid_request', 'The form asks for nothing we know.', { parameter: 'act' });
  }

  private async rename(exchange: HttpExchange, visit: Visit, name: string): Promise<void> {
    const { kind, id } = named(exchange);
    const subject = visit.user.sub;
    if (name === '') {
      await this.page(exchange, visit, 400, 'A name has at least one character.');
      return;
    }
    await this.database.transaction(async (transaction) => {
      const credentials = kind === 'passkey' ? this.passkeys : this.totp;
      if (!(await credentials.rename(subject, id, name, transaction))) throw notYours();
      const event = { name: 'credential_renamed', subject, kind, credential: id } as const;
      await this.audit.record(event, originOf(exchange), transaction);
    });
    exchange.redirect('/account');
  }

  private async remove(exchange: HttpExchange, visit: Visit): Promise<void> {
    const { kind, id } = named(exchange);
    const { user } = visit;
    const result = await this.removal.remove(user, kind, id, waysIn(this.assurance), async (transaction) => {
      const event = { name: 'credential_removed', subject: user.sub, kind, credential: id } as const;
      await this.audit.record(event, originOf(exchange), transaction);
      const change = kind === 'passkey' ? 'passkey_removed' : 'authenticator_removed';
      await this.notices.tell(user, change, exchange.language, transaction);
      await this.ends.credentialChanged(transaction, user.sub, change);
    });
    if (result === 'gone') throw notYours();
    if (result === 'last') await this.page(exchange, visit, 400, LAST);
    else exchange.redirect('/account');
  }

  private async page(exchange: HttpExchange, { csrf, user }: Visit, status: number, error?: string): Promise<void> {
    const { kind, id } = named(exchange);
    const own: (Passkey | Authenticator)[] = await (kind === 'passkey' ? this.passkeys : this.totp).list(user.sub);
    const credential = own.find((one) => one.id === id);
    if (!credential) throw notYours();
    exchange.page(status, CredentialPage({ csrf, kind, credential, ...(error === undefined ? {} : { error }) }));
  }
}

/** @throws PageError 404 for a kind that we do not know. */
function named(exchange: HttpExchange): { kind: 'passkey' | 'totp'; id: string } {
  const query = new URLSearchParams(exchange.query);
  const kind = query.get('kind');
  if (kind !== 'passkey' && kind !== 'totp') throw notYours();
  return { kind, id: query.get('id') ?? '' };
}

/** Somebody else's is as good as none. */
function notYours(): PageError {
  return new PageError(404, 'not_found', 'You have no such way to sign in, any more.', { parameter: 'id' });
}
