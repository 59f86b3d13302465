import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import type { TokenSet } from '../../authorizations/token-issuer.js';
import type { Client } from '../../clients/client.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { formParameters } from '../../platform/http/form.js';
import { invalidRequest, OAuthError } from '../../protocol/oauth-error.js';
import type { Parameters } from '../../protocol/parameters.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { BrowserOrigins } from '../cors.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import type { Grant } from './grant.js';
import { Grants } from './grants.js';

const REPEATABLE = ['resource', 'audience'];

/** The token endpoint (RFC 6749 §3.2): the shared steps, in order; the grants do the rest. */
@Controller({ path: 'token', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class TokenController {
  constructor(
    private readonly grants: Grants,
    private readonly clientAuthentication: ClientAuthentication,
    private readonly origins: BrowserOrigins,
  ) {}

  @All()
  async token(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    if (await this.origins.handle(exchange, 'POST')) return;
    const parameters = bodyOf(exchange);
    exchange.json(200, (await this.attempt(exchange, parameters)) ?? (await this.grant(exchange, parameters)));
  }

  private async grant(exchange: HttpExchange, parameters: Parameters): Promise<TokenSet> {
    const client = await this.clientAuthentication.authenticate(exchange, parameters);
    const grantType = parameters.require('grant_type');
    const grant = this.grants.find(grantType);
    if (!grant)
      throw new OAuthError('unsupported_grant_type', 'grant_type is not supported', { parameter: 'grant_type' });
    if (!isRegistered(grantType, client) && !grant.isOpenTo?.(parameters, client)) {
      throw new OAuthError('unauthorized_client', 'this client is not registered for this grant_type');
    }
    return grant.grant(parse(grant, parameters), client);
  }

  /** The same, if the grant has a shorter way and the client is in memory; undefined: nothing has happened. */
  private async attempt(exchange: HttpExchange, parameters: Parameters): Promise<TokenSet | undefined> {
    const grantType = parameters.get('grant_type');
    const grant = grantType === undefined ? undefined : this.grants.find(grantType);
    if (!grant?.attempt) return undefined;
    const known = this.clientAuthentication.presume(exchange, parameters);
    if (!known || !isRegistered(grantType!, known.client)) return undefined;
    return grant.attempt(parse(grant, parameters), known);
  }
}

function isRegistered(grantType: string, { metadata }: Client): boolean {
  return metadata.grant_types.includes(grantType);
}

/** The form of an endpoint that clients call. Nothing may stand in the URL, where it would be logged (RFC 6749 §2.3.1). */
export function bodyOf(exchange: HttpExchange): Parameters {
  if (exchange.query !== '') throw invalidRequest('parameters belong in the body, not in the URL');
  const parameters = formParameters(exchange);
  const repeated = parameters.repeated(REPEATABLE);
  if (repeated !== undefined) throw invalidRequest('a parameter was sent more than once');
  return parameters;
}

function parse(grant: Grant, parameters: Parameters): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const name of Object.keys(grant.parameters.shape)) {
    named[name] = REPEATABLE.includes(name) ? parameters.all(name) : parameters.get(name);
  }
  const parsed = grant.parameters.safeParse(named);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? 'a parameter');
  throw invalidRequest(`${name} is missing or malformed`, name);
}
