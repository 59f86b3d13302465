import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Browser } from '../interactions/browser.js';
import type { Interaction } from '../interactions/interaction.js';
import { Interactions } from '../interactions/interactions.js';
import type { HttpExchange } from '../platform/http/exchange.js';
import { PageError } from '../platform/http/page-error.js';
import { LoginSettings } from './login.options.js';
import { SignInPage } from './pages/sign-in.page.js';

const Fields = z.object({
  username: z.string(),
  password: z.string(),
  csrf: z.string().optional(),
  interaction: z.string().optional(),
});

/** A form that our own page sent, whole and well-formed. Nothing in it is proved yet. */
export interface SubmittedForm {
  exchange: HttpExchange;
  username: string;
  password: string;
  /** The interaction that waits for this sign-in, if one does. */
  interaction?: Interaction;
}

/** What the page shows beyond the form itself. */
export interface SignInView {
  interaction?: Interaction;
  username?: string;
  error?: string;
}

/** The sign-in form on its way out and back: what it shows, and whether what comes back is ours. */
@Injectable()
export class SignInForm {
  constructor(
    private readonly browser: Browser,
    private readonly interactions: Interactions,
    private readonly settings: LoginSettings,
  ) {}

  show(exchange: HttpExchange, status: number, { interaction, username, error }: SignInView): void {
    const { client, loginHint } = interaction?.display ?? {};
    const page = SignInPage({
      action: '/login',
      csrfToken: this.browser.formToken(this.browser.identify(exchange), about(interaction?.id)),
      interaction: interaction?.id,
      username: username ?? loginHint,
      client,
      ...(error === undefined ? {} : { error, correlationId: exchange.correlationId }),
    });
    exchange.page(status, page, { imgSrc: client?.logoUrl ? [client.logoUrl] : [] });
  }

  /**
   * Reads what was posted.
   * @throws PageError 415 for anything but a form, 400 for missing, repeated or nested fields, 403 for a form that is not
   * this browser's own, 400 for an interaction that is no more.
   */
  async read(exchange: HttpExchange): Promise<SubmittedForm> {
    if (exchange.mediaType !== 'application/x-www-form-urlencoded') {
      throw new PageError(415, 'invalid_request', 'Sign-in takes a form, not this kind of content.');
    }
    const fields = Fields.safeParse(exchange.body);
    if (!fields.success) {
      const [parameter] = fields.error.issues[0]?.path ?? [];
      throw new PageError(
        400,
        'invalid_request',
        'A field of the form is missing or comes more than once.',
        parameter === undefined ? {} : { parameter: String(parameter) },
      );
    }
    const { username, password, csrf, interaction } = fields.data;
    if (!this.browser.isOwnForm(exchange, csrf, about(interaction), this.settings.origin)) {
      throw new PageError(
        403,
        'access_denied',
        'This form does not belong to this browser. Open the sign-in page again.',
      );
    }
    return { exchange, username, password, interaction: await this.find(exchange, interaction) };
  }

  /**
   * The interaction an id names, or undefined without an id.
   * @throws PageError when there is an id, but no living interaction of this browser.
   */
  async find(exchange: HttpExchange, id: string | undefined): Promise<Interaction | undefined> {
    if (id === undefined) return undefined;
    const interaction = await this.interactions.find(id, this.browser.find(exchange));
    if (interaction) return interaction;
    throw interactionExpired();
  }
}

/** What somebody sees who comes too late, twice, or with another browser. */
export function interactionExpired(): PageError {
  return new PageError(
    400,
    'interaction_expired',
    'This sign-in has expired, is finished, or began in another browser.',
    {
      parameter: 'interaction',
    },
  );
}

/** A form's token fits one interaction, so it cannot be carried from one sign-in into another. */
function about(interaction: string | undefined): string {
  return `login\0${interaction ?? ''}`;
}
