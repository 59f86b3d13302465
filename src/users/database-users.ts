import { Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { Database, type Queryable, statement } from '../platform/database/database.js';
import { randomToken } from '../platform/secret.js';
import { canonicalUsername, claimUsername, UsernameError } from './canonical-username.js';
import { PasswordHasher } from './password-hasher.js';
import { type User, type UserClaims, Users, type UserWithPassword } from './users.js';

const COLUMNS = `id, username, password_hash, claims, roles, disabled_at`;

const FIND_BY_SUBJECT = statement(`SELECT ${COLUMNS} FROM gatehouse_user WHERE id = ANY($1)`);
const FIND_BY_USERNAME = statement(`SELECT ${COLUMNS} FROM gatehouse_user WHERE username_canonical = $1`);
const ADD = statement(`
  INSERT INTO gatehouse_user (id, username, username_canonical, password_hash, claims, roles, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
  ON CONFLICT (username_canonical) DO NOTHING RETURNING ${COLUMNS}`);
const PUT = statement(`
  INSERT INTO gatehouse_user (id, username, username_canonical, password_hash, claims, roles, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
  ON CONFLICT (username_canonical) DO UPDATE SET username = excluded.username, password_hash = excluded.password_hash,
    claims = excluded.claims, roles = excluded.roles, updated_at = excluded.updated_at
  RETURNING ${COLUMNS}`);
const DISABLE = statement(`
  UPDATE gatehouse_user SET disabled_at = coalesce(disabled_at, $2), updated_at = $2 WHERE id = $1 RETURNING id`);
const ENABLE = statement(`UPDATE gatehouse_user SET disabled_at = NULL, updated_at = $2 WHERE id = $1 RETURNING id`);
const SET_PASSWORD = statement(`
  UPDATE gatehouse_user SET password_hash = $2, updated_at = $3 WHERE id = $1 RETURNING id`);
const REPLACE_HASH = statement(`UPDATE gatehouse_user SET password_hash = $2 WHERE id = $1 AND password_hash = $3`);
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
    // An impossible name has the empty canonical form, which nobody has; it is asked for all the same: equal time.
    const [row] = await this.database.query<UserRow>(FIND_BY_USERNAME, [canonicalUsername(username)]);
    return row && { user: userOf(row), ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }) };
  }

  override async replacePasswordHash(sub: string, passwordHash: string, previousHash: string): Promise<void> {
    await this.database.query(REPLACE_HASH, [sub, passwordHash, previousHash]);
  }

  /**
   * Adds a person under a fresh subject identifier.
   * @throws UsernameError when the name is taken or may not be had; PasswordError for an empty or over-long password.
   */
  async add(person: NewUser): Promise<User> {
    const [row] = await this.database.query<UserRow>(ADD, await this.valuesOf(person));
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

  async enable(sub: string): Promise<boolean> {
    return (await this.database.query(ENABLE, [sub, this.clock.now()])).length > 0;
  }

  /**
   * Sets a password; false when there is no such person. Their other sessions are ended by whoever calls this (`Suspensions`).
   * @throws PasswordError for an empty or over-long password.
   */
  override async setPassword(sub: string, password: string, queryable: Queryable = this.database): Promise<boolean> {
    const values = [sub, await this.hasher.hash(password), this.clock.now()];
    return (await queryable.query(SET_PASSWORD, values)).length > 0;
  }

  /** People by name; give the last username of a page to get the next. */
  async list({ after = '', limit = 100 }: { after?: string; limit?: number } = {}): Promise<User[]> {
    return (await this.database.query<UserRow>(LIST, [canonicalUsername(after), limit])).map(userOf);
  }

  private async valuesOf({ username, password, claims = {}, roles = [] }: NewUser): Promise<unknown[]> {
    const canonical = claimUsername(username);
    const passwordHash = password === undefined ? null : await this.hasher.hash(password);
    return [`usr_${randomToken(16)}`, username, canonical, passwordHash, claims, roles, this.clock.now()];
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
