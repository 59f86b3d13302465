import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Authorization } from '../../../authorizations/authorization.js';
import { Authorizations } from '../../../authorizations/authorizations.js';
import { type CurrentRefreshToken, RefreshTokens } from '../../../authorizations/refresh-tokens.js';
import { TokenIssuer, type TokenSet } from '../../../authorizations/token-issuer.js';
import { registeredScopes } from '../../../clients/client-metadata.js';
import type { Client } from '../../../clients/client.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import { type User, Users } from '../../../users/users.js';
import { type Grant, GrantType } from '../grant.js';
import { narrowResources, narrowScopes } from '../narrow.js';

const parameters = z.object({
  refresh_token: z.string().max(1024),
  scope: z.string().optional(),
  resource: z.array(z.string()),
});

/** A rotation loses against another at most once per generation; after this many the server is at fault. */
const MOST_TRIES = 5;

/** RFC 6749 §6 with rotation (RFC 9700 §4.14.2): every use gives a new token, a used one ends the family. */
@Injectable()
@GrantType('refresh_token')
export class RefreshTokenGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;

  constructor(
    private readonly refreshTokens: RefreshTokens,
    private readonly authorizations: Authorizations,
    private readonly tokens: TokenIssuer,
    private readonly users: Users,
  ) {}

  async grant(presented: z.infer<typeof parameters>, client: Client): Promise<TokenSet> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const found = await this.refreshTokens.inspect(presented.refresh_token);
      if (!found) throw invalidGrant('unknown');
      const { authorization } = found;
      if (authorization.clientId !== client.id) throw invalidGrant('it is not this client’s');
      switch (found.state) {
        case 'dead':
          throw invalidGrant('expired, revoked, or its session has ended');
        case 'reused':
          await this.authorizations.revoke({ authorization: authorization.id }, 'refresh_reused');
          throw invalidGrant('it was used before; the whole family is revoked');
        case 'repeated':
          await this.personOf(found);
          return JSON.parse(found.answer) as TokenSet;
        case 'current': {
          const answer = await this.rotate(presented, client, found, await this.personOf(found));
          if (answer) return answer;
        }
      }
    }
    throw new OAuthError('temporarily_unavailable', 'try again', { retryAfterSeconds: 1 });
  }

  /** The answer, or undefined when another request rotated first: then that one's answer is found. */
  private async rotate(
    presented: z.infer<typeof parameters>,
    client: Client,
    { authorization, position }: CurrentRefreshToken,
    user: User,
  ): Promise<TokenSet | undefined> {
    const registered = registeredScopes(client.metadata);
    // What was taken away from the client since then is not renewed.
    const scopes = authorization.scopes.filter((scope) => registered.includes(scope));
    if (scopes.length === 0) throw invalidGrant('the client may have none of its scopes any more');
    const successor = this.refreshTokens.make(authorization.id);
    const answer = await this.tokens.issue({
      client,
      user,
      authorization,
      position,
      scopes: narrowScopes(presented.scope, scopes),
      resources: narrowResources(presented.resource, authorization.resources),
      refreshToken: successor.token,
    });
    const rotated = await this.refreshTokens.rotate(presented.refresh_token, successor, JSON.stringify(answer));
    return rotated ? answer : undefined;
  }

  /** @throws OAuthError invalid_grant */
  private async personOf(found: { authorization: Authorization; userVersion?: string }): Promise<User> {
    const user = await this.users.findBySubject(found.authorization.subject, found.userVersion);
    if (!user || user.disabled) throw invalidGrant('its person is gone or disabled');
    return user;
  }
}

/** One public sentence for all causes; the cause goes to the log. */
function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', 'the refresh token is not valid: unknown, expired, used or revoked', {
    parameter: 'refresh_token',
    detail,
  });
}
