import { type Database, statement } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What the commit of a line waits for. */
const GATE = 43;
const INSERT = statement(`INSERT INTO line (name) VALUES ($1), ($1 || '!') RETURNING name`);
const COUNT = statement(`SELECT count(*)::integer AS count FROM line`);
const HOLD = statement(`SELECT pg_advisory_lock(${GATE}) IS NULL AS held`);
const LET_GO = statement(`SELECT pg_advisory_unlock(${GATE}) AS was_held`);

let place: TestDatabase;
let database: Database;

beforeAll(async () => {
  place = await createTestDatabase();
  database = await openDatabase({ url: place.url, migrations: [] });
  await database.dataSource.query(`
    CREATE TABLE line (name text);
    CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.name LIKE 'never%' THEN RAISE 'never committed'; END IF;
      PERFORM pg_advisory_xact_lock(${GATE});
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON line DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION at_commit();`);
});
afterAll(async () => {
  await database.onApplicationShutdown();
  await place.drop();
});

const lines = async () => (await database.query<{ count: number }>(COUNT))[0]!.count;

/** Inserts two rows; `early`: the first row, or how it failed before there was one. */
function insert(name: string) {
  const told: string[] = [];
  let all!: Promise<string[]>;
  const early = new Promise<string>((resolve, reject) => {
    all = database
      .query<{ name: string }>(INSERT, [name], (row) => {
        told.push(row.name);
        resolve(row.name);
      })
      .then((rows) => rows.map((row) => row.name));
    all.catch(reject);
  });
  return { told, early, all };
}

it.each(['parsed for the first time', 'parsed before'])('tells rows before they are committed: %s', async () => {
  const before = await lines();
  // On a connection of its own, which a transaction keeps.
  await database.transaction(async (holder) => {
    await holder.query(HOLD);
    const { told, early, all } = insert('one');
    expect(await early).toBe('one');
    expect(await lines()).toBe(before);
    await holder.query(LET_GO);
    expect(await all).toEqual(['one', 'one!']);
    expect(told).toEqual(['one', 'one!']);
  });
  expect(await lines()).toBe(before + 2);
});

it('tells rows that are never committed, and fails as ever; the connection goes on', async () => {
  const before = await lines();
  for (let round = 0; round < 3; round += 1) {
    const { told, early, all } = insert('never');
    expect(await early).toBe('never');
    await expect(all).rejects.toThrow('never committed');
    expect(told).toEqual(['never', 'never!']);
  }
  expect(await lines()).toBe(before);
  expect(database.load.open).toBe(database.load.idle);
});

it('tells nothing of a statement that fails', async () => {
  const fails = database.query(statement('SELECT 1 / $1::integer AS never'), [0], () => {
    throw new Error('told of a statement that failed');
  });
  await expect(fails).rejects.toThrow('division by zero');
  expect(await database.query(COUNT)).toHaveLength(1);
});
