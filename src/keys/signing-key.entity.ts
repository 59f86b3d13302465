import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyAlgorithm, PublicJwk } from '../jwt/key-pair.js';

/** One of the provider's own keys. Its life: next (published) → active (signs) → retired (still believed) → gone. One for encryption is published while it is active. */
@Entity('signing_key')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid: string;

  @Column('text')
  algorithm: KeyAlgorithm;

  @Column('jsonb', { name: 'public_jwk' })
  publicJwk: PublicJwk;

  /** PKCS#8 DER, sealed under the purpose `signing-key`. */
  @Column('bytea', { name: 'private_sealed' })
  privateSealed: Buffer;

  @Column('text')
  state: 'next' | 'active' | 'retired';

  @Column('bigint', { name: 'created_at' })
  createdAt: string;

  @Column('bigint', { name: 'activated_at', nullable: true })
  activatedAt: string | null;

  @Column('bigint', { name: 'retired_at', nullable: true })
  retiredAt: string | null;
}
