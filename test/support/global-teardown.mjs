import pg from 'pg';

export default async function tearDown() {
  const client = new pg.Client({ connectionString: process.env.GATEHOUSE_TEST_POSTGRES });
  try {
    await client.connect();
    await client.query(`DROP DATABASE IF EXISTS ${process.env.GATEHOUSE_TEST_TEMPLATE} WITH (FORCE)`);
  } finally {
    await client.end();
    await globalThis.stopTestPostgres?.();
  }
}
