import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import { type AccessTokenClaims, AccessTokens, type LiveAccessToken } from '../../authorizations/access-tokens.js';
import { ClientEncryption } from '../../authorizations/client-encryption.js';
import { type Client, isPublic } from '../../clients/client.js';
import { Resources, serves } from '../../clients/resources.js';
import { TokenSigner } from '../../jwt/token-signer.js';
import { Clock } from '../../platform/clock.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { bodyOf } from '../token/token.controller.js';

const SIGNED = 'application/token-introspection+jwt';

/** Who asks, and what about; nothing when the token does not count. */
interface Asked {
  client: Client;
  live: LiveAccessToken | undefined;
}

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
    const { client, live } = (await this.attempt(exchange, parameters)) ?? (await this.ask(exchange, parameters));
    await this.answer(exchange, client, await this.describe(live, client));
  }

  private async ask(exchange: HttpExchange, parameters: Parameters): Promise<Asked> {
    const client = await this.clientAuthentication.authenticate(exchange, parameters);
    if (isPublic(client)) throw new OAuthError('invalid_client', 'client authentication failed');
    return { client, live: await this.accessTokens.findLive(parameters.require('token')) };
  }

  /** The same for a client in memory: whoever reads where the token stands learns whether it is still that client. */
  private async attempt(exchange: HttpExchange, parameters: Parameters): Promise<Asked | undefined> {
    const token = parameters.get('token');
    const known = token === undefined ? undefined : this.clientAuthentication.presume(exchange, parameters);
    if (!known || isPublic(known.client)) return undefined;
    const live = await this.accessTokens.findLive(token!, known.client.id);
    return live?.askerVersion === known.version ? { client: known.client, live } : undefined;
  }

  private async describe(live: LiveAccessToken | undefined, client: Client): Promise<Record<string, unknown>> {
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
