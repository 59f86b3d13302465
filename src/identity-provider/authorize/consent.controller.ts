import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { h } from 'preact';
import { Audit, originOf } from '../../audit/audit.js';
import { audienceOf } from '../../authorizations/audience.js';
import { Consents } from '../../authorizations/consents.js';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import { Browser } from '../../interactions/browser.js';
import type { Interaction } from '../../interactions/interaction.js';
import { Interactions } from '../../interactions/interactions.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters, queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { PageError } from '../../platform/http/page-error.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import type { ClientView } from '../../platform/pages/client-view.js';
import type { User } from '../../users/users.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { shownClient } from '../shown-client.js';
import { ConsentPage } from '../pages/consent.page.js';
import { AuthorizationFlow, interactionExpired, type PutAside, RESUME_PATH } from './authorization-flow.js';
import { scopesToAllow } from './authorization-request.js';
import { describeScopes } from './scope-descriptions.js';

/** An authorization request that waits for this person's consent, and for nothing before it. */
interface Waiting {
  interaction: Interaction;
  aside: PutAside;
  client: Client;
  user: User;
}

/** Asks the person in front of the browser whether the client may (OpenID Connect Core §3.1.2.4). */
@Controller({ path: 'consent', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class ConsentController {
  constructor(
    private readonly flow: AuthorizationFlow,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly clients: Clients,
    private readonly consents: Consents,
    private readonly audit: Audit,
    private readonly resources: Resources,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All()
  async consent(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    if (exchange.method === 'GET') await this.show(exchange);
    else await this.decide(exchange);
  }

  private async show(exchange: HttpExchange): Promise<void> {
    const waiting = await this.waiting(exchange, queryParameters(exchange).get('interaction'));
    if (!waiting) return;
    const { interaction, aside, client, user } = waiting;
    const { scopes, resources } = aside.request;
    const { audience } = audienceOf(scopes, resources, await this.resources.list(), this.settings.issuer);
    const name = user.claims['name'];
    exchange.page(
      200,
      h(ConsentPage, {
        action: '/consent',
        csrfToken: this.browser.formToken(this.browser.identify(exchange), aboutForm(interaction, user)),
        interaction: interaction.id,
        client: this.viewOf(client, aside),
        user: { name: typeof name === 'string' ? name : user.username, username: user.username },
        scopes: describeScopes(scopesToAllow(aside.request)),
        resources: audience.filter((one) => one !== this.settings.issuer),
      }),
    );
  }

  private async decide(exchange: HttpExchange): Promise<void> {
    const form = formParameters(exchange);
    const waiting = await this.waiting(exchange, form.get('interaction'));
    if (!waiting) return;
    const { interaction, aside, client, user } = waiting;
    if (!this.browser.isOwnForm(exchange, form.get('csrf'), aboutForm(interaction, user), this.settings.issuer)) {
      throw new PageError(403, 'csrf', 'This form was not sent from our own page. Go back and try again.');
    }
    const answer = form.get('decision');
    if (answer !== 'allow' && answer !== 'deny') {
      throw new PageError(400, 'invalid_request', 'The form holds no decision.', { parameter: 'decision' });
    }
    if (answer === 'allow') {
      const scopes = scopesToAllow(aside.request);
      const event = { name: 'consent_given', subject: user.sub, client: client.id, scopes } as const;
      await this.consents.grant(user.sub, client.id, scopes, (transaction) =>
        this.audit.record(event, originOf(exchange), transaction),
      );
    }
    const decision = { subject: user.sub, answer };
    const next = await this.interactions.note(interaction.id, this.browser.identify(exchange), { decision });
    if (next === undefined) throw interactionExpired();
    exchange.redirect(next);
  }

  private viewOf(client: Client, { request }: PutAside): ClientView {
    return shownClient(client, this.settings, request.redirectUri);
  }

  /** The request that waits; undefined when it waits for something else, and the browser was sent there. */
  private async waiting(exchange: HttpExchange, id: string | undefined): Promise<Waiting | undefined> {
    const interaction = await this.interactions.find(id, this.browser.find(exchange));
    if (interaction?.resumePath !== RESUME_PATH) throw interactionExpired();
    exchange.speak(interaction.display.locales);
    const aside = interaction.payload as PutAside;
    const client = await this.clients.find(aside.request.clientId);
    if (!client || client.disabled) throw interactionExpired();
    exchange.dressFor(this.viewOf(client, aside));
    const { step, user } = await this.flow.locate(exchange, client, aside, { interaction });
    if (step === 'consent' && user) {
      exchange.settle(user.claims);
      return { interaction, aside, client, user };
    }
    if (exchange.method === 'POST') {
      throw new PageError(
        400,
        'invalid_request',
        'This sign-in is not waiting for a decision. Go back and start again.',
      );
    }
    exchange.redirect(`${RESUME_PATH}?interaction=${encodeURIComponent(interaction.id)}`);
    return undefined;
  }
}

function aboutForm(interaction: Interaction, user: User): string {
  return `consent\0${interaction.id}\0${user.sub}`;
}
