import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Authorizations } from '../../../authorizations/authorizations.js';
import { type AllowedDevice, DeviceAuthorizations } from '../../../authorizations/device-authorizations.js';
import { RefreshTokens } from '../../../authorizations/refresh-tokens.js';
import { TokenIssuer, type TokenSet } from '../../../authorizations/token-issuer.js';
import type { Client } from '../../../clients/client.js';
import { DEVICE_CODE } from '../../../protocol/grant-type.js';
import { OAuthError } from '../../../protocol/oauth-error.js';
import { Users } from '../../../users/users.js';
import { type Grant, GrantType } from '../grant.js';
import { narrowResources } from '../narrow.js';

const parameters = z.object({ device_code: z.string().max(512), resource: z.array(z.string()) });

/** RFC 8628 §3.4: a device asks until its person has decided, and gets what they allowed, once. */
@Injectable()
@GrantType(DEVICE_CODE)
export class DeviceCodeGrant implements Grant<typeof parameters> {
  readonly parameters = parameters;

  constructor(
    private readonly devices: DeviceAuthorizations,
    private readonly authorizations: Authorizations,
    private readonly refreshTokens: RefreshTokens,
    private readonly tokens: TokenIssuer,
    private readonly users: Users,
  ) {}

  async grant({ device_code: code, resource }: z.infer<typeof parameters>, client: Client): Promise<TokenSet> {
    const poll = await this.devices.poll(code, client.id);
    if (!poll) throw invalidGrant('unknown, or not this client’s');
    switch (poll.state) {
      case 'pending':
        throw new OAuthError('authorization_pending', 'the person has not decided yet');
      case 'slow_down':
        // RFC 8628 §3.5: an answer like the others, not the 429 of a throttle.
        throw new OAuthError('slow_down', 'wait five seconds longer between two requests', { status: 400 });
      case 'denied':
        throw new OAuthError('access_denied', 'the person did not allow it', { status: 400 });
      case 'expired':
        throw new OAuthError('expired_token', 'the device code has expired; begin again');
      case 'revoked':
        throw invalidGrant('revoked, or its session has ended');
      case 'redeemed':
        // As with a code: one of the two who have it is not the device, so what the first one got ends.
        await this.authorizations.revoke({ authorization: poll.authorizationId }, 'code_reused');
        throw invalidGrant('it was used before');
      case 'allowed':
        return this.issue(code, client, poll, resource);
    }
  }

  private async issue(
    code: string,
    client: Client,
    { authorization, position, request: { nonce } }: AllowedDevice,
    wanted: readonly string[],
  ): Promise<TokenSet> {
    const user = await this.users.findBySubject(authorization.subject);
    if (!user || user.disabled) {
      await this.authorizations.revoke({ authorization: authorization.id }, 'code_misused');
      throw invalidGrant('its person is gone or disabled');
    }
    const resources = narrowResources(wanted, authorization.resources);
    await this.tokens.prepare(client, authorization.scopes);
    const accessTokenSeconds = await this.tokens.lifetimeSeconds(authorization.scopes, resources);
    const refreshToken = client.metadata.grant_types.includes('refresh_token')
      ? this.refreshTokens.make(authorization.id)
      : undefined;
    if (!(await this.devices.redeem(code, accessTokenSeconds, refreshToken))) {
      await this.authorizations.revoke({ authorization: authorization.id }, 'code_reused');
      throw invalidGrant('it was used at the same moment, or revoked');
    }
    return this.tokens.issue({
      client,
      user,
      authorization,
      position,
      resources,
      ...(typeof nonce === 'string' ? { nonce } : {}),
      ...(refreshToken ? { refreshToken: refreshToken.token } : {}),
    });
  }
}

/** One public sentence for all causes; the cause goes to the log. */
function invalidGrant(detail: string): OAuthError {
  return new OAuthError('invalid_grant', 'the device code is not valid: unknown, used, revoked, or not this client’s', {
    parameter: 'device_code',
    detail,
  });
}
