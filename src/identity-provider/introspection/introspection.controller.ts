import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { type AccessTokenClaims, AccessTokens } from '../../authorizations/access-tokens.js';
import { ClientEncryption } from '../../authorizations/client-encryption.js';
import { type Client, isPublic } from '../../clients/client.js';
import { Resources, serves } from '../../clients/resources.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { bodyOf } from '../token/token.controller.js';

const SIGNED = 'application/token-introspection+jwt';

/**
 * The introspection endpoint (RFC 7662; signed and encrypted answers RFC 9701). A client learns about tokens issued to it and tokens for
 * a resource it serves; every other token is inactive to it, as if it did not exist. Refresh tokens are never introspected.
 */
@Controller({ path: 'introspect', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class IntrospectionController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly accessTokens: AccessTokens,
    private readonly resources: Resources,
    private readonly signer: TokenSigner,
    private readonly encryption: ClientEncryption,
    private readonly settings: IdentityProviderSettings,
    private readonly clock: Clock,
  ) {}

  @All()
  async introspect(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    allowMethods(exchange, 'POST');
    const parameters = bodyOf(exchange);
    const client = await this.clientAuthentication.authenticate(exchange, parameters);
    if (isPublic(client)) throw new OAuthError('invalid_client', 'client authentication failed');
    await this.answer(exchange, client, await this.describe(parameters.require('token'), client));
  }

  private async describe(token: string, client: Client): Promise<Record<string, unknown>> {
    const live = await this.accessTokens.findLive(token);
    if (!live || !(await this.mayKnow(client, live.claims))) return { active: false };
    // A pairwise subject would be worth nothing beside the name that everybody knows the person by.
    const username = live.claims.sub === live.user?.sub ? live.user.username : undefined;
    return { active: true, ...live.claims, token_type: 'Bearer', ...(username === undefined ? {} : { username }) };
  }

  private async mayKnow(client: Client, claims: AccessTokenClaims): Promise<boolean> {
    if (claims.client_id === client.id) return true;
    const audiences = [claims.aud].flat();
    return (await this.resources.list()).some(
      (resource) => audiences.includes(resource.audience) && serves(resource, client.id),
    );
  }

  private async answer(exchange: HttpExchange, client: Client, about: Record<string, unknown>): Promise<void> {
    const { introspection_signed_response_alg: algorithm, introspection_encrypted_response_alg: encryption } =
      client.metadata;
    if (!algorithm && !encryption && !exchange.header('accept')?.includes(SIGNED)) {
      exchange.json(200, about);
      return;
    }
    const claims = { iss: this.settings.issuer, aud: client.id, iat: this.clock.seconds(), token_introspection: about };
    const signed = await this.signer.sign(claims, 'token-introspection+jwt', algorithm ?? 'RS256');
    exchange.send(200, await this.encryption.seal(client, 'introspection', signed), SIGNED);
  }
}
