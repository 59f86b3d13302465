import { Injectable, Logger } from '@nestjs/common';
import type { ClientMetadata } from '../../clients/client-metadata.js';
import { ClientMetadataError } from '../../clients/clients.js';
import { Outbound, OutboundError } from '../../platform/outbound.js';
import { IdentityProviderSettings } from '../identity-provider.options.js';

/** A list of redirect URIs; a client has at most fifty. In bytes. */
const LARGEST = 64 * 1024;

/**
 * Reads `sector_identifier_uri` (OpenID Connect Registration §5): a JSON array that must hold every redirect URI. It is the
 * consent of the sector's owner; without it, anybody could register into a stranger's sector and learn its pairwise subjects.
 */
@Injectable()
export class SectorIdentifiers {
  private readonly logger = new Logger(SectorIdentifiers.name);

  constructor(
    private readonly outbound: Outbound,
    private readonly settings: IdentityProviderSettings,
  ) {}

  /** @throws ClientMetadataError, the same for every cause: a stranger who names a URL learns nothing about it. */
  async check({ sector_identifier_uri: url, redirect_uris: redirectUris }: ClientMetadata): Promise<void> {
    if (url === undefined) return;
    const listed = await this.read(url);
    if (Array.isArray(listed) && redirectUris.every((uri) => listed.includes(uri))) return;
    throw new ClientMetadataError(
      'invalid_client_metadata',
      'sector_identifier_uri',
      'sector_identifier_uri: could not be read as a JSON array that lists every one of the redirect_uris',
    );
  }

  private async read(url: string): Promise<unknown> {
    try {
      const response = await this.outbound.fetch(url, {
        purpose: 'sector',
        headers: { accept: 'application/json' },
        maxBytes: LARGEST,
        // A stranger's URL must not reach what the operator opened for the clients they registered themselves.
        ignoreAllowances: this.settings.policy !== 'certification',
      });
      return response.json();
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      this.logger.log(`sector_identifier_uri: ${error.code}: ${error.detail}`);
      return undefined;
    }
  }
}
