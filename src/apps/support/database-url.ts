import { startEmbeddedPostgres } from '../../platform/database/embedded-postgres.js';
import { StartError } from './start-error.js';
import type { Closable } from './run.js';

/** `DATABASE_URL`, or our own PostgreSQL under `directory` when it is not set. Processes of one directory share it. */
export async function databaseUrl(
  configured: string | undefined,
  directory: string,
  onClose: (closable: Closable) => void,
): Promise<string> {
  if (configured) return configured;
  try {
    const embedded = await startEmbeddedPostgres({ directory });
    onClose({ close: () => embedded.stop() });
    return embedded.url;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
