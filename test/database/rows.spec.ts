import { type Database, octetsInJson, rowsOf, statement } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const THING = {
  name: 'text',
  words: 'text[]',
  claims: 'json',
  secret: 'bytea',
  at: 'bigint',
  gone: 'boolean',
} as const;
const READ = statement(`SELECT thing.*, $2::bigint AS now FROM ${rowsOf('$1', 'thing', THING)}`);

let place: TestDatabase;
let database: Database;

beforeAll(async () => {
  place = await createTestDatabase();
  database = await openDatabase({ url: place.url, migrations: [] });
});

afterAll(async () => {
  await database.onApplicationShutdown();
  await place.drop();
});

it('takes rows of any text, lists, octets and times in one value, and nothing for what is left out', async () => {
  const at = 1_795_795_421_290;
  const words = ['a"b', String.raw`c\d`, 'e,f', '{g}', 'NULL', '', 'ü🙂'];
  const secret = Buffer.from([0, 1, 92, 120, 255]);
  const rows = [
    { name: "it's", words, claims: { userinfo: { name: null } }, secret: octetsInJson(secret), at, gone: true },
    { name: '', words: [] },
    { claims: null },
  ];
  const nothing = { name: null, words: null, claims: null, secret: null, at: null, gone: null, now: '7' };
  expect(await database.query(READ, [JSON.stringify(rows), 7])).toEqual([
    { ...rows[0], secret, at: String(at), now: '7' },
    { ...nothing, name: '', words: [] },
    nothing,
  ]);
});

it('is one plan, however many rows there are', async () => {
  for (const count of [1, 50, 2, 30, 3, 40, 4]) {
    const rows = Array.from({ length: count }, (_, index) => ({ name: String(index) }));
    expect(await database.query(READ, [JSON.stringify(rows), 1])).toHaveLength(count);
  }
  const [plans] = await database.query<{ custom: number }>(
    statement(`SELECT max(custom_plans)::integer AS custom FROM pg_prepared_statements WHERE name = '${READ.name}'`),
  );
  // PostgreSQL tries five times before it keeps one.
  expect(plans!.custom).toBeLessThanOrEqual(5);
});
