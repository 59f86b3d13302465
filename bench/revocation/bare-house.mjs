// The bare provider and its applications, each a process of its own, as the benchmark asks ours.
import { generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { freePort, startServer } from '../support/child.mjs';
import { commitsIn, FORM } from './house.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

export async function openBareHouse({ postgres, name, applications }, how) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const databaseUrl = await postgres.database(name);
  const url = `http://127.0.0.1:${await freePort()}`;
  const start = async (program, at, env) =>
    startServer(file(program), { env: { PORT: new URL(at).port, ...env }, readyUrl: at, ...how });
  const servers = [await start('bare-provider.mjs', url, { DATABASE_URL: databaseUrl, PRIVATE_KEY: privateKey })];
  const started = [];
  for (const application of applications) {
    const at = `http://127.0.0.1:${await freePort()}`;
    const env = { NAME: application, PROVIDER: url, PUBLIC_KEY: publicKey };
    servers.unshift(await start('bare-application.mjs', at, env));
    started.push({ url: at });
  }
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  return {
    url,
    applications: started,
    token: async () => (await fetch(`${url}/token`)).text(),
    request: (path, form) => ({
      path,
      headers: { 'content-type': FORM },
      body: new URLSearchParams(form).toString(),
    }),
    commits: () => commitsIn(database),
    async stop() {
      await database.end();
      for (const server of servers) await server.stop();
    },
  };
}
