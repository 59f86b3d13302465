import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { randomToken } from '../platform/secret.js';
import { canonicalUsername, claimUsername, UsernameError } from './canonical-username.js';
import { canonicalEmail, EmailError } from './canonical-email.js';
import { PasswordHasher } from './password-hasher.js';
import {
  type Profile,
  PROFILE_CLAIMS,
  type Registration,
  type User,
  type UserClaims,
  Users,
  type UserWithPassword,
} from './users.js';

const COLUMNS = `id, username, password_hash, claims, roles, disabled_at`;

const FIND_BY_SUBJECT = statement(`SELECT ${COLUMNS} FROM gatehouse_user WHERE id = ANY($1)`);
const VERIFIED = `claims ->> 'email_verified' = 'true'`;
const FIND_BY_USERNAME = statement(`
  SELECT ${COLUMNS} FROM gatehouse_user WHERE username_canonical = $1 OR (email_canonical = $2 AND ${VERIFIED})`);
const ADD = statement(`
  INSERT INTO gatehouse_user (id, username, username_canonical, password_hash, claims, roles, created_at, updated_at,
    email_canonical)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
  ON CONFLICT (username_canonical) DO NOTHING RETURNING ${COLUMNS}`);
const PUT = statement(`
  INSERT INTO gatehouse_user (id, username, username_canonical, password_hash, claims, roles, created_at, updated_at,
    email_canonical)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)
  ON CONFLICT (username_canonical) DO UPDATE SET username = excluded.username, password_hash = excluded.password_hash,
    claims = excluded.claims, roles = excluded.roles, updated_at = excluded.updated_at,
    email_canonical = excluded.email_canonical
  RETURNING ${COLUMNS}`);
const DISABLE = statement(`
  UPDATE gatehouse_user SET disabled_at = coalesce(disabled_at, $2), updated_at = $2 WHERE id = $1 RETURNING id`);
const ENABLE = statement(`UPDATE gatehouse_user SET disabled_at = NULL, updated_at = $2 WHERE id = $1 RETURNING id`);
const SET_PASSWORD = statement(`
  UPDATE gatehouse_user SET password_hash = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const REPLACE_HASH = statement(`UPDATE gatehouse_user SET password_hash = $2 WHERE id = $1 AND password_hash = $3`);
const SET_EMAIL = statement(`
  UPDATE gatehouse_user SET email_canonical = $3, updated_at = $4,
    claims = claims || jsonb_build_object('email', $2::text, 'email_verified', true)
  WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM gatehouse_user WHERE email_canonical = $3 AND ${VERIFIED} AND id <> $1)
  RETURNING id`);
const SET_ROLES = statement(`
  UPDATE gatehouse_user SET roles = $2, updated_at = $3 WHERE id = $1 AND roles <> $2 RETURNING id`);
const EXISTS = statement(`SELECT 1 FROM gatehouse_user WHERE id = $1`);
const SET_PROFILE = statement(`
  UPDATE gatehouse_user SET claims = (claims - $2::text[]) || $3::jsonb, updated_at = $4 WHERE id = $1 RETURNING id`);
const REMOVE = statement(`DELETE FROM gatehouse_user WHERE id = $1 RETURNING id`);
const LIST = statement(`
  SELECT ${COLUMNS} FROM gatehouse_user WHERE username_canonical > $1 ORDER BY username_canonical LIMIT $2`);

interface UserRow {
  id: string;
  username: string;
  password_hash: string | null;
  claims: UserClaims;
  roles: string[];
  disabled_at: string | null;
}

/** What makes a new person. Without a password they cannot sign in by one. */
export interface NewUser {
  username: string;
  password?: string;
  /** In place of a password: its hash, as a PHC string. */
  passwordHash?: string;
  claims?: UserClaims;
  roles?: string[];
}

/** The people in the provider's own database. */
@Injectable()
export class DatabaseUsers extends Users {
  private readonly bySubject = new BatchedRead<string, User>(
    (sub) => sub,
    async (subs) => {
      const rows = await this.database.query<UserRow>(FIND_BY_SUBJECT, [subs]);
      return new Map(rows.map((row) => [row.id, userOf(row)]));
    },
  );

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
  ) {
    super();
  }

  async findBySubject(sub: string): Promise<User | undefined> {
    return sub.includes('\0') ? undefined : this.bySubject.get(sub);
  }

  async findByUsername(username: string): Promise<UserWithPassword | undefined> {
    // An impossible name or address has the empty canonical form, which nobody has; it is asked for all the same: equal time.
    // No name has an `@`, so what was typed cannot be one person's name and another's address.
    const values = [canonicalUsername(username), canonicalEmail(username)];
    const [row] = await this.database.query<UserRow>(FIND_BY_USERNAME, values);
    return row && { user: userOf(row), ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }) };
  }

  override async replacePasswordHash(sub: string, passwordHash: string, previousHash: string): Promise<void> {
    await this.database.query(REPLACE_HASH, [sub, passwordHash, previousHash]);
  }

  /**
   * Adds a person under a fresh subject identifier.
   * @throws UsernameError when the name is taken or may not be had; EmailError when the verified address is another's;
   * PasswordError for an empty or over-long password.
   */
  async add(person: NewUser, queryable: Queryable = this.database): Promise<User> {
    const values = await this.valuesOf(person);
    const [row] = await unlessEmailTaken(queryable.query<UserRow>(ADD, values));
    if (!row) throw new UsernameError('taken', 'This username is taken. Choose another.');
    return userOf(row);
  }

  /** Adds a person, or makes the one of this name be so; the subject identifier stays. For seeds: it resets the password. */
  async put(person: NewUser): Promise<User> {
    const [row] = await this.database.query<UserRow>(PUT, await this.valuesOf(person));
    return userOf(row!);
  }

  /** The person cannot sign in any more; false when there is none. Their sessions are ended by `Suspensions`. */
  async disable(sub: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(DISABLE, [sub, this.clock.now()])).length > 0;
  }

  async enable(sub: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(ENABLE, [sub, this.clock.now()])).length > 0;
  }

  /** Whether the roles are others now; undefined when there is no such person. Tokens with the old ones: `Suspensions`. */
  async setRoles(sub: string, roles: string[], queryable: Queryable = this.database): Promise<boolean | undefined> {
    if ((await queryable.query(SET_ROLES, [sub, roles, this.clock.now()])).length > 0) return true;
    return (await queryable.query(EXISTS, [sub])).length > 0 ? false : undefined;
  }

  /**
   * Sets a password; false when there is no such person. Their other sessions are ended by whoever calls this (`Suspensions`).
   * @throws PasswordError for an empty or over-long password.
   */
  async setPassword(sub: string, password: string, queryable: Queryable = this.database): Promise<boolean> {
    const values = [sub, await this.hasher.hash(password), this.clock.now()];
    return (await queryable.query(SET_PASSWORD, values)).length > 0;
  }

  override async setPasswordHash(sub: string, passwordHash: string, transaction: Queryable): Promise<boolean> {
    return (await transaction.query(SET_PASSWORD, [sub, passwordHash, this.clock.now()])).length > 0;
  }

  override async setEmail(sub: string, email: string, transaction: Queryable): Promise<boolean> {
    const values = [sub, email, canonicalEmail(email), this.clock.now()];
    return (await unlessEmailTaken(transaction.query(SET_EMAIL, values)).catch(takenIsFalse)).length > 0;
  }

  override async setProfile(sub: string, profile: Profile, transaction: Queryable): Promise<boolean> {
    const values = [sub, PROFILE_CLAIMS, JSON.stringify(profile), this.clock.now()];
    return (await transaction.query(SET_PROFILE, values)).length > 0;
  }

  override register(person: Registration, transaction: Queryable): Promise<User> {
    const { username, email, name, passwordHash } = person;
    const claims = { preferred_username: username, email, email_verified: true, ...(name ? { name } : {}) };
    return this.add({ username, claims, ...(passwordHash === undefined ? {} : { passwordHash }) }, transaction);
  }

  /** What hangs on them is ended by `PersonRemoval` in the same transaction. */
  override async remove(sub: string, transaction: Queryable): Promise<boolean> {
    return (await transaction.query(REMOVE, [sub])).length > 0;
  }

  /** People by name; give the last username of a page to get the next. */
  async list({ after = '', limit = 100 }: { after?: string; limit?: number } = {}): Promise<User[]> {
    return (await this.database.query<UserRow>(LIST, [canonicalUsername(after), limit])).map(userOf);
  }

  private async valuesOf({ username, password, claims = {}, roles = [], ...person }: NewUser): Promise<unknown[]> {
    const canonical = claimUsername(username);
    const hash = password === undefined ? (person.passwordHash ?? null) : await this.hasher.hash(password);
    const { email } = claims;
    const address = typeof email === 'string' ? canonicalEmail(email) || null : null;
    return [`usr_${randomToken(16)}`, username, canonical, hash, claims, roles, this.clock.now(), address];
  }
}

function userOf(row: UserRow): User {
  return {
    sub: row.id,
    username: row.username,
    claims: row.claims,
    roles: row.roles,
    disabled: row.disabled_at !== null,
  };
}

/** Two who prove the same address at the same moment: the index lets one of them have it. */
async function unlessEmailTaken<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'gatehouse_user_email') throw error;
    throw new EmailError('taken', 'This email address belongs to another account.');
  }
}

function takenIsFalse(error: unknown): [] {
  if (error instanceof EmailError) return [];
  throw error;
}
