import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { TokenIssuer } from '../../authorizations/token-issuer.js';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { Resources } from '../../clients/resources.js';
import { Browser } from '../../interactions/browser.js';
import { Interactions } from '../../interactions/interactions.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters, queryParameters } from '../../platform/http/form.js';
import { allowMethods } from '../../platform/http/methods.js';
import { PageError } from '../../platform/http/page-error.js';
import { repeatAsGet } from '../../platform/http/repeat-as-get.js';
import { PageErrorFilter } from '../../platform/http/page-error.filter.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { isRegisteredRedirectUri } from '../../protocol/redirect-uri.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { isRegisteredType, servesOlderFlows } from '../older-flows.js';
import { AuthorizationFlow, interactionExpired, type PutAside, RESUME_PATH } from './authorization-flow.js';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  responseModeOf,
  type ResponseTarget,
  stateOf,
} from './authorization-request.js';
import { IdTokenHints } from './id-token-hint.js';
import { type CountedParameters, RequestParameters } from './request-parameters.js';

/** The authorization endpoint (RFC 6749 §3.1, OpenID Connect Core §3.1.2). */
@Controller({ path: 'authorize', version: VERSION_NEUTRAL })
@UseFilters(PageErrorFilter)
export class AuthorizeController {
  constructor(
    private readonly flow: AuthorizationFlow,
    private readonly requests: RequestParameters,
    private readonly clients: Clients,
    private readonly resources: Resources,
    private readonly tokens: TokenIssuer,
    private readonly hints: IdTokenHints,
    private readonly interactions: Interactions,
    private readonly browser: Browser,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All()
  async authorize(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'GET', 'POST');
    const parameters = exchange.method === 'POST' ? formParameters(exchange) : queryParameters(exchange);
    if (repeatAsGet(exchange, parameters)) return;
    const client = await this.clientOf(parameters);
    const counted = await this.requests.count(parameters, client);
    const target = this.targetOf(counted.parameters, client);
    let aside: PutAside;
    try {
      aside = await this.check(counted, target, client);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      this.flow.refuse(exchange, target, error);
      return;
    }
    await this.flow.proceed(exchange, client, aside, await this.flow.locate(exchange, client, aside));
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
    if (!client || client.disabled || !this.isStillRight(aside.request, client)) throw interactionExpired();
    const position = await this.flow.locate(exchange, client, aside, interaction);
    await this.flow.proceed(exchange, client, aside, position, interaction);
  }

  /** An unknown and a disabled client look the same. @throws PageError: with a wrong client nothing is ever redirected. */
  private async clientOf(parameters: Parameters): Promise<Client> {
    const id = local(parameters, 'client_id');
    const client = await this.clients.find(id);
    if (!client || client.disabled) {
      throw new PageError(400, 'invalid_client', 'The application is not known here.', { parameter: 'client_id' });
    }
    return client;
  }

  /** @throws PageError when the redirect URI is not registered: the answer stays here. */
  private targetOf(parameters: Parameters, client: Client): ResponseTarget {
    const redirectUri = local(parameters, 'redirect_uri');
    if (!isItsRedirectUri(redirectUri, client)) {
      throw new PageError(400, 'invalid_request', 'The redirect_uri is not registered for this application.', {
        parameter: 'redirect_uri',
      });
    }
    const state = stateOf(parameters);
    const responseMode = responseModeOf(parameters, servesOlderFlows(client, this.settings.policy));
    return { clientId: client.id, redirectUri, responseMode, ...(state === undefined ? {} : { state }) };
  }

  private isStillRight({ redirectUri, responseType, responseMode }: AuthorizationRequest, client: Client): boolean {
    const isOlder = responseType !== 'code' || responseMode !== 'query';
    return (
      isItsRedirectUri(redirectUri, client) &&
      isRegisteredType(responseType, client) &&
      (!isOlder || servesOlderFlows(client, this.settings.policy))
    );
  }

  private async check(counted: CountedParameters, target: ResponseTarget, client: Client): Promise<PutAside> {
    const { parameters, problem, once } = counted;
    if (problem) throw problem;
    const resources = await this.resources.list();
    const request = parseAuthorizationRequest(parameters, target, {
      client,
      resources,
      preset: this.settings.policy,
    });
    // Better now than when the code is redeemed: do the scopes and resources go together, can its ID token be made?
    await this.tokens.lifetimeSeconds(request.scopes, request.resources);
    await this.tokens.prepare(client, request.scopes);
    const aside = { request, ...(once ? { once } : {}) };
    if (request.idTokenHint === undefined) return aside;
    const hint = await this.hints.read(request.idTokenHint);
    if (!hint) {
      throw new OAuthError('invalid_request', 'id_token_hint is not an ID token of this provider', {
        parameter: 'id_token_hint',
      });
    }
    return { ...aside, hint: { subject: hint.subject, clientId: hint.clientId } };
  }
}

function isItsRedirectUri(redirectUri: string, { metadata }: Client): boolean {
  return isRegisteredRedirectUri(redirectUri, metadata.redirect_uris, metadata.application_type);
}

/** A parameter without which nobody can be redirected. */
function local(parameters: Parameters, name: string): string {
  try {
    return parameters.require(name);
  } catch (error) {
    throw new PageError(400, 'invalid_request', `The parameter ${name} is missing or comes more than once.`, {
      parameter: name,
      detail: String(error),
    });
  }
}
