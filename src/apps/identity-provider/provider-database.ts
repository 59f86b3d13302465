import { identityProviderEntities } from '../../faces/identity-provider-entities.js';
import { identityProviderMigrations } from '../../migrations/identity-provider.js';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';

/**
 * Opens the provider's database, migrated: for the provider, and for the command line beside it.
 * @throws DatabaseError
 */
export function openProviderDatabase(url: string): Promise<Database> {
  return openDatabase({
    url,
    entities: identityProviderEntities,
    migrations: identityProviderMigrations,
    applicationName: 'gatehouse identity provider',
  });
}
