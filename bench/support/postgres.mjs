// A PostgreSQL of the benchmark's own, durable as PostgreSQL comes (`synchronous_commit = on`).
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/platform/database/embedded-postgres.js';
import { awayFromServer } from './cores.mjs';

/**
 * @param settings of PostgreSQL beyond its defaults, as `ALTER SYSTEM SET` wants them
 * @param away from the server's core; false: wherever the kernel puts it
 * @returns its `postmaster` pid, `database(name)` which makes one and answers its URL, and `stop()`, which removes it all
 */
export async function startPostgres({ settings = [], away = true } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-bench-'));
  await chmod(directory, 0o711);
  let server = await startEmbeddedPostgres({ directory });
  if (settings.length > 0) {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    for (const setting of settings) await client.query(`ALTER SYSTEM SET ${setting}`);
    await client.end();
    await server.stop();
    server = await startEmbeddedPostgres({ directory });
  }
  const data = await realpath(join(directory, 'postgres'));
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const { rows } = await admin.query(
    `SELECT current_setting('data_directory') AS data, current_setting('synchronous_commit') AS durable, version() AS version`,
  );
  const [{ data: place, durable, version }] = rows;
  if (durable !== 'on') throw new Error('synchronous_commit is not on: the comparison would not be honest');
  const postmaster = Number((await readFile(join(place, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  if (away) awayFromServer(postmaster);
  return {
    directory,
    postmaster,
    version: version.split(' ').slice(0, 2).join(' '),
    async database(name) {
      await admin.query(`CREATE DATABASE "${name}"`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      await admin.end();
      await server.stop();
      if (!data.startsWith(directory)) await rm(dirname(data), { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
    },
  };
}
