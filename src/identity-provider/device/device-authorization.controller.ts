import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { DeviceAuthorizations } from '../../authorizations/device-authorizations.js';
import { TokenIssuer } from '../../authorizations/token-issuer.js';
import { isPublic } from '../../clients/client.js';
import { Resources } from '../../clients/resources.js';
import { Database } from '../../platform/database/database.js';
import { secondsToWait, sharedLimiter } from '../../platform/database/shared-limiter.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { networkOf } from '../../platform/network.js';
import { digest } from '../../platform/secret.js';
import { DEVICE_CODE } from '../../protocol/grant-type.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { displayUserCode } from '../../protocol/user-code.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { BrowserOrigins } from '../cors.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { bodyOf } from '../token/token.controller.js';
import { parseDeviceRequest } from './device-request.js';

/** Each is a row for ten minutes, and a public client is whoever knows its name. */
const LIMIT = { keyPrefix: 'device-authorization', points: 300, duration: 15 * 60 };

/** The device authorization endpoint (RFC 8628 §3.1): a device asks for a code that a person enters elsewhere. */
@Controller({ path: 'device_authorization', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class DeviceAuthorizationController {
  private readonly limiter: RateLimiterPostgres;

  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly devices: DeviceAuthorizations,
    private readonly resources: Resources,
    private readonly tokens: TokenIssuer,
    private readonly origins: BrowserOrigins,
    private readonly settings: IdentityProviderSettings,
    database: Database,
  ) {
    this.limiter = sharedLimiter(database, LIMIT);
  }

  @All()
  async begin(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    if (await this.origins.handle(exchange, 'POST')) return;
    const parameters = bodyOf(exchange);
    const client = await this.clientAuthentication.authenticate(exchange, parameters);
    if (!client.metadata.grant_types.includes(DEVICE_CODE)) {
      throw new OAuthError('unauthorized_client', 'this client is not registered for device codes');
    }
    const request = parseDeviceRequest(parameters, { client, resources: await this.resources.list() });
    // Better now than when the code is redeemed: do the scopes and resources go together?
    await this.tokens.lifetimeSeconds(request.scopes, request.resources);
    if (isPublic(client)) await this.admit(exchange.ip);
    const begun = await this.devices.begin(client.id, request);
    const userCode = displayUserCode(begun.userCode);
    const verificationUri = `${this.settings.issuer}/device`;
    exchange.json(200, {
      device_code: begun.deviceCode,
      user_code: userCode,
      verification_uri: verificationUri,
      verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
      expires_in: begun.expiresInSeconds,
      interval: begun.intervalSeconds,
    });
  }

  private async admit(ip: string): Promise<void> {
    const retryAfterSeconds = await secondsToWait(this.limiter, digest(networkOf(ip)).toString('base64url'));
    if (retryAfterSeconds === undefined) return;
    throw new OAuthError('slow_down', 'too many devices ask from this network; wait before the next one', {
      retryAfterSeconds,
    });
  }
}
