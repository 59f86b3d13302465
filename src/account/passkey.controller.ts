import { PersonEnds } from '../sessions/person-ends.js';
import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Browser } from '../interactions/browser.js';
import { Challenges } from '../interactions/challenges.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { say } from '../platform/languages/languages.js';
import { WEBAUTHN_SCRIPT_URL } from '../platform/pages/webauthn-script.js';
import { Passkeys } from '../users/credentials/passkeys.js';
import { RecoveryCodes } from '../users/credentials/recovery-codes.js';
import { SecurityNotices } from '../users/security-notices.js';
import { AccountSettings } from './account.options.js';
import { PasskeyPage } from './pages/passkey.page.js';
import { RecoveryCodesPage } from './pages/recovery-codes.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';
import { displayText } from '../platform/pages/text.js';

const NOT_ADDED = 'This passkey was not added: it is known already, or its answer was not right. Try again.';

/** Adding a passkey. The first second factor of a person brings recovery codes with it. */
@Controller({ path: 'account/passkey/new', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class PasskeyController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly passkeys: Passkeys,
    private readonly codes: RecoveryCodes,
    private readonly challenges: Challenges,
    private readonly browser: Browser,
    private readonly database: Database,
    private readonly ends: PersonEnds,
    private readonly notices: SecurityNotices,
    private readonly audit: Audit,
    private readonly settings: AccountSettings,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const visit = await this.reauthentication.sensitive(exchange);
    if (visit) await this.page(exchange, visit, 200);
  }

  @Post()
  async add(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requirePossible();
    const submitted = await this.reauthentication.submitted(exchange);
    if (!submitted) return;
    const { visit, form } = submitted;
    const { sub } = visit.user;
    const answer = form.require('credential');
    const name = displayText(form.get('name') ?? '', 60) || say(exchange.language, 'Passkey');
    const challenge = this.passkeys.challengeOf(answer);
    const spent = challenge && (await this.challenges.spend(challenge, this.browser.find(exchange), about(visit)));
    const added =
      challenge &&
      spent &&
      (await this.database.transaction(async (transaction) => {
        const id = await this.passkeys.add(sub, { answer, challenge, name }, transaction);
        if (id === undefined) return undefined;
        const event = { name: 'credential_added', subject: sub } as const;
        await this.audit.record({ ...event, kind: 'passkey', credential: id }, originOf(exchange), transaction);
        await this.notices.tell(visit.user, 'passkey_added', exchange.language, transaction);
        let codes: string[] | undefined;
        if ((await this.codes.left(sub)) === 0) {
          await this.audit.record({ ...event, kind: 'recovery_codes' }, originOf(exchange), transaction);
          codes = await this.codes.replace(sub, transaction);
        }
        await this.ends.credentialChanged(transaction, sub, 'passkey_added');
        return { codes };
      }));
    if (!added) await this.page(exchange, visit, 400, NOT_ADDED);
    else if (added.codes) exchange.page(200, RecoveryCodesPage({ codes: added.codes }));
    else exchange.redirect('/account');
  }

  private requirePossible(): void {
    if (this.passkeys.site.problem) throw new PageError(404, 'not_found', 'There are no passkeys at this address.');
  }

  private async page(exchange: HttpExchange, visit: Visit, status: number, error?: string): Promise<void> {
    const { sub, username, claims } = visit.user;
    const displayName = typeof claims['name'] === 'string' ? claims['name'] : username;
    const challenge = this.challenges.make(this.browser.identify(exchange), about(visit));
    const options = await this.passkeys.creationOptions({ subject: sub, username, displayName }, challenge);
    const shown = error === undefined ? {} : { error };
    exchange.page(status, PasskeyPage({ csrf: visit.csrf, options, script: WEBAUTHN_SCRIPT_URL, ...shown }), {
      scripts: [`${this.settings.origin}${WEBAUTHN_SCRIPT_URL}`],
    });
  }
}

/** A challenge fits one session, so an answer cannot be carried into another. */
function about({ open }: Visit): string {
  return `new passkey\0${open.session.sid}`;
}
