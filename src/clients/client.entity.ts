import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClientMetadata } from './client-metadata.js';
import type { ClientPolicy } from './client.js';

/** A registered client as the table holds it. */
@Entity('client')
export class ClientEntity {
  @PrimaryColumn('text')
  id: string;

  @Column('jsonb')
  metadata: ClientMetadata;

  @Column('jsonb')
  policy: ClientPolicy;

  @Column('bytea', { name: 'secret_digest', nullable: true })
  secretDigest: Buffer | null;

  /** Only for `client_secret_jwt`, whose HMAC needs the plain secret. */
  @Column('bytea', { name: 'secret_sealed', nullable: true })
  secretSealed: Buffer | null;

  @Column('bytea', { name: 'registration_token_digest', nullable: true })
  registrationTokenDigest: Buffer | null;

  @Column('bigint', { name: 'disabled_at', nullable: true })
  disabledAt: string | null;

  @Column('bigint', { name: 'created_at' })
  createdAt: string;

  @Column('bigint', { name: 'updated_at' })
  updatedAt: string;
}
