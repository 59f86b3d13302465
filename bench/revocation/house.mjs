// The provider as people run it, on a database of its own, with what the revocation benchmark needs in it.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { basic } from '../providers/clients.mjs';
import { freePort, startServer } from '../support/child.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
export const FORM = 'application/x-www-form-urlencoded';
export const AUDIENCE = 'urn:bench:api';

/** @param {string[]} applications clients that serve the API, and so hear of all its tokens; `how` as `startServer` takes it */
export async function openHouse({ postgres, name, applications }, how = {}) {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const databaseUrl = await postgres.database(name);
  const env = {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    GATEHOUSE_DIRECTORY: postgres.directory,
    LOG_LEVEL: 'warn',
  };
  const start = () =>
    startServer(join(root, 'dist/apps/identity-provider/main.js'), {
      env,
      readyUrl: `${url}/.well-known/openid-configuration`,
      ...how,
    });
  let server = await start();
  const database = new pg.Client({ connectionString: databaseUrl });
  // When something fails here, that is what is told, not that its connection was cut after that.
  database.on('error', () => {});
  await database.connect();
  const { PATH, HOME } = process.env;
  const command = async (...args) => {
    const options = { env: { PATH, HOME, ...env } };
    const { stdout } = await run(process.execPath, [join(root, 'bin/nest-gatehouse.mjs'), ...args, '--json'], options);
    return JSON.parse(stdout);
  };
  const { secret } = await command('client', 'add', '--id', 'machine', '--grant-type', 'client_credentials', '--scope', 'bench:read'); // prettier-ignore
  const house = {
    url,
    secret,
    database,
    pid: () => server.pid,
    /** Clients like the first one, with its secret. */
    async addClients(ids) {
      await database.query(
        `INSERT INTO client (id, metadata, policy, secret_digest, created_at, updated_at)
         SELECT new.id, metadata, policy, secret_digest, created_at, updated_at
         FROM client, unnest($1::text[]) AS new (id) WHERE client.id = 'machine'`,
        [ids],
      );
    },
    async restart(between) {
      await server.stop();
      await between();
      server = await start();
    },
    /** What {@link post} sends, for whoever sends it otherwise. */
    request(path, form, clientId = 'machine') {
      const headers = { authorization: basic(clientId, secret), 'content-type': FORM };
      return { path, headers, body: new URLSearchParams(form).toString() };
    },
    async post(path, form, clientId) {
      const { headers, body } = house.request(path, form, clientId);
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
      return text === '' ? {} : JSON.parse(text);
    },
    token: async (clientId = 'machine', scope = 'bench:read') =>
      (await house.post('/token', { grant_type: 'client_credentials', scope }, clientId)).access_token,
    revoke: (token) => house.post('/revoke', { token }),
    commits: () => commitsIn(database),
    async stop() {
      await database.end();
      await server.stop();
    },
  };
  await house.addClients(applications);
  const servedBy = applications.flatMap((id) => ['--served-by', id]);
  await command('resource', 'add', AUDIENCE, '--scope', 'bench:read', ...servedBy);
  // A provider that is running learns of it within a few seconds.
  while (String(claimsOf(await house.token()).aud) !== AUDIENCE) await pause(100);
  return house;
}

/** When each token's revocation was committed, as the database says; in milliseconds, by its `jti`. */
export async function commitsIn(database) {
  const { rows } = await database.query(
    `SELECT jti, extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000 AS at FROM revocation_log WHERE kind = 'token'`,
  );
  return new Map(rows.map(({ jti, at }) => [jti, Number(at)]));
}

/** The claims in a JWT, unproved. */
export function claimsOf(jwt) {
  return JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString());
}
