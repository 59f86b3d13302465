import { addAuthenticator } from '../support/authenticator.js';
import { PersonEnds } from '../../src/sessions/person-ends.js';
import { DeviceTrust } from '../../src/users/credentials/device-trust.js';
import type { Queryable } from '../../src/platform/database/database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type LoginHouse, openLoginHouse } from '../support/login-house.js';

/** Two providers on one database, and a clock that stands: only the order of commits says what came first. */
let testDatabase: TestDatabase;
let house: LoginHouse;
let neighbour: LoginHouse;
let hashes: [old: string, next: string];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const throttle = { perAccountAndNetwork: 10_000, perAccount: 10_000, perNetwork: 10_000 };
  house = await openLoginHouse({ databaseUrl: testDatabase.url, throttle });
  neighbour = await openLoginHouse({ databaseUrl: testDatabase.url, throttle, clock: house.clock });
  hashes = [await house.hasher.hash('the old one'), await house.hasher.hash('the next one')];
});
afterAll(async () => {
  await neighbour.close();
  await house.close();
  await testDatabase.drop();
});

let count = 0;
const somebody = () => house.users.add({ username: `somebody-${(count += 1)}`, passwordHash: hashes[0] });
const sessionsOf = async (sub: string) => (await house.sessions.list(sub)).length;

/** As a reset and a new password on the account pages do it. */
async function change(transaction: Queryable, sub: string): Promise<boolean> {
  const changed = await house.users.setPasswordHash(sub, hashes[1], transaction);
  await house.app.get(DeviceTrust).end(sub, transaction);
  return changed;
}

async function isAnybodyWaiting(): Promise<boolean> {
  const [row] = await house.database.dataSource.query<{ count: string }[]>(
    `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Number(row!.count) > 0;
}

describe.each([
  ['whose password was never changed', async () => {}],
  [
    'whose password was changed before',
    async (sub: string) =>
      house.database.transaction((transaction) => house.app.get(DeviceTrust).end(sub, transaction)),
  ],
])('somebody %s', (_, before) => {
  it('is not signed in by a password that is being changed just then: the sign-in waits, and is refused', async () => {
    const { sub, username } = await somebody();
    await before(sub);
    let answer: Response | undefined;
    await house.app.get(PersonEnds).end(sub, 'credential_change', async (transaction) => {
      const changed = await change(transaction, sub);
      // It finds the person as they were, because nothing is committed.
      const signingIn = neighbour
        .browser()
        .signIn(username, 'the old one')
        .then((came) => (answer = came));
      while (!answer && !(await isAnybodyWaiting())) await new Promise((resolve) => setTimeout(resolve, 5));
      void signingIn;
      return changed;
    });
    while (!answer) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(answer.status).toBe(400);
    expect(await sessionsOf(sub)).toBe(0);
    expect((await neighbour.browser().signIn(username, 'the next one')).status).toBe(303);
    expect(await sessionsOf(sub)).toBe(1);
  });
});

it('fifty sign-ins at once by the old password while it is changed, at two providers of one database: nothing lives that it began', async () => {
  const came = new Set<number>();
  for (let round = 0; round < 5; round += 1) {
    const { sub, username } = await somebody();
    const attempts = Array.from({ length: 50 }, async (_, index) => {
      const { status } = await (index % 2 === 0 ? house : neighbour).browser().signIn(username, 'the old one');
      came.add(status);
    });
    // At another moment in each round: after the first sign-ins, before the last.
    while ((await sessionsOf(sub)) < round) await new Promise((resolve) => setTimeout(resolve, 1));
    await house.app.get(PersonEnds).end(sub, 'credential_change', (transaction) => change(transaction, sub));
    await Promise.all(attempts);
    expect(await sessionsOf(sub)).toBe(0);
    expect((await house.browser().signIn(username, 'the next one')).status).toBe(303);
  }
  // Some were in time, and ended; others found the new password.
  expect([...came].sort()).toEqual(expect.arrayContaining([303, 401]));
});

it('a second factor does not complete what an old password began, though no time has passed', async () => {
  const { sub, username } = await somebody();
  await addAuthenticator(house.totp, house.clock, sub);
  const browser = neighbour.browser();
  const asked = await browser.signIn(username, 'the old one');
  expect((await browser.follow(asked)).status).toBe(200);
  await house.app.get(PersonEnds).end(sub, 'credential_change', (transaction) => change(transaction, sub));
  expect((await browser.follow(asked)).status).toBe(400);
});
