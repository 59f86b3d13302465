// One PostgreSQL for the whole run: TEST_DATABASE_URL (its user must be allowed to create databases), else the embedded
// one, kept between runs. The test files find it in GATEHOUSE_TEST_POSTGRES. Not TypeScript, because Jest does not load a
// global setup the way it loads tests.
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import './typescript.mjs';

export default async function setUp() {
  // The first who needs it makes it (see provider-database.ts); like every database it is named after a process of the run.
  process.env.GATEHOUSE_TEST_TEMPLATE = `test_${process.pid}_template`;
  if (process.env.TEST_DATABASE_URL) {
    process.env.GATEHOUSE_TEST_POSTGRES = process.env.TEST_DATABASE_URL;
    return;
  }
  const { startEmbeddedPostgres } = await import('../../src/platform/database/embedded-postgres.ts');
  const directory = fileURLToPath(new URL('../../.gatehouse/test', import.meta.url));
  const postgres = await startEmbeddedPostgres({ directory, log: (line) => process.stderr.write(`${line}\n`) });
  globalThis.stopTestPostgres = () => postgres.stop();
  // Interrupted, Jest ends without its teardown, and the server would run on.
  for (const [signal, exitCode] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, () => void postgres.stop().finally(() => process.exit(exitCode)));
  }
  process.env.GATEHOUSE_TEST_POSTGRES = postgres.url;
  await dropAbandoned(postgres.url);
}

/** Databases of runs that were killed; the name holds the pid (see database.ts). */
async function dropAbandoned(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+_'`);
  for (const { datname } of rows) {
    if (!isAlive(Number(datname.split('_')[1]))) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
  await client.end();
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
