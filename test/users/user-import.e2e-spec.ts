import { AT_THE_COMMAND_LINE } from '../../src/audit/audit.js';
import { UserImport } from '../../src/users/user-import.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { countVerifications, type LoginHouse, openLoginHouse } from '../support/login-house.js';

const PASSWORD = 'correct horse battery';
const BCRYPT = '$2b$04$Gcwl4ujGbmpWpyGFXRGy7u89kPK7kWoeLXsFUeCoQ/VUzEkVPmFTi';

let testDatabase: TestDatabase;
let house: LoginHouse;
let people: UserImport;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  house = await openLoginHouse({ databaseUrl: testDatabase.url });
  people = new UserImport(house.database, house.users);
});
afterAll(async () => {
  await house.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await house.database.dataSource.query('DELETE FROM gatehouse_user');
  await house.database.dataSource.query('DELETE FROM rate_limit');
  await house.users.add({
    username: 'alice',
    password: 'wonderland',
    claims: { email: 'alice@example.com', email_verified: true },
  });
});

async function* linesOf(lines: readonly (object | string)[]): AsyncGenerator<string> {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line);
}

function take(lines: readonly (object | string)[], options: { dryRun?: boolean } = {}) {
  return people.run(linesOf(lines), {
    ...options,
    added: (subs, transaction) =>
      house.audit.recordAll(
        subs.map((subject) => ({ name: 'user_added', subject, actor: 'operator', by: 'import' })),
        AT_THE_COMMAND_LINE,
        transaction,
      ),
  });
}

const names = async () => (await house.users.list()).map(({ username }) => username);

it('takes people over with their passwords, which are of today’s strength from the first sign-in', async () => {
  const result = await take([
    `\ufeff${JSON.stringify({ sub: 'kc-4711', username: 'Bob', passwordHash: BCRYPT, roles: ['clerk'] })}\r`,
    '',
    { username: 'carla', claims: { email: 'Carla@Example.com', email_verified: true, name: 'Carla\u2028' } },
    { username: 'dan', passwordHash: BCRYPT, disabled: true },
  ]);
  expect(result).toEqual({ imported: 3, problems: [], problemCount: 0 });
  expect(await house.users.findBySubject('kc-4711')).toEqual({
    sub: 'kc-4711',
    username: 'Bob',
    claims: { preferred_username: 'Bob' },
    roles: ['clerk'],
    disabled: false,
  });
  expect((await house.users.findByUsername('carla@example.com'))!.user.username).toBe('carla');
  expect(await house.audit.recent('kc-4711')).toMatchObject([
    { event: 'user_added', actor: 'operator', detail: { by: 'import' } },
  ]);

  expect((await house.browser().signIn('bob', 'wrong')).status).toBe(401);
  expect((await house.users.findByUsername('bob'))!.passwordHash).toBe(BCRYPT);
  expect((await house.browser().signIn('bob', PASSWORD)).status).toBe(303);
  expect((await house.users.findByUsername('bob'))!.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await house.browser().signIn('bob', PASSWORD)).status).toBe(303);
  expect((await house.browser().signIn('dan', PASSWORD)).status).toBe(401);
});

it('names every bad line by number and field, and writes nothing', async () => {
  const { imported, problems } = await take([
    { username: 'bob', passwordHash: BCRYPT },
    'not JSON',
    { passwordHash: BCRYPT },
    { username: 'eve@example.com' },
    { username: 'frank', passwordHash: 'md5:abc' },
    { username: 'ALICE' },
    { username: 'bo\u00adb', roles: 'clerk', pasword: 'x' },
    { username: 'BOB' },
    { username: 'gina', claims: { email: 'ALICE@example.com', email_verified: true } },
    { username: 'hank', claims: { email: 'a@b', email_verified: 'yes', sub: '1', name: '' } },
    { username: 'ida', sub: 'white space' },
    { username: 'jo', sub: 'same' },
    { username: 'kim', sub: 'same' },
    '{"username":"l\ufffd"}',
    '[]',
  ]);
  expect(imported).toBe(0);
  expect(problems.map(({ line, field }) => [line, field])).toEqual([
    [2, ''],
    [3, 'username'],
    [4, 'username'],
    [5, 'passwordHash'],
    [6, 'username'],
    [7, 'roles'],
    [7, 'pasword'],
    [8, 'username'],
    [9, 'claims.email'],
    [10, 'claims.sub'],
    [10, 'claims.name'],
    [10, 'claims.email'],
    [10, 'claims.email_verified'],
    [11, 'sub'],
    [13, 'sub'],
    [14, ''],
    [15, ''],
  ]);
  for (const { message } of problems) expect(message).toMatch(/^[A-Z].*\.$/);
  expect(await names()).toEqual(['alice']);
});

it('writes nothing when it is only to look, nor for one bad line behind a thousand good ones', async () => {
  expect(await take([{ username: 'bob' }], { dryRun: true })).toMatchObject({ imported: 1, problemCount: 0 });
  const many = Array.from({ length: 1200 }, (_, index) => ({ username: `user-${index}` }));
  expect(await take([...many, ...many.slice(0, 150)])).toMatchObject({ imported: 0, problemCount: 150 });
  expect(await names()).toEqual(['alice']);
  expect(await take(many)).toMatchObject({ imported: 1200 });
});

it('two imports of the same people at once bring them in once', async () => {
  const lines = [{ username: 'bob' }, { username: 'carla' }];
  const counts = (await Promise.all([take(lines), take(lines)])).map(({ imported }) => imported);
  expect(counts.toSorted()).toEqual([0, 2]);
});

it('UE-01 as long as somebody has an older hash, a wrong password costs as much for everybody', async () => {
  await take([{ username: 'bob', passwordHash: BCRYPT }]);
  const work: Record<string, number> = {};
  for (const username of ['alice', 'bob', 'mallory']) {
    const count = countVerifications(house);
    await house.browser().signIn(username, 'wrong');
    work[username] = count();
  }
  expect(work).toEqual({ alice: 2, bob: 2, mallory: 2 });
  await house.browser().signIn('bob', PASSWORD);
  const count = countVerifications(house);
  await house.browser().signIn('mallory', 'wrong');
  expect(count()).toBe(1);
});
