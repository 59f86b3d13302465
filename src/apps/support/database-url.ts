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
  const starting = startEmbeddedPostgres({ directory });
  // Before it is there: who is told to stop meanwhile waits for it, so that no server is left behind.
  onClose({
    close: async () => {
      const embedded = await starting.catch(() => undefined);
      await embedded?.stop();
    },
  });
  try {
    return (await starting).url;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
