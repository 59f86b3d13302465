import { ClientEntity } from '../clients/client.entity.js';
import { ResourceEntity } from '../clients/resource.entity.js';
import { SigningKeyEntity } from '../keys/signing-key.entity.js';
import { UserEntity } from '../users/user.entity.js';

/** What the provider keeps through TypeORM: for `openDatabase`, together with `identityProviderMigrations`. */
export const identityProviderEntities = [ClientEntity, ResourceEntity, SigningKeyEntity, UserEntity];
