// One more process that uses the embedded PostgreSQL of a directory: it prints the URL, and gives the server up when its
// standard input ends.
import { startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';

try {
  const postgres = await startEmbeddedPostgres({ directory: process.argv[2]! });
  process.stdout.write(`${postgres.url}\n`);
  process.stdin.resume().on('end', () => void postgres.stop());
} catch (error) {
  process.stdout.write(`${(error as Error).message}\n`);
}
