import { Injectable } from '@nestjs/common';
import { type ClientMetadata, sectorOf } from '../clients/client-metadata.js';
import type { Client, ClientPolicy } from '../clients/client.js';
import { Clients } from '../clients/clients.js';
import { Database } from '../platform/database/database.js';
import { Authorizations } from './authorizations.js';

/** What a client is from now on. */
export interface ClientChange {
  metadata: unknown;
  policy: ClientPolicy;
  /** The secret, where the client has just proved it. */
  plain?: string | undefined;
}

/** Changes what is registered of a client, by itself or by the operator, together with what must end for it. */
@Injectable()
export class ClientChanges {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly authorizations: Authorizations,
  ) {}

  /**
   * Replaces metadata and policy.
   * @returns the secret when a new one had to be made, and whether the client is still there.
   * @throws ClientMetadataError
   */
  change(client: Client, { metadata, policy, plain }: ClientChange): Promise<{ found: boolean; secret?: string }> {
    const checked = this.clients.check(metadata);
    return this.database.transaction(async (transaction) => {
      const changed = await this.clients.reregister(client, { metadata: checked, policy, plain }, transaction);
      // A refreshed ID token must name the person as the first one did (OpenID Connect Core §12.2).
      if (changed.found && subjectsDiffer(client.metadata, checked)) {
        await this.authorizations.revoke({ client: client.id }, 'administrative', transaction);
      }
      return changed;
    });
  }
}

function subjectsDiffer(before: ClientMetadata, after: ClientMetadata): boolean {
  if (before.subject_type !== after.subject_type) return true;
  return after.subject_type === 'pairwise' && sectorOf(before) !== sectorOf(after);
}
