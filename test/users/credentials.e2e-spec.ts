import { identityProviderMigrations } from '../../src/migrations/identity-provider.js';
import type { Database } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { Secrets } from '../../src/platform/secret.js';
import { DeviceTrust } from '../../src/users/credentials/device-trust.js';
import { HeldFactors } from '../../src/users/credentials/held-factors.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import { addAuthenticator, TestAuthenticator } from '../support/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/test-clock.js';

const SECRETS = ['a secret for tests that is long enough', 'another secret for tests, long enough'];
let test: TestDatabase;
let database: Database;
let totp: TotpCredentials;
let codes: RecoveryCodes;
let held: HeldFactors;
const clock = new TestClock();

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({ url: test.url, migrations: identityProviderMigrations });
  totp = new TotpCredentials(database, new Secrets(SECRETS), clock);
  codes = new RecoveryCodes(database, clock);
  held = new HeldFactors(database);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await test.drop();
});

/** Of many at once, how many were let through. */
async function passed(attempts: Promise<boolean>[]): Promise<number> {
  return (await Promise.all(attempts)).filter(Boolean).length;
}

describe('TOTP', () => {
  it('MF-02 takes a code once, however many bring it at once, from two processes', async () => {
    const app = await addAuthenticator(totp, clock, 'alice');
    const twin = new TotpCredentials(database, new Secrets(SECRETS), clock);
    const code = app.code();
    const race = Array.from({ length: 20 }, (_, index) => (index % 2 ? totp : twin).verify('alice', code));
    expect(await passed(race)).toBe(1);
    expect(await totp.verify('alice', code)).toBe(false);
    // One that came before the last that counted is a copy, too.
    expect(await totp.verify('alice', app.code(-1))).toBe(false);
    expect(await totp.verify('alice', app.code(1))).toBe(true);
  });

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('MF-03 a code %i steps off counts: %s', async (steps, counts) => {
    const subject = `window ${steps}`;
    const app = await addAuthenticator(totp, clock, subject);
    clock.pass('2m');
    expect(await totp.verify(subject, app.code(steps))).toBe(counts);
  });

  it('takes spaces between the digits, and nothing else for a code', async () => {
    const app = await addAuthenticator(totp, clock, 'typing');
    for (const typed of ['', '12345', '1234567', 'abcdef', '１２３４５６', `${app.code()}0`, '\0', 'x'.repeat(1e5)]) {
      expect(await totp.verify('typing', typed)).toBe(false);
    }
    const code = app.code();
    expect(await totp.verify('typing', ` ${code.slice(0, 3)} ${code.slice(3)} `)).toBe(true);
  });

  it('keeps the secret sealed, and a set-up without a right code not at all', async () => {
    const { secret, ticket } = totp.begin('mallory', 'Gate:house', 'mal:lory');
    const app = new TestAuthenticator(clock, secret);
    expect(await totp.add('mallory', { ticket, code: app.code(5), name: 'x' })).toBeUndefined();
    expect(await totp.add('somebody else', { ticket, code: app.code(), name: 'x' })).toBeUndefined();
    expect(await held.has('mallory', 'totp')).toBe(false);
    clock.pass('15m');
    expect(await totp.add('mallory', { ticket, code: app.code(), name: 'x' })).toBeUndefined();
    const rows = await database.dataSource.query('SELECT * FROM totp');
    expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('cannot use the code of the set-up to sign in', async () => {
    const { secret, ticket } = totp.begin('once', 'Gatehouse', 'once');
    const app = new TestAuthenticator(clock, secret);
    expect(await totp.add('once', { ticket, code: app.code(), name: 'Phone' })).toBeDefined();
    expect(await totp.verify('once', app.code())).toBe(false);
  });

  it('MF-05 takes nobody else’s code', async () => {
    const bob = await addAuthenticator(totp, clock, 'bob');
    await addAuthenticator(totp, clock, 'carol');
    expect(await totp.verify('carol', bob.code())).toBe(false);
    expect(await totp.verify('nobody', bob.code())).toBe(false);
    expect(await totp.verify('bob', bob.code())).toBe(true);
  });

  it('knows several apps of one person, five at most; renames and removes only one’s own', async () => {
    const apps = [];
    for (let count = 0; count < 5; count += 1) {
      apps.push(await addAuthenticator(totp, clock, 'many', `App ${count}`));
      clock.pass('1s');
    }
    await expect(addAuthenticator(totp, clock, 'many')).rejects.toThrow('not added');
    expect(await totp.verify('many', apps[4]!.code())).toBe(true);
    const [first, , , , last] = await totp.list('many');
    expect(last).toMatchObject({ name: 'App 4', lastUsedAt: clock.now() });
    expect(await totp.rename('bob', first!.id, 'mine')).toBe(false);
    expect(await totp.remove('bob', first!.id)).toBe(false);
    expect(await totp.rename('many', first!.id, 'Old phone')).toBe(true);
    expect(await totp.remove('many', last!.id)).toBe(true);
    expect((await totp.list('many')).map(({ name }) => name)).toEqual(['Old phone', 'App 1', 'App 2', 'App 3']);
  });

  it('is sealed anew under a new secret', async () => {
    const app = await addAuthenticator(totp, clock, 'resealed');
    const next = ['a newer secret for tests that is long enough', ...SECRETS];
    expect(await new TotpCredentials(database, new Secrets(next), clock).reseal()).toBeGreaterThan(0);
    const later = new TotpCredentials(database, new Secrets(next.slice(0, 1)), clock);
    expect(await later.reseal()).toBe(0);
    expect(await later.verify('resealed', app.code())).toBe(true);
  });
});

describe('recovery codes', () => {
  const make = (subject: string) => database.transaction((transaction) => codes.replace(subject, transaction));

  it('MF-10 count once each, however many bring one at once; a new set ends the old; the database has digests', async () => {
    const first = await make('alice');
    expect(first).toHaveLength(10);
    expect(new Set(first).size).toBe(10);
    expect(first[0]).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/);
    const race = Array.from({ length: 10 }, () => codes.spend('alice', first[0]!));
    expect(await passed(race)).toBe(1);
    expect(await codes.left('alice')).toBe(9);
    const second = await make('alice');
    expect(await codes.spend('alice', first[1]!)).toBe(false);
    expect(await codes.left('alice')).toBe(10);
    const rows = await database.dataSource.query<{ digest: Buffer }[]>('SELECT * FROM recovery_code');
    const kept = rows.map(({ digest }) => digest.toString('latin1')).join();
    for (const code of second) expect(kept).not.toContain(code.replaceAll('-', ''));
  });

  it('forgive how they are typed, not whose they are', async () => {
    const [one, other] = await make('bob');
    expect(await codes.spend('carol', one!)).toBe(false);
    expect(await codes.spend('bob', one!.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o'))).toBe(true);
    expect(await codes.spend('bob', `${other}A`)).toBe(false);
    expect(await codes.spend('bob', '')).toBe(false);
    expect(await codes.spend('bob', 'A'.repeat(1e6))).toBe(false);
  });
});

it('MF-11 trust in devices ends at a moment that never moves back', async () => {
  const trust = new DeviceTrust(database, clock);
  expect(await trust.notBefore('alice')).toBe(0);
  await trust.end('alice');
  const ended = clock.now();
  clock.pass('1h');
  expect(await trust.notBefore('alice')).toBe(ended);
  await Promise.all([trust.end('alice'), trust.end('alice')]);
  expect(await trust.notBefore('alice')).toBe(clock.now());
});

it('knows which second factors people have, of whoever is asked about at once', async () => {
  await addAuthenticator(totp, clock, 'app');
  await database.transaction((transaction) => codes.replace('list', transaction));
  const asked = ['app', 'list', 'none'].flatMap((subject) =>
    (['totp', 'passkey', 'recovery_code'] as const).map((factor) => held.has(subject, factor)),
  );
  expect(await Promise.all(asked)).toEqual([true, false, false, false, false, true, false, false, false]);
});
