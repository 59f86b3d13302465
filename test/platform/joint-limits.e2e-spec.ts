import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import { identityProviderMigrations } from '../../src/migrations/identity-provider.js';
import { type Database, statement } from '../../src/platform/database/database.js';
import { JointLimits, type Share } from '../../src/platform/database/joint-limits.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { sharedLimiter } from '../../src/platform/database/shared-limiter.js';
import { writeTogether } from '../../src/platform/database/write-together.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { TestClock } from '../support/test-clock.js';

const WINDOW_SECONDS = 60;
const clock = new TestClock();
let test: TestDatabase;
let database: Database;
let limits: JointLimits;
let narrow: RateLimiterPostgres;
let wide: RateLimiterPostgres;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({ url: test.url, migrations: identityProviderMigrations });
  limits = new JointLimits(database, clock);
  narrow = sharedLimiter(database, { keyPrefix: 'narrow', points: 2, duration: WINDOW_SECONDS });
  wide = sharedLimiter(database, { keyPrefix: 'wide', points: 3, duration: WINDOW_SECONDS });
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await test.drop();
});

async function points(key: string): Promise<number | undefined> {
  const [row] = await database.dataSource.query('SELECT points FROM rate_limit WHERE key = $1', [key]);
  return row?.points;
}

/** Which limit refuses, by its name, or `taken`. */
async function take(...shares: Share[]): Promise<string> {
  const taken = await limits.take(shares);
  return 'limiter' in taken ? taken.limiter.keyPrefix : 'taken';
}

it('counts against each limit until one is used up, and leaves what comes after that one alone', async () => {
  const mine = (): Share[] => [
    [narrow, 'net'],
    [wide, 'person'],
  ];
  expect([await take(...mine()), await take(...mine()), await take(...mine())]).toEqual(['taken', 'taken', 'narrow']);
  expect(await points('wide:person')).toBe(2);
  expect(await take([narrow, 'other net'], [wide, 'person'])).toBe('taken');
  expect(await take([narrow, 'other net'], [wide, 'person'])).toBe('wide');
});

it('says how long it lasts, and begins anew when the window has passed', async () => {
  for (let attempt = 0; attempt < 2; attempt += 1) await take([narrow, 'window']);
  clock.pass('20s');
  expect(await limits.take([[narrow, 'window']])).toEqual({ limiter: narrow, retryAfterSeconds: 40 });
  clock.pass('40s');
  expect(await take([narrow, 'window'])).toBe('taken');
  expect(await points('narrow:window')).toBe(1);
});

it('gives back what it took, and nothing of a window that came later', async () => {
  const shares: Share[] = [
    [narrow, 'back'],
    [wide, 'back'],
  ];
  const taken = await limits.take(shares);
  await take(...shares);
  if ('giveBack' in taken) await taken.giveBack();
  expect([await points('narrow:back'), await points('wide:back')]).toEqual([1, 1]);
  clock.pass('60s');
  const late = await limits.take(shares);
  clock.pass('60s');
  if ('giveBack' in late) await late.giveBack();
  expect([await points('narrow:back'), await points('wide:back')]).toEqual([1, 1]);
  expect(await take(...shares)).toBe('taken');
});

it('lets so many of any number at once through, whatever they share, and none waits for another for ever', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const taken = await limits.take([
        [wide, `net ${index % 3}`],
        [narrow, `net ${index % 3} person ${index % 2}`],
        [wide, `person ${index % 2}`],
      ]);
      return 'giveBack' in taken ? taken : undefined;
    }),
  );
  const through = answers.filter((taken) => taken !== undefined);
  const counted = await Promise.all([points('wide:person 0'), points('wide:person 1')]);
  expect(through).toHaveLength(Math.min(3, counted[0]!) + Math.min(3, counted[1]!));
  await Promise.all(through.map((taken) => taken.giveBack()));
  expect(await points('wide:person 0')).toBe(counted[0]! - Math.min(3, counted[0]!));
});

it('loses no point when some are taken while others are given back, alone or with what else is written', async () => {
  const roomy = sharedLimiter(database, { keyPrefix: 'roomy', points: 1000, duration: WINDOW_SECONDS });
  const event = statement(`INSERT INTO audit_event (at, event, detail, ip, user_agent, correlation_id)
    SELECT $1, 'sign_in', '{}', '', '', $2`);
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const taken = await limits.take([
        [roomy, 'net'],
        [roomy, `net person ${index % 2}`],
        [roomy, `person ${index % 2}`],
      ]);
      if (!('giveBack' in taken)) throw new Error('there was room');
      if (index % 3 === 0) await taken.giveBack();
      else {
        const insert = [{ statement: event, values: [1, `${index}`] }];
        await writeTogether(database, { insert, anyway: [taken.giving!()] });
      }
    }),
  );
  const keys = ['net', 'net person 0', 'net person 1', 'person 0', 'person 1'];
  expect(await Promise.all(keys.map((key) => points(`roomy:${key}`)))).toEqual([0, 0, 0, 0, 0]);
  expect(await database.query(statement(`SELECT FROM audit_event`))).toHaveLength(40);
});

it('sends one statement for all of them, each way', async () => {
  const sent: string[] = [];
  const counting = {
    query: (statement: { text: string }, values: unknown[]) => {
      sent.push(statement.text);
      return database.query(statement as never, values);
    },
  } as unknown as Database;
  const taken = await new JointLimits(counting, clock).take([
    [narrow, 'one'],
    [wide, 'one'],
  ]);
  if ('giveBack' in taken) await taken.giveBack();
  expect(sent).toHaveLength(2);
  expect(await points('wide:one')).toBe(0);
});
