import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { AccessTokens } from '../../authorizations/access-tokens.js';
import { Authorizations } from '../../authorizations/authorizations.js';
import { RefreshTokens } from '../../authorizations/refresh-tokens.js';
import type { Client } from '../../clients/client.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { invalidRequest } from '../../protocol/oauth-error.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { BrowserOrigins } from '../cors.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { bodyOf } from '../token/token.controller.js';

/**
 * The revocation endpoint (RFC 7009). A refresh token takes its whole authorization with it; an access token goes alone.
 * The hint is not needed: a token shows what it is.
 */
@Controller({ path: 'revoke', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class RevocationController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly authorizations: Authorizations,
    private readonly origins: BrowserOrigins,
  ) {}

  @All()
  async revoke(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    if (await this.origins.handle(exchange, 'POST')) return;
    const parameters = bodyOf(exchange);
    const client = await this.clientAuthentication.authenticate(exchange, parameters);
    const token = parameters.require('token');
    const refresh = await this.refreshTokens.inspect(token);
    if (refresh) {
      own(refresh.authorization.clientId, client);
      await this.authorizations.revoke({ authorization: refresh.authorization.id }, 'revoked_by_client');
    } else {
      await this.revokeAccessToken(token, client);
    }
    // RFC 7009 §2.2: also for a token that nobody knows; the client could do nothing about it.
    exchange.send(200, '');
  }

  private async revokeAccessToken(token: string, client: Client): Promise<void> {
    const claims = await this.accessTokens.read(token);
    if (!claims) return;
    own(claims.client_id, client);
    const { jti, exp: expiresAtSeconds } = claims;
    await this.authorizations.revoke({ token: { jti, expiresAtSeconds, clientId: client.id } }, 'revoked_by_client');
  }
}

/** @throws OAuthError when the token is another client's (RFC 7009 §2.1): it lives on. */
function own(clientId: string, client: Client): void {
  if (clientId !== client.id) throw invalidRequest('the token was not issued to this client', 'token');
}
