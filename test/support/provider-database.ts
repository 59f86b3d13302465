import pg from 'pg';
import { openProviderDatabase } from '../../src/apps/identity-provider/provider-database.js';
import { KeyRing } from '../../src/keys/key-ring.js';
import { type Clock, SystemClock } from '../../src/platform/clock.js';
import { Secrets } from '../../src/platform/secret.js';
import { createTestDatabase, serverUrl, type TestDatabase, urlOf } from './database.js';
import { TestClock } from './test-clock.js';

export const SECRETS = ['a-secret-for-tests-that-is-long-enough'];

/**
 * A database as a provider leaves it that was started with {@link SECRETS} this moment: migrated, with its first keys and
 * nothing else. They are made once in a run, which takes a second of arithmetic, and copied.
 */
export async function createProviderDatabase(clock: Clock = new SystemClock()): Promise<TestDatabase> {
  const database = await createTestDatabase(await template());
  const now = clock.now();
  if (now !== new TestClock().now()) {
    await connected(database.url, (client) =>
      client.query(
        `UPDATE signing_key SET created_at = $1, activated_at = CASE state WHEN 'active' THEN $1::bigint END`,
        [now],
      ),
    );
  }
  return database;
}

/** The name of the database that is copied; the first who needs it makes it, and the others wait. */
async function template(): Promise<string> {
  const name = process.env['GATEHOUSE_TEST_TEMPLATE'];
  if (!name) throw new Error('No template: run the tests with the global setup of jest.config.mjs.');
  await connected(serverUrl().href, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished} TEMPLATE template0`);
    const database = await openProviderDatabase(urlOf(unfinished));
    try {
      await new KeyRing(database, new Secrets(SECRETS), new TestClock()).ensureKeys();
    } finally {
      await database.onApplicationShutdown();
    }
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  });
  return name;
}

async function connected(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
