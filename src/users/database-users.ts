import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../platform/clock.js';
import { BatchedRead } from '../platform/database/batched-read.js';
import { arrayOf, Database, type Queryable, statement } from '../platform/database/database.js';
import { randomToken } from '../platform/secret.js';
import { ROW_VERSION } from '../platform/database/row-version.js';
import { deepFreeze } from '../platform/deep-freeze.js';
import { canonicalUsername, claimUsername, UsernameError } from './canonical-username.js';
import { canonicalEmail, EmailError } from './canonical-email.js';
import { DeviceTrust } from './credentials/device-trust.js';
import type { ImportedUser } from './imported-user.js';
import { PasswordHasher } from './password-hasher.js';
import {
  type Profile,
  PROFILE_CLAIMS,
  type KnownUser,
  type Registration,
  type User,
  type UserClaims,
  Users,
  type UserWithPassword,
} from './users.js';

const COLUMNS = `id, username, password_hash, claims, roles, disabled_at`;

const FIND_BY_SUBJECT = statement(`
  SELECT ${COLUMNS}, ${ROW_VERSION} AS version FROM gatehouse_user
  WHERE id = ANY(${arrayOf('$1', 'text')})`);
/** So many people are kept in memory, each for a minute: a database restored from a backup could count its versions anew. */
const MOST_KEPT = 10_000;
const KEPT_FOR = 60_000;
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
const ADD_IMPORTED = statement(`
  INSERT INTO gatehouse_user (id, username, username_canonical, password_hash, claims, roles, disabled_at, created_at,
    updated_at, email_canonical)
  SELECT id, username, username_canonical, password_hash, claims, ARRAY(SELECT jsonb_array_elements_text(roles)),
    CASE WHEN disabled THEN $2::bigint END, $2, $2, email_canonical
  FROM jsonb_to_recordset($1) AS person (id text, username text, username_canonical text, password_hash text,
    claims jsonb, roles jsonb, disabled boolean, email_canonical text)
  ON CONFLICT DO NOTHING RETURNING username_canonical, id`);
const TAKEN = statement(`
  SELECT id, username_canonical, CASE WHEN ${VERIFIED} THEN email_canonical END AS email_canonical
  FROM gatehouse_user WHERE id = ANY($1) OR username_canonical = ANY($2) OR email_canonical = ANY($3)`);
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
const OLDER_HASH = statement(`
  SELECT password_hash FROM gatehouse_user WHERE password_hash NOT LIKE '$argon2id$v=19$m=19456,t=2,p=1$%' LIMIT 1`);
const LIST = statement(`
  SELECT ${COLUMNS} FROM gatehouse_user WHERE username_canonical > $1 ORDER BY username_canonical LIMIT $2`);

/** What one person has alone. */
interface Identifiers {
  id: string;
  username_canonical: string;
  email_canonical: string | null;
}

interface UserRow {
  id: string;
  username: string;
  password_hash: string | null;
  claims: UserClaims;
  roles: string[];
  disabled_at: string | null;
}

/** `until` in epoch milliseconds. */
interface Kept extends KnownUser {
  until: number;
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
      const rows = await this.database.query<UserRow & { version: string }>(FIND_BY_SUBJECT, [subs]);
      return new Map(rows.map((row) => [row.id, this.keep(row)]));
    },
  );
  private readonly kept = new LRUCache<string, Kept>({ max: MOST_KEPT });

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly hasher: PasswordHasher,
  ) {
    super();
  }

  async findBySubject(sub: string, version?: string): Promise<User | undefined> {
    const kept = version === undefined ? undefined : this.kept.get(sub);
    if (kept && kept.version === version && kept.until > this.clock.now()) return kept.user;
    return sub.includes('\0') ? undefined : this.bySubject.get(sub);
  }

  override recall(sub: string): KnownUser | undefined {
    const kept = this.kept.get(sub);
    return kept && kept.until > this.clock.now() ? kept : undefined;
  }

  private keep(row: UserRow & { version: string }): User {
    const user = deepFreeze(userOf(row));
    this.kept.set(user.sub, { user, version: row.version, until: this.clock.now() + KEPT_FOR });
    return user;
  }

  async findByUsername(
    username: string,
    queryable: Pick<Queryable, 'query'> = this.database,
  ): Promise<UserWithPassword | undefined> {
    // An impossible name or address has the empty canonical form, which nobody has; it is asked for all the same: equal time.
    // No name has an `@`, so what was typed cannot be one person's name and another's address.
    const values = [canonicalUsername(username), canonicalEmail(username)];
    const [row] = await queryable.query<UserRow>(FIND_BY_USERNAME, values);
    return row && { user: userOf(row), ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }) };
  }

  override async replacePasswordHash(sub: string, passwordHash: string, previousHash: string): Promise<void> {
    await this.database.query(REPLACE_HASH, [sub, passwordHash, previousHash]);
  }

  override async olderHash(): Promise<string | undefined> {
    const [row] = await this.database.query<{ password_hash: string }>(OLDER_HASH);
    return row?.password_hash;
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

  /**
   * Adds people from elsewhere. Answers for each their `sub`, or what of theirs is another's, in the table or among them.
   */
  async addImported(
    people: readonly ImportedUser[],
    transaction: Queryable,
  ): Promise<(string | { field: string; message: string })[]> {
    const rows = people.map(({ sub, username, passwordHash, claims, roles, disabled }) => ({
      id: sub ?? `usr_${randomToken(16)}`,
      username,
      username_canonical: canonicalUsername(username),
      password_hash: passwordHash ?? null,
      claims,
      roles,
      disabled,
      email_canonical: addressOf(claims),
    }));
    const values = [JSON.stringify(rows), this.clock.now()];
    const added = await transaction.query<{ id: string; username_canonical: string }>(ADD_IMPORTED, values);
    const ids = new Map(added.map(({ id, username_canonical: name }) => [name, id]));
    // Of two lines with one name, the first came in.
    const came = rows.map(({ id, username_canonical: name }) => ids.get(name) === id && ids.delete(name));
    const refused = rows.filter((_, index) => !came[index]);
    const taken = refused.length === 0 ? [] : await this.taken(refused, transaction);
    return rows.map((row, index) => (came[index] ? row.id : whatIsTaken(row, taken)));
  }

  private taken(rows: readonly Identifiers[], transaction: Queryable): Promise<Identifiers[]> {
    const emails = rows.flatMap(({ email_canonical: email }) => email ?? []);
    const values = [rows.map(({ id }) => id), rows.map(({ username_canonical: name }) => name), emails];
    return transaction.query<Identifiers>(TAKEN, values);
  }

  /**
   * Adds a person, or makes the one of this name be so; the subject identifier stays. For seeds: it resets the password.
   * @throws EmailError when the verified address is another's
   */
  async put(person: NewUser): Promise<User> {
    const values = await this.valuesOf(person);
    const put = () => unlessEmailTaken(this.database.query<UserRow>(PUT, values));
    // Two providers that start at once put the same people. Only a name that is there counts as a conflict to PostgreSQL, so
    // the address of the one who came first may refuse the other, who finds the name at the second try.
    const [row] = await put().catch((error: unknown) => (error instanceof EmailError ? put() : Promise.reject(error)));
    return userOf(row!);
  }

  /** The person cannot sign in any more; false when there is none. Their sessions are ended by `Suspensions`. */
  async disable(sub: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(DISABLE, [sub, this.clock.now()])).length > 0;
  }

  async enable(sub: string, queryable: Queryable = this.database): Promise<boolean> {
    return (await queryable.query(ENABLE, [sub, this.clock.now()])).length > 0;
  }

  /** No browser of theirs is known any more by a second factor that was given there. */
  async distrustDevices(sub: string, queryable: Queryable): Promise<void> {
    await new DeviceTrust(this.database, this.clock).end(sub, queryable);
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
    const address = email === undefined ? {} : { email, email_verified: true };
    const claims = { preferred_username: username, ...address, ...(name ? { name } : {}) };
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
    return [`usr_${randomToken(16)}`, username, canonical, hash, claims, roles, this.clock.now(), addressOf(claims)];
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

function addressOf({ email }: UserClaims): string | null {
  return typeof email === 'string' ? canonicalEmail(email) || null : null;
}

function whatIsTaken(row: Identifiers, taken: readonly Identifiers[]): { field: string; message: string } {
  if (taken.some(({ username_canonical: name }) => name === row.username_canonical)) {
    return { field: 'username', message: 'This username is taken, by somebody who is there or on an earlier line.' };
  }
  return taken.some(({ id }) => id === row.id)
    ? { field: 'sub', message: 'This subject identifier is taken, by somebody who is there or on an earlier line.' }
    : {
        field: 'claims.email',
        message: 'This verified address belongs to somebody who is there or on an earlier line.',
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
