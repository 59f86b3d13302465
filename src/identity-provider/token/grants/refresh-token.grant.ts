import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Authorization } from '../../../authorizations/authorization.js';
import { Authorizations } from '../../../authorizations/authorizations.js';
import { type CurrentRefreshToken, RefreshTokens } from '../../../authorizations/refresh-tokens.js';
import { TokenIssuer, type TokenSet, type TokensFor } from '../../../authorizations/token-issuer.js';
import { registeredScopes } from '../../../clients/client-metadata.js';
import type { Client } from '../../../clients/client.js';
import type { KnownClient } from '../../../clients/clients.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import { type User, Users } from '../../../users/users.js';
import { type Grant, GrantType } from '../grant.js';
import { narrowResources, narrowScopes } from '../narrow.js';

const parameters = z.object({
  refresh_token: z.string().max(1024),
  scope: z.string().optional(),
  resource: z.array(z.string()),
});

type Presented = z.infer<typeof parameters>;

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

  async grant(presented: Presented, client: Client): Promise<TokenSet> {
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

  async attempt(presented: Presented, known: KnownClient): Promise<TokenSet | undefined> {
    const family = this.refreshTokens.recall(presented.refresh_token);
    const person = family && this.users.recall?.(family.authorization.subject);
    if (!person) return this.attemptRead(presented, known);
    if (person.user.disabled || family.authorization.clientId !== known.client.id) return undefined;
    const { authorization, position } = family;
    const successor = this.refreshTokens.make(authorization.id);
    const use = { client: known.client, user: person.user, authorization, position, refreshToken: successor.token };
    const answer = await this.answer(presented, use).catch(undefinedIfRefused);
    if (!answer) return undefined;
    const seen = { ...family, versions: { client: known.version, user: person.version } };
    const text = JSON.stringify(answer);
    const rotated = await this.refreshTokens.rotateIfSeen(presented.refresh_token, successor, text, seen);
    return rotated ? answer : undefined;
  }

  /** As {@link attempt}, for a family that is not in memory: reading it tells, too, whether the client is still the same. */
  private async attemptRead(presented: Presented, { client, version }: KnownClient): Promise<TokenSet | undefined> {
    const found = await this.refreshTokens.inspect(presented.refresh_token);
    if (found?.state !== 'current' || found.clientVersion !== version) return undefined;
    if (found.authorization.clientId !== client.id) return undefined;
    return this.rotate(presented, client, found, await this.personOf(found));
  }

  /** The answer, or undefined when another request rotated first: then that one's answer is found. */
  private async rotate(
    presented: Presented,
    client: Client,
    { authorization, position }: CurrentRefreshToken,
    user: User,
  ): Promise<TokenSet | undefined> {
    const successor = this.refreshTokens.make(authorization.id);
    const use = { client, user, authorization, position, refreshToken: successor.token };
    const answer = await this.answer(presented, use);
    const rotated = await this.refreshTokens.rotate(presented.refresh_token, successor, JSON.stringify(answer));
    return rotated ? answer : undefined;
  }

  /** What the client gets if the rotation succeeds. @throws OAuthError */
  private async answer(
    presented: Presented,
    use: Omit<TokensFor, 'scopes' | 'resources' | 'nonce'>,
  ): Promise<TokenSet> {
    const { authorization, client } = use;
    const registered = registeredScopes(client.metadata);
    // What was taken away from the client since then is not renewed.
    const scopes = authorization.scopes.filter((scope) => registered.includes(scope));
    if (scopes.length === 0) throw invalidGrant('the client may have none of its scopes any more');
    return this.tokens.issue({
      ...use,
      scopes: narrowScopes(presented.scope, scopes),
      resources: narrowResources(presented.resource, authorization.resources),
    });
  }

  /** @throws OAuthError invalid_grant */
  private async personOf(found: { authorization: Authorization; userVersion?: string }): Promise<User> {
    const user = await this.users.findBySubject(found.authorization.subject, found.userVersion);
    if (!user || user.disabled) throw invalidGrant('its person is gone or disabled');
    return user;
  }
}

/** What is wrong is found out, and said, the long way. */
function undefinedIfRefused(error: unknown): undefined {
  if (error instanceof OAuthError) return undefined;
  throw error;
}

/** One public sentence for all causes; the cause goes to the log. */
function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', 'the refresh token is not valid: unknown, expired, used or revoked', {
    parameter: 'refresh_token',
    detail,
  });
}
