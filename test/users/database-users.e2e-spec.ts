import type { DataSource } from 'typeorm';
import { identityProviderMigrations } from '../../src/migrations/identity-provider.js';
import type { Database } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { UsernameError } from '../../src/users/canonical-username.js';
import { DatabaseUsers } from '../../src/users/database-users.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { UserEntity } from '../../src/users/user.entity.js';
import { userVersion } from '../../src/users/user-version.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/test-clock.js';

let testDatabase: TestDatabase;
let database: Database;
let users: DatabaseUsers;
const hasher = new PasswordHasher();

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openDatabase({
    url: testDatabase.url,
    entities: [UserEntity],
    migrations: identityProviderMigrations,
  });
  users = new DatabaseUsers(database, new TestClock(), hasher);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await testDatabase.drop();
});
beforeEach(() => database.dataSource.query('DELETE FROM gatehouse_user'));

it('has the table that its entity describes', async () => {
  const { driver } = database.dataSource as DataSource;
  const { upQueries } = await driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query)).toEqual([]);
});

it('finds a person by subject and by any spelling of the name', async () => {
  const alice = await users.add({
    username: 'Alice',
    password: 'wonderland',
    claims: { name: 'Alice' },
    roles: ['reader'],
  });
  expect(alice).toEqual({
    sub: expect.stringMatching(/^usr_[\w-]{22}$/),
    username: 'Alice',
    claims: { name: 'Alice' },
    roles: ['reader'],
    disabled: false,
  });
  expect(await users.findBySubject(alice.sub)).toEqual(alice);
  const found = await users.findByUsername(' ALICE');
  expect(found!.user).toEqual(alice);
  expect(await hasher.verify(found!.passwordHash!, 'wonderland')).toBe(true);
  expect(await users.findBySubject('usr_nobody')).toBeUndefined();
  expect(await users.findByUsername('a'.repeat(5000))).toBeUndefined();
});

it('answers from memory for the version of the row that was just read, and for no other', async () => {
  const { sub } = await users.add({ username: 'alice', roles: ['reader'] });
  const version = async () => {
    const statement = `SELECT ${userVersion('$1')} AS version`;
    return (await database.dataSource.query<{ version: string }[]>(statement, [sub]))[0]!.version;
  };
  const before = await version();
  const read = await users.findBySubject(sub);
  expect(await users.findBySubject(sub, before)).toBe(read);
  // Another process, as far as this one knows.
  await new DatabaseUsers(database, new TestClock(), hasher).setRoles(sub, ['writer']);
  expect((await users.findBySubject(sub, await version()))!.roles).toEqual(['writer']);
  expect((await users.findBySubject(sub))!.roles).toEqual(['writer']);
  await database.dataSource.query('DELETE FROM gatehouse_user');
  expect(await version()).toBeNull();
  expect(await users.findBySubject(sub, 'of nobody')).toBeUndefined();
});

it('UN-01: gives a name to one person only, whoever asks at once', async () => {
  const results = await Promise.allSettled(
    ['Alice', 'alice', 'ALICE', 'aLiCe'].map((username) => users.add({ username })),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') expect((result.reason as UsernameError).code).toBe('taken');
  }
  expect(await users.list()).toHaveLength(1);
});

it('puts a person once, however many put the same at once; and nobody with the address of another', async () => {
  const claims = { email: 'alice@example.test', email_verified: true };
  const person = { username: 'alice', passwordHash: await hasher.hash('wonderland'), claims };
  const put = await Promise.all(Array.from({ length: 50 }, () => users.put(person)));
  expect(new Set(put.map(({ sub }) => sub)).size).toBe(1);
  await expect(users.put({ ...person, username: 'mallory' })).rejects.toThrow('belongs to another account');
});

it('puts a person there, and again: the subject stays, the rest is as last said', async () => {
  const first = await users.put({ username: 'alice', password: 'old', claims: { name: 'A' } });
  const again = await users.put({ username: 'Alice', password: 'wonderland', claims: { name: 'Alice' }, roles: ['x'] });
  expect(again).toMatchObject({ sub: first.sub, username: 'Alice', claims: { name: 'Alice' }, roles: ['x'] });
  const { passwordHash } = (await users.findByUsername('alice'))!;
  expect(await hasher.verify(passwordHash!, 'wonderland')).toBe(true);
});

it('disables and enables', async () => {
  const { sub } = await users.add({ username: 'alice' });
  expect(await users.disable(sub)).toBe(true);
  expect((await users.findBySubject(sub))!.disabled).toBe(true);
  expect(await users.enable(sub)).toBe(true);
  expect((await users.findBySubject(sub))!.disabled).toBe(false);
  expect(await users.disable('usr_nobody')).toBe(false);
});

it('replaces a hash only while it is the one that was seen', async () => {
  const { sub } = await users.add({ username: 'alice', password: 'old' });
  const seen = (await users.findByUsername('alice'))!.passwordHash!;
  await users.setPassword(sub, 'new');
  await users.replacePasswordHash(sub, 'an outdated answer', seen);
  expect(await hasher.verify((await users.findByUsername('alice'))!.passwordHash!, 'new')).toBe(true);
});

it('lists people by name, page by page', async () => {
  for (const username of ['carol', 'Alice', 'bob']) await users.add({ username });
  const [first, second] = await users.list({ limit: 2 });
  expect([first!.username, second!.username]).toEqual(['Alice', 'bob']);
  expect((await users.list({ after: second!.username })).map(({ username }) => username)).toEqual(['carol']);
});
