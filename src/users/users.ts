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

/** A person as they were read a while ago, and which version of their row that was. */
export interface KnownUser {
  user: User;
  version: string;
}

/** The claims that people may change by themselves. `locale` is the language that they want, a BCP 47 tag. */
export const PROFILE_CLAIMS = ['name', 'given_name', 'family_name', 'nickname', 'locale'] as const;
export type Profile = Record<(typeof PROFILE_CLAIMS)[number], string | undefined>;

/** Somebody who signs up. */
export interface Registration {
  username: string;
  /** Proved to be theirs. Absent for somebody of another provider that is not trusted with addresses. */
  email?: string;
  name?: string;
  /** Absent for somebody who signs in at another provider. An argon2 PHC string. */
  passwordHash?: string;
}

/**
 * The port to the people who sign in. Ours keeps them in the provider's database; bring your own class to sign in people
 * of an existing table: `LoginModule.forRoot({ users: MyUsers })`. It is its own injection token.
 */
export abstract class Users {
  /** @param version of their row in our table, as this request has just read it (`user-version.ts`): ignore it for another table. */
  abstract findBySubject(sub: string, version?: string): Promise<User | undefined>;

  /**
   * A person as they were last read, without asking anybody: for a statement that does nothing unless this version is still
   * the one in our table. Leave it out for another table.
   */
  recall?(sub: string): KnownUser | undefined;

  /**
   * Finds by what was typed: the name, or an address that is known to be the person's. Compare as your table does; ours
   * folds case and width (NFKC) so that look-alikes meet.
   * @param queryable what sends our own statement, with more than that in it: ignore it for another table
   */
  abstract findByUsername(
    username: string,
    queryable?: Pick<Queryable, 'query'>,
  ): Promise<UserWithPassword | undefined>;

  /**
   * Told after a sign-in when the hash should be replaced by one of today's strength. Leave it out to keep old hashes.
   * Replace it only while it is still `previousHash`: the person may have changed the password in the meantime.
   */
  replacePasswordHash?(sub: string, passwordHash: string, previousHash: string): Promise<void>;

  /**
   * Keeps the hash of a new password (an argon2 PHC string), in `transaction` when your table is in the provider's database;
   * false when there is no such person. Leave it out where passwords are changed elsewhere: nobody can change or reset
   * theirs here then.
   */
  setPasswordHash?(sub: string, passwordHash: string, transaction: Queryable): Promise<boolean>;

  /**
   * Keeps a new address that the person has proved to be theirs: the claims `email` and `email_verified`. False when it is
   * another person's. Leave it out where addresses are changed elsewhere.
   */
  setEmail?(sub: string, email: string, transaction: Queryable): Promise<boolean>;

  /**
   * Keeps what a person calls themselves, and the language that they want: these claims of OpenID Connect Core §5.1, each a text, or undefined for none. False
   * when there is no such person. Leave it out where profiles are changed elsewhere.
   */
  setProfile?(sub: string, profile: Profile, transaction: Queryable): Promise<boolean>;

  /**
   * Adds a person who signs up, under a fresh `sub`; the address, if there is one, is proved to be theirs. Leave it out where nobody signs up.
   * @throws UsernameError, whose sentence the person reads, when the name may not be had; EmailError when the address is taken.
   */
  register?(person: Registration, transaction: Queryable): Promise<User>;

  /**
   * Removes a person for good; false when there is none. Their `sub` is nobody's ever after. Leave it out where people are
   * removed elsewhere: nobody can remove their own account here then.
   */
  remove?(sub: string, transaction: Queryable): Promise<boolean>;

  /**
   * For hashes that are not argon2 PHC strings: whether this password is the user's. It is called at every sign-in that
   * argon2 did not prove, also without a user, for an unknown name or an argon2 hash: take the same time then and answer
   * false. Leave it out where all hashes are of the kinds in docs/login.md.
   */
  verifyPassword?(found: UserWithPassword | undefined, password: string): Promise<boolean>;

  /**
   * Somebody's hash that is not of today's kind, as long as there is one: wrong passwords for everybody else then take as
   * long as theirs. Leave it out where all hashes are of one kind, or where `verifyPassword` takes care of it.
   */
  olderHash?(): Promise<string | undefined>;
}
