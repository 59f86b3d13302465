import { earliest } from '../../../protocol/position.js';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Authorization } from '../../../authorizations/authorization.js';
import { AuthorizationCodes, type LentCode, LONGEST_CODE } from '../../../authorizations/authorization-code.js';
import { Authorizations } from '../../../authorizations/authorizations.js';
import { type NewRefreshToken, RefreshTokens } from '../../../authorizations/refresh-tokens.js';
import { TokenIssuer, type TokenSet, type TokensFor } from '../../../authorizations/token-issuer.js';
import type { Client } from '../../../clients/client.js';
import type { KnownClient } from '../../../clients/clients.js';
import { Clock } from '../../../platform/clock.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import { isCodeVerifier, verifierFits } from '../../../protocol/pkce.js';
import { Users } from '../../../users/users.js';
import { type Grant, GrantType } from '../grant.js';
import { narrowResources } from '../narrow.js';

const parameters = z.object({
  code: z.string().max(LONGEST_CODE),
  redirect_uri: z.string().max(2000).optional(),
  code_verifier: z.string().optional(),
  resource: z.array(z.string()),
});

/** Whom the tokens of a redeemed code are for, and what they are made with. */
type Redeemed = Pick<TokensFor, 'client' | 'user' | 'position' | 'resources'> & {
  refreshToken: NewRefreshToken | undefined;
};

/** RFC 6749 §4.1.3 with PKCE: a code lent at /authorize comes back to be redeemed, once. */
@Injectable()
@GrantType('authorization_code')
export class AuthorizationCodeGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;

  constructor(
    private readonly codes: AuthorizationCodes,
    private readonly authorizations: Authorizations,
    private readonly refreshTokens: RefreshTokens,
    private readonly tokens: TokenIssuer,
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  async grant(presented: z.infer<typeof parameters>, client: Client): Promise<TokenSet> {
    const code = this.codes.open(presented.code);
    if (!code) throw invalidGrant('it was not made here');
    const { authorization } = code;
    const user = await this.users.findBySubject(authorization.subject);
    const problem = user && !user.disabled ? this.problem(code, presented, client) : 'its person is gone or disabled';
    if (!user || problem !== undefined) {
      // Any presentation spends the code: a thief gets one try. It is committed before the error is thrown.
      await this.authorizations.burn(authorization);
      throw invalidGrant(problem!);
    }
    const resources = await this.narrowed(presented.resource, authorization);
    const refreshToken = this.refreshTokenFor(client, authorization);
    await this.tokens.prepare(client, authorization.scopes);
    const accessTokenSeconds = await this.tokens.lifetimeSeconds(authorization.scopes, resources);
    const position = await this.authorizations.redeem(authorization, accessTokenSeconds, refreshToken);
    if (position === undefined) {
      await this.authorizations.burn(authorization, 'code_reused');
      throw invalidGrant('it was used before, or its session has ended');
    }
    // The client was read before the person: whatever changed about them since ends this token.
    const earlier = earliest([client.position, position])!;
    return this.tokensOf(code, { client, user, position: earlier, resources, refreshToken });
  }

  async attempt(
    presented: z.infer<typeof parameters>,
    { client, version }: KnownClient,
  ): Promise<TokenSet | undefined> {
    const code = presented.resource.length === 0 ? this.codes.open(presented.code) : undefined;
    const known = code && this.users.recall?.(code.authorization.subject);
    if (!known || known.user.disabled || this.problem(code, presented, client) !== undefined) return undefined;
    const { authorization } = code;
    const refreshToken = this.refreshTokenFor(client, authorization);
    await this.tokens.prepare(client, authorization.scopes);
    const accessTokenSeconds = await this.tokens.lifetimeSeconds(authorization.scopes, authorization.resources);
    const seen = { client: version, user: known.version };
    const position = await this.authorizations.redeemIfSeen(authorization, accessTokenSeconds, refreshToken, seen);
    if (position === undefined) return undefined;
    return this.tokensOf(code, {
      client,
      user: known.user,
      position,
      resources: authorization.resources,
      refreshToken,
    });
  }

  private refreshTokenFor({ metadata }: Client, { id }: Authorization): NewRefreshToken | undefined {
    return metadata.grant_types.includes('refresh_token') ? this.refreshTokens.make(id) : undefined;
  }

  private tokensOf({ authorization, nonce }: LentCode, { refreshToken, ...rest }: Redeemed): Promise<TokenSet> {
    return this.tokens.issue({
      ...rest,
      authorization,
      ...(nonce === undefined ? {} : { nonce }),
      ...(refreshToken ? { refreshToken: refreshToken.token } : {}),
    });
  }

  private async narrowed(wanted: readonly string[], authorization: Authorization): Promise<string[]> {
    try {
      return narrowResources(wanted, authorization.resources);
    } catch (error) {
      await this.authorizations.burn(authorization);
      throw error;
    }
  }

  private problem(code: LentCode, presented: z.infer<typeof parameters>, client: Client): string | undefined {
    if (code.authorization.clientId !== client.id) return 'it is not this client’s';
    if (code.expiresAt <= this.clock.seconds()) return 'it has expired';
    if (presented.redirect_uri === undefined || !code.isRedirectUri(presented.redirect_uri)) {
      return 'redirect_uri is not the one of the authorization request';
    }
    const { code_verifier: verifier } = presented;
    // RFC 9700 §4.8.2: a verifier without a challenge is a downgrade, too.
    if (code.codeChallenge === undefined) return verifier === undefined ? undefined : 'there was no code_challenge';
    if (verifier === undefined) return 'code_verifier is missing';
    if (!isCodeVerifier(verifier) || !verifierFits(verifier, code.codeChallenge)) return 'code_verifier does not fit';
    return undefined;
  }
}

/** One public sentence for all causes; the cause goes to the log. */
function invalidGrant(detail: string): OAuthError {
  return new OAuthError(
    'invalid_grant',
    'the code is not valid: unknown, expired, used, or not meant for this request',
    {
      parameter: 'code',
      detail,
    },
  );
}
