import { All, Controller, Req, Res, UseFilters, VERSION_NEUTRAL } from '@nestjs/common';
import type { Client } from '../../clients/client.js';
import { ClientMetadataError, Clients } from '../../clients/clients.js';
import { HttpExchange } from '../../platform/http/exchange.js';
import { allowMethods } from '../../platform/http/methods.js';
import { digest, matches } from '../../platform/secret.js';
import { bearerToken } from '../../protocol/bearer.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { OAuthErrorFilter } from '../oauth-error.filter.js';
import { RegistrationThrottle } from './registration-throttle.js';
import { Registrations } from './registrations.js';

/**
 * The client registration endpoint (RFC 7591 §3, OpenID Connect Registration §3) and the client configuration endpoint
 * (RFC 7592 §2). JSON only and without CORS: a browser sends no other site's JSON without asking first, and we never say yes.
 */
@Controller({ path: 'register', version: VERSION_NEUTRAL })
@UseFilters(OAuthErrorFilter)
export class RegistrationController {
  constructor(
    private readonly registrations: Registrations,
    private readonly clients: Clients,
    private readonly throttle: RegistrationThrottle,
    private readonly settings: IdentityProviderSettings,
  ) {}

  @All()
  async register(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    this.refuseWhenOff();
    allowMethods(exchange, 'POST');
    this.checkInitialAccessToken(exchange);
    await explained(async () => {
      const metadata = this.registrations.check(jsonObject(exchange));
      if (this.settings.registration === 'open') await this.throttle.admit(exchange.ip);
      const { client, secret, registrationToken } = await this.registrations.register(metadata);
      exchange.json(201, this.information(client, registrationToken, secret));
    });
  }

  @All(':id')
  async configure(@Req() req: object, @Res() res: object): Promise<void> {
    const exchange = HttpExchange.of(req, res);
    this.refuseWhenOff();
    allowMethods(exchange, 'GET', 'PUT', 'DELETE');
    const token = tokenOf(exchange);
    const client = await this.registrations.authenticate(lastSegment(exchange.path), token);
    switch (exchange.method) {
      case 'PUT':
        await explained(() => this.update(exchange, client, token!));
        break;
      case 'DELETE':
        await this.registrations.remove(client);
        exchange.send(204, '');
        break;
      default:
        exchange.json(200, this.information(client, token!));
    }
  }

  private async update(exchange: HttpExchange, client: Client, token: string): Promise<void> {
    const sent = jsonObject(exchange);
    if (sent['client_id'] !== client.id) {
      throw new OAuthError('invalid_client_metadata', 'client_id: must be the one of this client');
    }
    const plain = this.provenSecret(sent['client_secret'], client);
    const metadata = this.registrations.check(sent);
    await this.throttle.admit(exchange.ip);
    const { client: updated, secret = plain } = await this.registrations.update(client, metadata, plain);
    exchange.json(200, this.information(updated, token, secret));
  }

  /** RFC 7592 §2.2: a secret that is sent must be the current one; nobody chooses their own. */
  private provenSecret(sent: unknown, client: Client): string | undefined {
    if (sent === undefined) return undefined;
    if (typeof sent === 'string' && this.clients.isSecret(client, sent)) return sent;
    throw new OAuthError('invalid_client_metadata', 'client_secret: must be the current one, or be left out');
  }

  /** RFC 7591 §3.2.1. Of a secret only the digest is kept, so it is told when it is made, or when it was just shown to us. */
  private information(client: Client, registrationToken: string, secret?: string): Record<string, unknown> {
    const tellSecret = secret !== undefined && client.metadata.token_endpoint_auth_method.startsWith('client_secret_');
    return {
      ...client.metadata,
      client_id: client.id,
      client_id_issued_at: Math.floor(client.registeredAt / 1000),
      ...(tellSecret ? { client_secret: secret, client_secret_expires_at: 0 } : {}),
      registration_client_uri: `${this.settings.issuer}/register/${encodeURIComponent(client.id)}`,
      registration_access_token: registrationToken,
    };
  }

  private refuseWhenOff(): void {
    if (this.settings.registration !== 'off') return;
    throw new OAuthError('access_denied', 'clients cannot register themselves here', { status: 403 });
  }

  private checkInitialAccessToken(exchange: HttpExchange): void {
    if (this.settings.registration !== 'token') return;
    const presented = tokenOf(exchange);
    // By digest: their lengths are equal, so time tells nothing about the token, not even how long it is.
    if (presented !== undefined && matches(digest(presented), digest(this.settings.initialAccessToken!))) return;
    throw new OAuthError('invalid_token', 'an initial access token is needed to register a client');
  }
}

/** The Bearer token of the request; undefined when there is none, more than one, or something malformed. */
function tokenOf(exchange: HttpExchange): string | undefined {
  const [header, ...more] = exchange.headerValues('authorization');
  if (header === undefined || more.length > 0) return undefined;
  try {
    return bearerToken(header);
  } catch {
    return undefined;
  }
}

/** @throws OAuthError */
function jsonObject(exchange: HttpExchange): Record<string, unknown> {
  if (!exchange.isJson) {
    throw new OAuthError('invalid_client_metadata', 'the body must be application/json in UTF-8', { status: 415 });
  }
  const { body } = exchange;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new OAuthError('invalid_client_metadata', 'the body must be a JSON object');
  }
  return body as Record<string, unknown>;
}

/** The last segment of a path, decoded; empty when it is malformed. */
function lastSegment(path: string): string {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  } catch {
    return '';
  }
}

/** Tells a refused member by the codes of RFC 7591 §3.2.2. */
async function explained(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ClientMetadataError)) throw error;
    throw new OAuthError(error.code, error.message, { parameter: error.member });
  }
}
