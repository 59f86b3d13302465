import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** An empty database of the test's own. */
export interface TestDatabase {
  url: string;
  /** Removes it; connections still open to it are cut. */
  drop(): Promise<void>;
}

/** Makes a fresh database on the server of this test run: an empty one, or a copy of another to which nobody is connected. */
export async function createTestDatabase(template = 'template0'): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await onServer(
    `CREATE DATABASE ${name} TEMPLATE ${template}`,
    // Nothing here must survive a power cut: commits need not wait for the disk.
    `ALTER DATABASE ${name} SET synchronous_commit = off`,
  );
  return { url: urlOf(name), drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export function urlOf(database: string): string {
  const url = serverUrl();
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl().href });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export function serverUrl(): URL {
  const url = process.env['GATEHOUSE_TEST_POSTGRES'];
  if (!url) throw new Error('No test database: run the tests with the global setup of jest.config.mjs.');
  return new URL(url);
}
