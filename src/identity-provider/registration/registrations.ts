import { Injectable, Logger } from '@nestjs/common';
import { Authorizations } from '../../authorizations/authorizations.js';
import { ClientChanges } from '../../authorizations/client-changes.js';
import type { ClientMetadata } from '../../clients/client-metadata.js';
import type { Client } from '../../clients/client.js';
import { ClientMetadataError, Clients } from '../../clients/clients.js';
import { Database } from '../../platform/database/database.js';
import { digest, matches, randomToken } from '../../platform/secret.js';
import { OAuthError } from '../../protocol/oauth-error.js';
import { ClientAuthentication } from '../client-auth/client-authentication.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';
import { frontChannelGrantTypes, servedResponseTypes } from '../older-flows.js';
import { Grants } from '../token/grants.js';
import { SectorIdentifiers } from './sector-identifiers.js';
import { openGrantTypes, requiresPkce, strangerProblem } from './stranger-rules.js';

/** Stands where an unknown client has no digest, so that one takes as long as the other. */
const NOBODY = Buffer.alloc(32);

/** A registration, and the secret when one was made: it can be shown this once. */
export interface Registered {
  client: Client;
  secret?: string;
}

/** Clients that register themselves (RFC 7591, RFC 7592). What they say is about themselves; what we decide is ours. */
@Injectable()
export class Registrations {
  private readonly logger = new Logger(Registrations.name);

  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly authorizations: Authorizations,
    private readonly changes: ClientChanges,
    private readonly sectors: SectorIdentifiers,
    private readonly clientAuthentication: ClientAuthentication,
    private readonly grants: Grants,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** What may be registered of what was sent, defaults filled in. Fetches nothing. @throws ClientMetadataError */
  check(sent: Readonly<Record<string, unknown>>): ClientMetadata {
    const metadata = this.clients.check(sent);
    const problem = strangerProblem(sent, metadata, {
      grantTypes: [
        ...openGrantTypes(this.grants.names, this.settings.policy),
        ...frontChannelGrantTypes(this.settings.policy),
      ],
      authMethods: this.clientAuthentication.names,
      responseTypes: servedResponseTypes(this.settings.policy),
      unsignedRequests: this.settings.policy === 'certification',
    });
    if (problem) throw new ClientMetadataError(problem.code, problem.member, problem.description);
    return metadata;
  }

  /** @param metadata checked. @throws ClientMetadataError when its sector does not list it. */
  async register(metadata: ClientMetadata): Promise<Registered & { registrationToken: string }> {
    await this.sectors.check(metadata);
    const registrationToken = randomToken();
    const registered = await this.clients.register({
      metadata,
      policy: { dynamic: true, requirePkce: requiresPkce(metadata, this.settings.policy) },
      registrationToken,
    });
    this.logger.log(`client ${registered.client.id} has registered itself`);
    return { ...registered, registrationToken };
  }

  /**
   * The client whose registration access token this is.
   * @throws OAuthError invalid_token, the same for a client that is unknown, disabled or not registered by itself.
   */
  async authenticate(clientId: string, token: string | undefined): Promise<Client> {
    const client = await this.clients.find(clientId);
    const fits = matches(client?.registrationTokenDigest ?? NOBODY, digest(token ?? ''));
    if (!client || !fits || client.disabled) {
      throw new OAuthError('invalid_token', 'the registration access token is not valid for this client');
    }
    return client;
  }

  /**
   * Replaces the metadata; what was left out is gone (RFC 7592 §2.2).
   * @param plain the secret, where the client has just proved it.
   * @throws ClientMetadataError; OAuthError when the client was removed meanwhile.
   */
  async update(client: Client, metadata: ClientMetadata, plain?: string): Promise<Registered> {
    await this.sectors.check(metadata);
    const policy = { ...client.policy, requirePkce: requiresPkce(metadata, this.settings.policy) };
    const { found, secret } = await this.changes.change(client, { metadata, policy, plain });
    if (!found) throw new OAuthError('invalid_token', 'the registration access token is not valid for this client');
    this.logger.log(`client ${client.id} has changed its registration`);
    return { client: { ...client, metadata, policy }, ...(secret === undefined ? {} : { secret }) };
  }

  /** The client, and everything people let it do, ends in one step. */
  async remove(client: Client): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.clients.remove(client.id, transaction);
      await this.authorizations.revoke({ client: client.id }, 'revoked_by_client', transaction);
    });
    this.logger.log(`client ${client.id} has removed itself`);
  }
}
