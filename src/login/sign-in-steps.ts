import { Injectable } from '@nestjs/common';
import { Browser } from '../interactions/browser.js';
import type { Attempt, Interaction } from '../interactions/interaction.js';
import { Interactions } from '../interactions/interactions.js';
import { Clock } from '../platform/clock.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { PageForm } from '../platform/http/page-form.js';
import { SignOnSessions } from '../sessions/sign-on-sessions.js';
import { DeviceTrust } from '../users/credentials/device-trust.js';
import { Users } from '../users/users.js';
import type { SecondStep, Step } from './login-method.js';
import { LoginSettings } from './login.options.js';

/** Between the first factor and the second; whoever takes longer begins again. */
const ATTEMPT_LIFETIME = 10 * 60_000;

/** The proof of a sign-in that builds upon the session of its browser. */
export const BY_SESSION = 'session';

/** For whoever cannot go on: they sign in at the start page, and are signed in at the application that they go to then. */
const TO_SIGN_IN = { href: '/login', text: 'Back to sign-in' };

/** A step, with the attempt behind it when it is not the first. */
export type CurrentStep = Step & { attempt?: Attempt };

/** Where a sign-in stands: read from the request on its way in, and from the form on its way back. */
@Injectable()
export class SignInSteps {
  constructor(
    private readonly browser: Browser,
    private readonly interactions: Interactions,
    private readonly users: Users,
    private readonly sessions: SignOnSessions,
    private readonly trust: DeviceTrust,
    private readonly clock: Clock,
    private readonly settings: LoginSettings,
  ) {}

  /** The step that a GET asks to see: by its `interaction`, the first or, with `second`, the one after it. */
  async shown(exchange: HttpExchange, { second = false } = {}): Promise<CurrentStep> {
    const ids = new URLSearchParams(exchange.query).getAll('interaction');
    if (ids.length > 1) {
      throw new PageError(400, 'invalid_request', 'A parameter comes more than once.', { parameter: 'interaction' });
    }
    const interaction = await this.find(exchange, ids[0]);
    return second ? this.second(exchange, interaction) : this.first(exchange, interaction);
  }

  /**
   * The step that a form belongs to, and the form.
   * @throws PageError 403 when the form is not this browser's own, for this step of this sign-in; 400 when the sign-in is no more.
   */
  async submitted(exchange: HttpExchange): Promise<{ step: CurrentStep; form: PageForm }> {
    const form = PageForm.of(exchange);
    const id = form.get('interaction');
    const attemptId = form.get('attempt');
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), about(id, attemptId), this.settings.origin)) {
      throw new PageError(
        403,
        'access_denied',
        'This form does not belong to this browser. Open the sign-in page again.',
        { way: TO_SIGN_IN },
      );
    }
    const interaction = await this.find(exchange, id);
    if (attemptId === undefined) return { step: this.first(exchange, interaction), form };
    const step = await this.second(exchange, interaction);
    // Somebody began again in another tab: what was proved for the earlier attempt is gone.
    if (step.attempt.id !== attemptId) throw interactionExpired();
    return { step, form };
  }

  /** The first step of the sign-in that an id names, which came from nobody but us. @throws PageError when it is no more. */
  async at(exchange: HttpExchange, id: string | undefined): Promise<CurrentStep> {
    return this.first(exchange, await this.find(exchange, id));
  }

  first(exchange: HttpExchange, interaction?: Interaction): CurrentStep {
    return {
      exchange,
      at: this.clock.now(),
      ...(interaction ? { interaction } : {}),
      hidden: {
        csrf: this.browser.formToken(this.browser.identify(exchange), about(interaction?.id)),
        interaction: interaction?.id,
      },
    };
  }

  /** @throws PageError when nobody proved a first factor for this interaction, or too long ago. */
  async second(exchange: HttpExchange, interaction?: Interaction): Promise<SecondStep & { attempt: Attempt }> {
    const attempt = interaction?.attempt;
    if (!attempt || attempt.startedAt + ATTEMPT_LIFETIME <= this.clock.now()) throw interactionExpired();
    const person = await this.users.findBySubject(attempt.subject);
    if (!person || person.disabled || !(await this.stillCounts(exchange, attempt))) throw interactionExpired();
    exchange.settle(person.claims);
    const csrf = this.browser.formToken(this.browser.identify(exchange), about(interaction.id, attempt.id));
    return {
      exchange,
      at: this.clock.now(),
      interaction,
      attempt,
      person,
      hidden: { csrf, interaction: interaction.id, attempt: attempt.id },
    };
  }

  /** Not once the person's password is another, or they signed out everywhere, or the session that it builds upon has ended. */
  private async stillCounts(exchange: HttpExchange, { subject, proofs, startedAt, ending }: Attempt): Promise<boolean> {
    const proved = { at: startedAt, ...(ending === undefined ? {} : { ending }) };
    if (await this.trust.hasEnded(subject, proved)) return false;
    if (!proofs.some(({ method }) => method === BY_SESSION)) return true;
    return (await this.sessions.resumeFrom(exchange))?.session.subject === subject;
  }

  /**
   * The interaction an id names, or undefined without an id.
   * @throws PageError when there is an id, but no living interaction of this browser.
   */
  private async find(exchange: HttpExchange, id: string | undefined): Promise<Interaction | undefined> {
    if (id === undefined) return undefined;
    const interaction = await this.interactions.find(id, this.browser.find(exchange));
    if (interaction) {
      exchange.speak(interaction.display.locales);
      exchange.dressFor(interaction.display.client);
      return interaction;
    }
    throw interactionExpired();
  }
}

/** What somebody sees who comes too late, twice, or with another browser. */
export function interactionExpired(): PageError {
  return new PageError(
    400,
    'interaction_expired',
    'This sign-in has expired, is finished, or began in another browser.',
    { parameter: 'interaction', way: TO_SIGN_IN },
  );
}

/** A form's token fits one step of one sign-in, so it cannot be carried into another. */
function about(interaction: string | undefined, attempt?: string): string {
  return `login\0${interaction ?? ''}${attempt === undefined ? '' : `\0${attempt}`}`;
}
