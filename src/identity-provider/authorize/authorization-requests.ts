import { Injectable } from '@nestjs/common';
import { TokenIssuer } from '../../authorizations/token-issuer.js';
import type { Client } from '../../clients/client.js';
import { Resources } from '../../clients/resources.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { isRegisteredRedirectUri } from '../../protocol/redirect-uri.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { isRegisteredType, servesOlderFlows } from '../older-flows.js';
import type { PutAside } from './authorization-flow.js';
import {
  type AuthorizationRequest,
  parseAuthorizationRequest,
  responseModeOf,
  type ResponseTarget,
  stateOf,
} from './authorization-request.js';
import { IdTokenHints } from './id-token-hint.js';
import type { CountedParameters } from './request-parameters.js';

/** Checks authorization requests, wherever they come in: at the authorization endpoint or pushed. */
@Injectable()
export class AuthorizationRequests {
  constructor(
    private readonly resources: Resources,
    private readonly tokens: TokenIssuer,
    private readonly hints: IdTokenHints,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** Where the answer goes. @throws OAuthError that must not be redirected: there is nowhere to go. */
  target({ parameters, problem }: CountedParameters, client: Client): ResponseTarget {
    const redirectUri = parameters.has('redirect_uri') || !problem ? parameters.require('redirect_uri') : undefined;
    // What is wrong with the object is why nobody knows where to go.
    if (redirectUri === undefined) throw problem!;
    if (!isItsRedirectUri(redirectUri, client)) {
      throw invalidRequest('The redirect_uri is not registered for this application.', 'redirect_uri');
    }
    const state = stateOf(parameters);
    const responseMode = responseModeOf(parameters, servesOlderFlows(client, this.settings.policy));
    return { clientId: client.id, redirectUri, responseMode, ...(state === undefined ? {} : { state }) };
  }

  /** @throws OAuthError; one that belongs to the client when `target` is given, which was settled before. */
  async check(
    counted: CountedParameters,
    client: Client,
    target: ResponseTarget = this.target(counted, client),
  ): Promise<PutAside> {
    const { parameters, problem, once } = counted;
    if (problem) throw problem;
    const resources = await this.resources.list();
    const request = parseAuthorizationRequest(parameters, target, { client, resources, preset: this.settings.policy });
    // Better now than when the code is redeemed: do the scopes and resources go together, can its ID token be made?
    await this.tokens.lifetimeSeconds(request.scopes, request.resources);
    await this.tokens.prepare(client, request.scopes);
    const aside = { request, ...(once ? { once } : {}) };
    if (request.idTokenHint === undefined) return aside;
    const hint = await this.hints.read(request.idTokenHint);
    if (!hint) throw invalidRequest('id_token_hint is not an ID token of this provider', 'id_token_hint');
    return { ...aside, hint: { subject: hint.subject, clientId: hint.clientId } };
  }

  /** Whether the client may still be answered so: its registration may have changed since the request was checked. */
  isStillRight({ redirectUri, responseType, responseMode }: AuthorizationRequest, client: Client): boolean {
    const isOlder = responseType !== 'code' || responseMode !== 'query';
    return (
      isItsRedirectUri(redirectUri, client) &&
      isRegisteredType(responseType, client) &&
      (!isOlder || servesOlderFlows(client, this.settings.policy))
    );
  }
}

function isItsRedirectUri(redirectUri: string, { metadata }: Client): boolean {
  return isRegisteredRedirectUri(redirectUri, metadata.redirect_uris, metadata.application_type);
}
