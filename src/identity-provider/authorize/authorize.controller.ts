import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { Browser } from '../../interactions/browser.js';
import { Interactions } from '../../interactions/interactions.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters, queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { PageError } from '../../platform/http/page-error.js';
import { repeatAsGet } from '../../platform/http/repeat-as-get.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { AuthorizationFlow, interactionExpired, type PutAside, RESUME_PATH } from './authorization-flow.js';
import { AuthorizationRequests } from './authorization-requests.js';
import { RequestParameters } from './request-parameters.js';

/** The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2). */
@Controller({ path: 'authorize', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class AuthorizeController {
  constructor(
    private readonly flow: AuthorizationFlow,
    private readonly parameters: RequestParameters,
    private readonly requests: AuthorizationRequests,
    private readonly clients: Clients,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
  ) {}

  @All()
  async authorize(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    const parameters = exchange.method === 'POST' ? formParameters(exchange) : queryParameters(exchange);
    if (repeatAsGet(exchange, parameters)) return;
    const clientId = parameters.require('client_id');
    const visit = await this.flow.visit(exchange, clientId);
    const client = known(await this.clients.findSeen(clientId, visit.client));
    const counted = await this.parameters.count(parameters, client);
    const target = this.requests.target(counted, client);
    let aside: PutAside;
    try {
      aside = await this.requests.check(counted, client, target);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      this.flow.refuse(exchange, target, error);
      return;
    }
    await this.flow.proceed(exchange, client, aside, await this.flow.locate(exchange, client, aside, { visit }));
  }

  /** Where login and consent return to. */
  @All('resume')
  async resume(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET');
    const id = queryParameters(exchange).get('interaction');
    const interaction = await this.interactions.find(id, this.browser.find(exchange));
    if (interaction?.resumePath !== RESUME_PATH) throw interactionExpired();
    const aside = interaction.payload as PutAside;
    const client = await this.clients.find(aside.request.clientId);
    // It may have been disabled, or have lost the redirect URI or the response type, while the person was signing in.
    if (!client || client.disabled || !this.requests.isStillRight(aside.request, client)) throw interactionExpired();
    const position = await this.flow.locate(exchange, client, aside, { interaction });
    await this.flow.proceed(exchange, client, aside, position, interaction);
  }
}

/** An unknown and a disabled client look the same. @throws PageError: with a wrong client nothing is ever redirected. */
function known(client: Client | undefined): Client {
  if (!client || client.disabled) {
    throw new PageError(400, 'invalid_client', 'The application is not known here.', { parameter: 'client_id' });
  }
  return client;
}
