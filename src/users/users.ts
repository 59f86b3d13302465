import type { Queryable } from '../platform/database/database.js';

/** The standard claims of OpenID Connect Core §5.1 (and more, if you like) about a person; never null or empty strings. */
export type UserClaims = Record<string, unknown>;

/** A person, as login and the provider see one. */
export interface User {
  /** The subject identifier: never reassigned, at most 255 ASCII characters (OpenID Connect Core §2). */
  sub: string;
  /** What the person types to sign in, as it is shown. */
  username: string;
  claims: UserClaims;
  roles: string[];
  /** A disabled person cannot sign in, and nothing issued before is honoured. */
  disabled: boolean;
}

/** A person together with what proves a password: a PHC string such as `$argon2id$…`; absent: no password sign-in. */
export interface UserWithPassword {
  user: User;
  passwordHash?: string;
}

/**
 * The port to the people who sign in. Ours keeps them in the provider's database; bring your own class to sign in people
 * of an existing table: `LoginModule.forRoot({ users: MyUsers })`. It is its own injection token.
 */
export abstract class Users {
  abstract findBySubject(sub: string): Promise<User | undefined>;

  /** Finds by what was typed. Compare as your table does; ours folds case and width (NFKC) so that look-alikes meet. */
  abstract findByUsername(username: string): Promise<UserWithPassword | undefined>;

  /**
   * Told after a sign-in when the hash should be replaced by one of today's strength. Leave it out to keep old hashes.
   * Replace it only while it is still `previousHash`: the person may have changed the password in the meantime.
   */
  replacePasswordHash?(sub: string, passwordHash: string, previousHash: string): Promise<void>;

  /**
   * Sets a new password, in `transaction` when your table is in the provider's database; false when there is no such person.
   * Leave it out where passwords are changed elsewhere: nobody is offered to change or reset theirs then.
   * @throws PasswordError when it cannot be a password.
   */
  setPassword?(sub: string, password: string, transaction: Queryable): Promise<boolean>;

  /**
   * For hashes that are not argon2 PHC strings: whether this password is the user's. It is called at every sign-in, also
   * without a user, for an unknown name or an argon2 hash: take the same time then and answer false.
   */
  verifyPassword?(found: UserWithPassword | undefined, password: string): Promise<boolean>;
}
