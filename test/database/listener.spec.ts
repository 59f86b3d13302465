import { setTimeout as wait } from 'node:timers/promises';
import { type Database, statement } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const NOTIFY = statement(`SELECT pg_notify($1, '')`);
const CUT = statement(`
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND application_name LIKE '%listener' AND pid <> pg_backend_pid()`);

let test: TestDatabase;
let one: Database;
let other: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  [one, other] = await Promise.all([0, 1].map(() => openDatabase({ url: test.url, migrations: [] }))) as [Database, Database]; // prettier-ignore
});
afterAll(async () => {
  await Promise.all([one, other].map((each) => each.onApplicationShutdown()));
  await test.drop();
});

/** Listens, and lets a test wait until it was woken so often. */
function listener(where: Database, channel: string) {
  let count = 0;
  const stop = where.listen(channel, () => (count += 1));
  const woken = async (times: number) => {
    const until = Date.now() + 60_000;
    while (count < times && Date.now() < until) await wait(5);
    return count;
  };
  return { stop, woken };
}

it('wakes every process that listens on the channel, and nobody else, after the commit', async () => {
  const [here, there, elsewhere] = [
    listener(one, 'channel_a'),
    listener(other, 'channel_a'),
    listener(other, 'channel_b'),
  ];
  // When its connection stands.
  for (const each of [here, there, elsewhere]) expect(await each.woken(1)).toBe(1);
  await one.transaction(async (transaction) => {
    await transaction.query(NOTIFY, ['channel_a']);
    await wait(50);
    expect(await here.woken(0)).toBe(1);
  });
  expect([await here.woken(2), await there.woken(2)]).toEqual([2, 2]);
  there.stop();
  await one.query(NOTIFY, ['channel_a']);
  expect(await here.woken(3)).toBe(3);
  expect([await there.woken(0), await elsewhere.woken(0)]).toEqual([2, 1]);
});

it('wakes when its connection is made anew, because something may have been said meanwhile; and hears again', async () => {
  const database = await openDatabase({ url: test.url, migrations: [] });
  const { woken } = listener(database, 'channel_c');
  expect(await woken(1)).toBe(1);
  await other.query(CUT);
  expect(await woken(2)).toBe(2);
  await other.query(NOTIFY, ['channel_c']);
  expect(await woken(3)).toBe(3);
  // A channel that is new on a connection that stands.
  const late = listener(database, 'channel_d');
  while ((await late.woken(0)) === 0) await other.query(NOTIFY, ['channel_d']);
  await database.onApplicationShutdown();
});

it('takes no name that is not a plain one', () => {
  expect(() => one.listen('a; DROP TABLE x', () => {})).toThrow(/no name for a channel/);
});
