import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { checkResources } from '../../../authorizations/audience.js';
import { TokenIssuer, type TokenSet } from '../../../authorizations/token-issuer.js';
import { registeredScopes } from '../../../clients/client-metadata.js';
import { type Client, isPublic } from '../../../clients/client.js';
import { Resources } from '../../../clients/resources.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import type { Parameters } from '../../../protocol/parameters.js';
import { invalidScope, isCovered, parseScope, STANDARD_SCOPES } from '../../../protocol/scope.js';
import { SIGNAL_SCOPES } from '../../../protocol/security-event.js';
import { type Grant, GrantType } from '../grant.js';

const parameters = z.object({ scope: z.string().optional(), resource: z.array(z.string()) });

/** RFC 6749 §4.4: a client on its own behalf. No person, so no ID token and no refresh token. */
@Injectable()
@GrantType('client_credentials')
export class ClientCredentialsGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;

  constructor(
    private readonly tokens: TokenIssuer,
    private readonly resources: Resources,
  ) {}

  /** Every client that people registered, and that can prove who it is, may read what is told about its own tokens. */
  isOpenTo(asked: Parameters, client: Client): boolean {
    const scopes = parseScope(asked.get('scope'));
    return scopes.length > 0 && isCovered(scopes, signalScopes(client));
  }

  async grant({ scope, resource }: z.infer<typeof parameters>, client: Client): Promise<TokenSet> {
    if (isPublic(client)) throw new OAuthError('unauthorized_client', 'a public client cannot act on its own behalf');
    const allowed = registeredScopes(client.metadata).filter(
      (one) => !(STANDARD_SCOPES as readonly string[]).includes(one),
    );
    const wanted = scope === undefined ? allowed : parseScope(scope);
    if (!isCovered(wanted, [...allowed, ...signalScopes(client)]))
      throw invalidScope('scope asks for something that this client may not have');
    return this.tokens.issueForClient(client, wanted, checkResources(resource, await this.resources.list()));
  }
}

function signalScopes(client: Client): readonly string[] {
  return client.policy.dynamic || isPublic(client) ? [] : SIGNAL_SCOPES;
}
