import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { UserClaims } from './users.js';

/** A row of `gatehouse_user`. Times are epoch milliseconds, which the driver hands over as text (bigint). */
@Entity('gatehouse_user')
@Unique('gatehouse_user_username_canonical', ['usernameCanonical'])
@Index('gatehouse_user_email', ['emailCanonical'], {
  unique: true,
  where: `claims ->> 'email_verified' = 'true'`,
})
@Index('gatehouse_user_older_hash', ['id'], {
  where: `password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'`,
})
@Check('gatehouse_user_username_not_empty', `username_canonical <> ''`)
export class UserEntity {
  /** The subject identifier. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'gatehouse_user_pkey' })
  id: string;

  @Column('text')
  username: string;

  @Column('text', { name: 'username_canonical' })
  usernameCanonical: string;

  @Column('text', { name: 'email_canonical', nullable: true })
  emailCanonical: string | null;

  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @Column('jsonb')
  claims: UserClaims;

  @Column('text', { array: true })
  roles: string[];

  @Column('bigint', { name: 'disabled_at', nullable: true })
  disabledAt: string | null;

  @Column('bigint', { name: 'created_at' })
  createdAt: string;

  @Column('bigint', { name: 'updated_at' })
  updatedAt: string;
}
