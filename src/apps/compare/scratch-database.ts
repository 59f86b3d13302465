import { randomToken } from '../../platform/secret.js';
import { StartError } from '../support/start-error.js';

const PREFIX = 'gatehouse_compare_';
/** Of the advisory locks that say which of these databases somebody uses. */
const LOCK_CLASS = 20_260_000;

/** A database of the comparison's own, and the way it goes again. */
export interface ScratchDatabase {
  url: string;
  version: string;
  drop(): Promise<void>;
}

/**
 * Makes a database on this server, and first removes those that comparisons left which were killed.
 * @throws StartError when the server cannot be reached, or this user may not make databases
 */
export async function openScratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: serverUrl, connectionTimeoutMillis: 10_000 });
  // Its connection may be cut at the very end; whoever waits for a statement is told anyway.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const { explainDatabaseError } = await import('../../platform/database/database-error.js');
    throw explainDatabaseError(error, 'DATABASE_URL', serverUrl);
  }
  try {
    await removeLeftOvers((text, values) => client.query(text, values));
    const name =
      PREFIX +
      randomToken(9)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]/g, '0');
    await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_CLASS, name]);
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return {
      url: url.href,
      version: rows[0]!.server_version.split(' ')[0]!,
      drop: async () => {
        try {
          await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        } finally {
          await client.end();
        }
      },
    };
  } catch (error) {
    await client.end();
    if ((error as { code?: string }).code !== '42501') throw error;
    const { username } = new URL(serverUrl);
    throw new StartError(
      `DATABASE_URL: the user '${decodeURIComponent(username)}' may not make the database that the comparison needs for itself ` +
        `(and drops again). Allow it (ALTER ROLE … CREATEDB), or leave DATABASE_URL out: then the embedded PostgreSQL is used.`,
    );
  }
}

/** Those whose lock nobody holds. */
async function removeLeftOvers(
  query: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>,
): Promise<void> {
  const { rows } = await query(
    `SELECT datname FROM pg_database WHERE datname LIKE $1 AND pg_get_userbyid(datdba) = current_user`,
    [`${PREFIX.replaceAll('_', '\\_')}%`],
  );
  for (const { datname: name } of rows) {
    const { rows: locked } = await query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS free', [LOCK_CLASS, name]);
    if (locked[0]!['free'] !== true) continue;
    await query(`DROP DATABASE IF EXISTS "${String(name)}" WITH (FORCE)`);
    await query('SELECT pg_advisory_unlock($1, hashtext($2))', [LOCK_CLASS, name]);
  }
}
