import { ClientEntity } from '../../clients/client.entity.js';
import { ResourceEntity } from '../../clients/resource.entity.js';
import { SigningKeyEntity } from '../../keys/signing-key.entity.js';
import { identityProviderMigrations } from '../../migrations/identity-provider.js';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { UserEntity } from '../../users/user.entity.js';

/**
 * Opens the provider's database, migrated: for the provider, and for the command line beside it.
 * @throws DatabaseError
 */
export function openProviderDatabase(url: string): Promise<Database> {
  return openDatabase({
    url,
    entities: [ClientEntity, ResourceEntity, SigningKeyEntity, UserEntity],
    migrations: identityProviderMigrations,
    applicationName: 'gatehouse identity provider',
  });
}
