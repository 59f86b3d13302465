import { Injectable } from '@nestjs/common';
import type { Offer, SecondStep, Step } from './login-method.js';
import { LoginMethods } from './login-methods.js';
import { LoginSettings } from './login.options.js';
import { amrOf, reaches } from './next-factor.js';
import { REFUSAL_ID } from './pages/refusal.js';
import { SecondFactorPage } from './pages/second-factor.page.js';
import { SignInPage } from './pages/sign-in.page.js';
import { Users } from '../users/users.js';
import { loginUrl } from './urls.js';
import type { CurrentStep } from './sign-in-steps.js';
import type { SignInRefused } from './sign-in-refused.js';

/** Puts the pages of the steps together from what the methods offer. */
@Injectable()
export class SignInPages {
  constructor(
    private readonly methods: LoginMethods,
    private readonly users: Users,
    private readonly settings: LoginSettings,
  ) {}

  async first(step: Step, status: number, error?: string): Promise<void> {
    const { exchange, interaction } = step;
    const { client, loginHint } = interaction?.display ?? {};
    const username = step.username ?? loginHint;
    const shown = { ...step, ...described(error), ...(username === undefined ? {} : { username }) };
    const offered = await Promise.all(this.methods.first.map(async ({ method }) => method.first!(shown)));
    const offers = offered.flatMap((offer) => offer ?? []);
    const signUp = this.settings.signUp && this.users.register !== undefined;
    const page = SignInPage({
      ...(signUp ? { signUpUrl: loginUrl('sign-up', interaction) } : {}),
      offers: offers.map(({ view }) => view),
      scripts: scriptsOf(offers),
      client,
      ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
    });
    exchange.page(status, page, { imgSrc: client?.logoUrl ? [client.logoUrl] : [], ...this.scripts(offers) });
  }

  /** Shows what the person has and has not used yet; when a class is wished for, what leads to it. */
  async second(step: SecondStep & CurrentStep, status: number, error?: string): Promise<void> {
    const { exchange, interaction, person, attempt } = step;
    const proofs = attempt?.proofs ?? [];
    const had = await this.methods.secondOf(
      person.sub,
      proofs.map(({ method }) => method),
    );
    const { acrs } = interaction.demand;
    const leading = had.filter(({ method }) => reaches(acrs, [...amrOf(proofs), ...method.amr, 'mfa']));
    const offers = await Promise.all(
      (leading.length > 0 ? leading : had).map(async ({ method }) => method.second!({ ...step, ...described(error) })),
    );
    const { client } = interaction.display;
    const page = SecondFactorPage({
      username: person.username,
      restartUrl: `/login?again=1&interaction=${encodeURIComponent(interaction.id)}`,
      offers: offers.map(({ view }) => view),
      scripts: scriptsOf(offers),
      client,
      ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
    });
    exchange.page(status, page, { imgSrc: client?.logoUrl ? [client.logoUrl] : [], ...this.scripts(offers) });
  }

  /** The page of the step again, with why. */
  async refused(step: CurrentStep, { status, message, more }: SignInRefused): Promise<void> {
    // RFC 9110 §15.5.2 wants a challenge with 401, but there is no HTTP scheme for a form, and browsers would ask by themselves.
    if (more.retryAfterSeconds !== undefined) step.exchange.setHeader('retry-after', String(more.retryAfterSeconds));
    const again = more.username === undefined ? step : { ...step, username: more.username };
    if (again.person && again.interaction) await this.second(again as SecondStep, status, message);
    else await this.first(again, status, message);
  }

  private scripts(offers: readonly Offer[]): { scripts?: string[] } {
    const paths = scriptsOf(offers);
    return paths.length > 0 ? { scripts: paths.map((path) => `${this.settings.origin}${path}`) } : {};
  }
}

function scriptsOf(offers: readonly Offer[]): string[] {
  return [...new Set(offers.flatMap((offer) => offer.scripts ?? []))];
}

function described(error: string | undefined): { describedBy?: string } {
  return error === undefined ? {} : { describedBy: REFUSAL_ID };
}
