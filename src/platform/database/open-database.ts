import { DataSource } from 'typeorm';
import type { Migration } from '../../migrations/migration.js';
import { Database } from './database.js';
import { DatabaseError, explainDatabaseError, requirePostgresUrl } from './database-error.js';

const OLDEST_SERVER = 140_000;
/** Two migrators at once queue on this PostgreSQL advisory lock; the number is ours and means nothing. */
const MIGRATION_LOCK = 7_126_402_031;
const MIGRATION_PATIENCE_SECONDS = 60;

export interface DatabaseOptions {
  /** `postgres://…`, with everything the driver understands in its query: `?host=/socket/directory`, `?sslmode=`, `?sslrootcert=`. */
  url: string;
  /** How the setting is called that holds the URL, for error texts. */
  setting?: string;
  entities?: (new () => object)[];
  migrations: Migration[];
  /** Connections of this process. */
  poolSize?: number;
  applicationName?: string;
  onClosed?: () => Promise<void>;
}

/**
 * Connects, checks that the server is PostgreSQL 14 or later, and migrates. Several processes may do so at once.
 * @throws DatabaseError with a text for people that names the setting and what to do.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const setting = options.setting ?? 'DATABASE_URL';
  requirePostgresUrl(setting, options.url);
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities ?? [],
    migrations: options.migrations,
    migrationsTableName: 'gatehouse_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    applicationName: options.applicationName ?? 'gatehouse',
    poolSize: options.poolSize ?? 10,
    connectTimeoutMS: 5_000,
    extra: { statement_timeout: 15_000, idle_in_transaction_session_timeout: 15_000, keepAlive: true },
    // Without a listener a broken idle connection ends the process.
    poolErrorHandler: () => {},
  });
  try {
    await dataSource.initialize();
    await requireServerVersion(dataSource, setting);
    await migrate(dataSource);
    return new Database(dataSource, options.onClosed);
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error instanceof DatabaseError ? error : explainDatabaseError(error, setting, options.url);
  }
}

async function requireServerVersion(dataSource: DataSource, setting: string): Promise<void> {
  const [row] = await dataSource.query<{ server_version_num: string }[]>('SHOW server_version_num');
  if (Number(row?.server_version_num) < OLDEST_SERVER) {
    throw new DatabaseError(`${setting}: PostgreSQL 14 or later is needed; this server is ${row?.server_version_num}.`);
  }
}

async function migrate(dataSource: DataSource): Promise<void> {
  const locker = dataSource.createQueryRunner();
  try {
    // Waiting for another migrator may take longer than a statement should, but not for ever: it may hang.
    await locker.query(`SET statement_timeout = '${MIGRATION_PATIENCE_SECONDS}s'`);
    await locker.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
  } finally {
    await locker.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {});
    await locker.query('RESET statement_timeout').catch(() => {});
    await locker.release();
  }
}
