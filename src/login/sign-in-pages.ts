import { Injectable } from '@nestjs/common';
import type { SecondStep, Step } from './login-method.js';
import { LoginMethods } from './login-methods.js';
import { LoginSettings } from './login.options.js';
import { amrOf, reaches } from './next-factor.js';
import { REFUSAL_ID } from './pages/refusal.js';
import { SecondFactorPage } from './pages/second-factor.page.js';
import { SignInPage } from './pages/sign-in.page.js';
import type { CurrentStep } from './sign-in-steps.js';
import type { SignInRefused } from './sign-in-refused.js';

/** Puts the pages of the steps together from what the methods offer. */
@Injectable()
export class SignInPages {
  constructor(
    private readonly methods: LoginMethods,
    private readonly settings: LoginSettings,
  ) {}

  first(step: Step, status: number, error?: string): void {
    const { exchange, interaction } = step;
    const { client, loginHint } = interaction?.display ?? {};
    const username = step.username ?? loginHint;
    const shown = { ...step, ...described(error), ...(username === undefined ? {} : { username }) };
    const offers = this.methods.first.flatMap(({ method }) => method.first!(shown) ?? []);
    const page = SignInPage({
      offers: offers.map(({ view }) => view),
      client,
      ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
    });
    const scripts = offers.flatMap((offer) => offer.scripts ?? []);
    exchange.page(status, page, { imgSrc: client?.logoUrl ? [client.logoUrl] : [], ...this.scripts(scripts) });
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
    const offers = (leading.length > 0 ? leading : had).map(({ method }) =>
      method.second!({ ...step, ...described(error) }),
    );
    const { client } = interaction.display;
    const page = SecondFactorPage({
      username: person.username,
      restartUrl: `/login?again=1&interaction=${encodeURIComponent(interaction.id)}`,
      offers: offers.map(({ view }) => view),
      client,
      ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
    });
    const scripts = offers.flatMap((offer) => offer.scripts ?? []);
    exchange.page(status, page, { imgSrc: client?.logoUrl ? [client.logoUrl] : [], ...this.scripts(scripts) });
  }

  /** The page of the step again, with why. */
  async refused(step: CurrentStep, { status, message, more }: SignInRefused): Promise<void> {
    // RFC 9110 §15.5.2 wants a challenge with 401, but there is no HTTP scheme for a form, and browsers would ask by themselves.
    if (more.retryAfterSeconds !== undefined) step.exchange.setHeader('retry-after', String(more.retryAfterSeconds));
    const again = more.username === undefined ? step : { ...step, username: more.username };
    if (again.person && again.interaction) await this.second(again as SecondStep, status, message);
    else this.first(again, status, message);
  }

  private scripts(paths: string[]): { scripts?: string[] } {
    return paths.length > 0 ? { scripts: [...new Set(paths)].map((path) => `${this.settings.origin}${path}`) } : {};
  }
}

function described(error: string | undefined): { describedBy?: string } {
  return error === undefined ? {} : { describedBy: REFUSAL_ID };
}
