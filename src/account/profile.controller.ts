import { Controller, Get, Post, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { Audit, originOf } from '../audit/audit.js';
import { Database } from '../platform/database/database.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageErrorFilter } from '../platform/http/page-error.filter.js';
import { languages } from '../platform/languages/languages.js';
import { displayText } from '../platform/pages/text.js';
import { type Profile, PROFILE_CLAIMS, type User, Users } from '../users/users.js';
import { forgetChosenLanguage } from './chosen-language.js';
import { CLAIM_LENGTH, ProfilePage } from './pages/profile.page.js';
import { Reauthentication, type Visit } from './reauthentication.js';

/**
 * What a person calls themselves, and the language that they want. Nobody can take an account over by it, so it asks for no
 * fresh proof.
 */
@Controller({ path: 'account/profile', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class ProfileController {
  constructor(
    private readonly reauthentication: Reauthentication,
    private readonly users: Users,
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  @Get()
  async show(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requireTable();
    const visit = await this.reauthentication.visit(exchange);
    if (!visit) return;
    const saved = exchange.query === 'saved';
    this.page(exchange, visit, 200, { profile: profileOf(visit.user), saved });
  }

  @Post()
  async change(@Req() request: object, @Res() response: object): Promise<void> {
    const exchange = HttpExchange.of(request, response);
    this.requireTable();
    const submitted = await this.reauthentication.submitted(exchange, { sensitive: false });
    if (!submitted) return;
    const { visit, form } = submitted;
    const { sub } = visit.user;
    const before = profileOf(visit.user);
    const wanted = form.get('locale') ?? before.locale;
    if (wanted && wanted !== before.locale && !languages.some(({ tag }) => tag === wanted)) {
      throw new PageError(400, 'invalid_request', 'The form asks for nothing we know.', { parameter: 'locale' });
    }
    const typed = profile((claim) => (claim === 'locale' ? wanted : form.require(claim).trim()) || undefined);
    const { locale, ...names } = typed;
    if (Object.values(names).some((value) => value !== undefined && !isName(value))) {
      const error = `A name has at most ${CLAIM_LENGTH} characters, on one line, and all of them can be seen.`;
      this.page(exchange, visit, 400, { profile: typed, error });
      return;
    }
    const claims = PROFILE_CLAIMS.filter((claim) => typed[claim] !== before[claim]);
    if (claims.length > 0) {
      await this.database.transaction(async (transaction) => {
        await this.users.setProfile!(sub, typed, transaction);
        await this.audit.record({ name: 'profile_changed', subject: sub, claims }, originOf(exchange), transaction);
      });
    }
    if (locale !== before.locale) forgetChosenLanguage(exchange);
    exchange.redirect('/account/profile?saved');
  }

  private requireTable(): void {
    if (!this.users.setProfile) throw new PageError(404, 'not_found', 'Profiles are not kept here.');
  }

  private page(
    exchange: HttpExchange,
    { csrf, user }: Visit,
    status: number,
    shown: { profile: Profile; error?: string; saved?: boolean },
  ): void {
    exchange.page(status, ProfilePage({ csrf, username: user.username, ...shown }));
  }
}

function profileOf({ claims }: User): Profile {
  return profile((claim) => (typeof claims[claim] === 'string' ? claims[claim] : undefined));
}

function profile(valueOf: (claim: keyof Profile) => string | undefined): Profile {
  return Object.fromEntries(PROFILE_CLAIMS.map((claim) => [claim, valueOf(claim)])) as Profile;
}

/** What pages would show in another way than it was typed is no name: it could make its owner look like somebody else. */
function isName(value: string): boolean {
  return value.length <= CLAIM_LENGTH && displayText(value, CLAIM_LENGTH) === value.replace(/ +/g, ' ');
}
