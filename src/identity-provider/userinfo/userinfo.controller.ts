import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { AccessTokens, type LiveAccessToken } from '../../authorizations/access-tokens.js';
import { ClientEncryption } from '../../authorizations/client-encryption.js';
import type { Client } from '../../clients/client.js';
import { Clients } from '../../clients/clients.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { FORM, formParameters } from '../../platform/http/form.js';
import { wronglySent } from '../../protocol/bearer.js';
import { CLAIMS_BY_SCOPE, presentClaims, USER_CLAIMS } from '../../protocol/claims.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { bearerCredential } from '../bearer-credential.js';
import { BrowserOrigins } from '../cors.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';

/** The UserInfo endpoint (OpenID Connect Core §5.3): what the access token's scopes and its `claims` request allow. */
@Controller({ path: 'userinfo', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class UserinfoController {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly clients: Clients,
    private readonly signer: TokenSigner,
    private readonly encryption: ClientEncryption,
    private readonly origins: BrowserOrigins,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {}

  @All()
  async userinfo(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    if (await this.origins.handle(exchange, 'GET', 'POST')) return;
    const token = tokenOf(exchange);
    if (token === undefined) {
      // RFC 6750 §3.1: without any credential the challenge carries no error.
      exchange.setHeader('www-authenticate', 'Bearer realm="gatehouse"').json(401, {
        error: 'invalid_token',
        error_description: 'an access token is needed',
      });
      return;
    }
    const live = await this.accessTokens.findLive(token);
    if (!live?.user)
      throw new OAuthError('invalid_token', 'the access token is not valid: unknown, expired or revoked');
    if (!live.claims.scope.split(' ').includes('openid')) {
      throw new OAuthError('insufficient_scope', 'the access token lacks the scope openid');
    }
    await this.answer(exchange, live);
  }

  /** Plain, signed, encrypted, or signed and then encrypted, as the client registered (OpenID Connect Core §5.3.2). */
  private async answer(exchange: HttpExchange, live: LiveAccessToken): Promise<void> {
    const client = live.userinfoAsToken ? await this.clients.find(live.claims.client_id) : undefined;
    const claims = { ...presentClaims(claimNames(live), live.user!.claims), sub: live.claims.sub };
    const jwt = client && (await this.tokenOf(client, claims));
    if (jwt === undefined) exchange.json(200, claims);
    else exchange.send(200, jwt, 'application/jwt');
  }

  private async tokenOf(client: Client, about: Record<string, unknown>): Promise<string | undefined> {
    const claims = { ...about, iss: this.settings.issuer, aud: client.id, iat: this.clock.seconds() };
    const algorithm = client.metadata.userinfo_signed_response_alg;
    if (!algorithm) return this.encryption.sealClaims(client, 'userinfo', claims);
    return this.encryption.seal(client, 'userinfo', await this.signer.sign(claims, 'JWT', algorithm));
  }
}

function claimNames({ claims, claimsRequest }: LiveAccessToken): string[] {
  const byScope = claims.scope.split(' ').flatMap((scope) => CLAIMS_BY_SCOPE[scope] ?? []);
  const byName = Object.keys(claimsRequest?.userinfo ?? {}).filter((name) => USER_CLAIMS.includes(name));
  return [...byScope, ...byName];
}

/** RFC 6750 §2: the header, or the body of a form; never the URL, and never two of them. */
function tokenOf(exchange: HttpExchange): string | undefined {
  const inHeader = bearerCredential(exchange);
  const inForm =
    exchange.method === 'POST' && exchange.mediaType === FORM
      ? formParameters(exchange).get('access_token')
      : undefined;
  const places = [inHeader, inForm].filter((token) => token !== undefined);
  const inUrl = new URLSearchParams(exchange.query).has('access_token');
  if (places.length + Number(inUrl) > 1) throw wronglySent('the access token was sent in two places');
  return places[0];
}
