import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SigningAlgorithm } from '../protocol/signing-algorithm.js';

/** A protected resource: an API that access tokens are for (RFC 8707). */
@Entity('resource')
export class ResourceEntity {
  @PrimaryColumn('text')
  audience: string;

  @Column('text', { array: true })
  scopes: string[];

  @Column('text', { name: 'token_format' })
  tokenFormat: 'jwt' | 'opaque';

  @Column('text', { name: 'token_signing_alg', nullable: true })
  tokenSigningAlg: SigningAlgorithm | null;

  @Column('integer', { name: 'access_token_seconds', nullable: true })
  accessTokenSeconds: number | null;

  @Column('text', { name: 'owner_client_id', nullable: true })
  ownerClientId: string | null;

  @Column('bigint', { name: 'created_at' })
  createdAt: string;
}
