// Gatehouse as people run it: the front door of the provider, alone, at its defaults.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Browser } from '../support/browser.mjs';
import { freePort, startServer } from '../support/child.mjs';
import { basic, CLIENTS, MACHINE_RESOURCE, metadataOf } from './clients.mjs';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export async function startGatehouse({ postgres, database = 'bench_ours', nodeOptions = [], env: more = {}, core }) {
  const port = String(await freePort());
  const url = `http://localhost:${port}`;
  const env = {
    PORT: port,
    ISSUER: url,
    DATABASE_URL: await postgres.database(database),
    GATEHOUSE_DIRECTORY: postgres.directory,
    LOG_LEVEL: 'warn',
  };
  const server = await startServer(join(root, 'dist/apps/identity-provider/main.js'), {
    env: { ...env, ...more },
    nodeOptions,
    ...(core ? { core } : {}),
    readyUrl: `${url}/.well-known/openid-configuration`,
  });
  const { PATH, HOME } = process.env;
  const command = async (...args) => {
    const options = { env: { PATH, HOME, ...env } };
    const { stdout } = await run(process.execPath, [join(root, 'bin/nest-gatehouse.mjs'), ...args, '--json'], options);
    return JSON.parse(stdout);
  };
  await command('resource', 'add', MACHINE_RESOURCE, '--scope', 'bench:read');
  const clients = {};
  for (const name of Object.keys(CLIENTS)) {
    const file = join(postgres.directory, `${name}.json`);
    await writeFile(file, JSON.stringify(metadataOf(name)));
    const { secret } = await command('client', 'add', '--id', `bench-${name}`, '--metadata', file);
    clients[name] = { id: `bench-${name}`, authorization: basic(`bench-${name}`, secret) };
  }
  return {
    name: 'gatehouse',
    url,
    pid: server.pid,
    startMilliseconds: server.startMilliseconds,
    stop: server.stop,
    databaseUrl: env.DATABASE_URL,
    clients,
    browser: new Browser(url),
    paths: {
      authorize: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      introspect: '/introspect',
      jwks: '/jwks',
      discovery: '/.well-known/openid-configuration',
    },
    /** Signs in and consents wherever the browser stands, until it is sent away with a code. */
    async pass(browser, place) {
      for (let current = place; ;) {
        if (current.left) return current.left;
        if (current.page.includes('name="password"')) {
          current = await browser.submit(current, { username: 'alice', password: 'wonderland' });
        } else if (current.page.includes('consent-allow')) {
          current = await browser.submit(current, { decision: 'allow' });
        } else throw new Error(`neither sign-in nor consent at ${current.url}:\n${current.page.slice(0, 2000)}`);
      }
    },
  };
}
