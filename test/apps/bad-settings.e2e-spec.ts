import { createServer, type Server } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { startPortal } from '../../src/apps/portal/portal-app.js';
import { appConfig } from '../../src/apps/support/app-config.js';
import { DEMO_CLIENTS, demoApps } from '../../src/apps/support/demo.js';
import { keptSecrets } from '../../src/apps/support/kept-secret.js';
import { explain } from '../../src/apps/support/run.js';
import { createTestDatabase } from '../support/database.js';
import { addressesFrom, failedStart, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let port: string;
/** It listens, says nothing, and is no PostgreSQL. */
let silent: Server;
let silentPort: number;
/** A provider waits for it for five seconds, meanwhile the tests go on. */
let silence: Promise<string>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  database = await createTestDatabase();
  port = String(await freePortBase());
  silent = createServer((socket) => void socket.on('error', () => {}));
  silentPort = await new Promise((done) => {
    silent.listen(0, '127.0.0.1', () => done((silent.address() as { port: number }).port));
  });
  silence = refusalOf('identity-provider', { DATABASE_URL: elsewhere((url) => (url.port = String(silentPort))) });
});
afterAll(async () => {
  silent.close();
  await directory.remove();
  await database.drop();
});

const base = () => ({ GATEHOUSE_DIRECTORY: directory.path, DATABASE_URL: database.url, PORT: port });
/** The address of the database, changed. */
function elsewhere(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}
const SECRET = 'W4Yh0rQ2nZk8vT6uJxP1cLm9eBdS3gFa7iKoNqRs';

/** Every message stands alone: it names the setting and what to do, and no stack follows. */
async function refuses(name: string, settings: NodeJS.ProcessEnv, ...words: (string | RegExp)[]): Promise<string> {
  const { code, output } = await failedStart(name, { ...base(), ...settings });
  expect([code, output]).toEqual([1, expect.stringMatching(/^Gatehouse cannot start\. /m)]);
  for (const word of words) expect(output).toMatch(word);
  expect(output).not.toMatch(/^\s+at /m);
  return output;
}

/** The same without the seconds that a process needs to load everything. Each front door is started as one, too. */
const here: Record<string, (settings: NodeJS.ProcessEnv) => Promise<INestApplication>> = {
  'identity-provider': async (settings) => {
    const config = identityProviderConfig(settings);
    const secrets = config.secrets ?? (await keptSecrets(config.directory, 'secret'));
    return startIdentityProvider(config, {
      databaseUrl: config.databaseUrl!,
      secrets,
      logger: false,
      apps: demoApps(Number(port)),
    });
  },
  portal: async (settings) => {
    const config = appConfig(settings, { portOffset: 1, client: DEMO_CLIENTS.portal });
    return startPortal(config, config.databaseUrl!, [SECRET], false);
  },
};

function refusalOf(name: string, settings: NodeJS.ProcessEnv): Promise<string> {
  return here[name]!({ ...base(), ...settings }).then(
    async (app) => {
      await app.close();
      return 'It started.';
    },
    (error: unknown) => explain(error),
  );
}

async function refusesHere(refusal: Promise<string>, ...words: (string | RegExp)[]): Promise<void> {
  const output = await refusal;
  for (const word of [/^Gatehouse cannot start\. /, ...words]) expect(output).toMatch(word);
  expect(output).not.toMatch(/^\s+at /m);
}

describe('KC-07: a setting that is not right stops the start', () => {
  // All of them are in config.spec.ts; here is what becomes of them.
  it.each<[string, NodeJS.ProcessEnv, (string | RegExp)[]]>([
    ['identity-provider', { PORT: 'x', LOG_LEVEL: 'x', GATEHOUSE_X: 'x' }, ['PORT:', 'LOG_LEVEL:', 'GATEHOUSE_X:']],
    ['demo', { PORT_BASE: '65533' }, [/PORT_BASE: must leave room/]],
    ['demo', { ISSUER: 'https://id.example.com', GATEHOUSE_SECRET: SECRET }, [/ISSUER: the demo runs on loopback/]],
    ['orders', { ISSUER: 'http://id.example.com' }, [/ISSUER: must be https/]],
    ['desk', { ORDERS_URL: 'orders', SESSION_SECRET: 'short' }, [/ORDERS_URL: must be/, /SESSION_SECRET: each/]],
  ])('%s: %j', async (name, settings, words) => {
    await refuses(name, settings, ...words);
  });

  it.each<[string, NodeJS.ProcessEnv, (string | RegExp)[]]>([
    ['identity-provider', { GATEHOUSE_SECRET: 'short' }, [/GATEHOUSE_SECRET: .*32 random bytes/]],
    [
      'identity-provider',
      { ISSUER: 'https://id.example.com', DATABASE_URL: '' },
      ['DATABASE_URL:', 'GATEHOUSE_SECRET:'],
    ],
    ['identity-provider', { HOST: '192.0.2.1' }, [/HOST: '192\.0\.2\.1' is not an address of this machine/]],
    ['portal', { PUBLIC_URL: 'localhost:1' }, [/PUBLIC_URL: must be an origin/]],
  ])('%s: %j', async (name, settings, words) => {
    await refusesHere(refusalOf(name, settings), ...words);
  });
});

describe('a database that cannot be used stops the start', () => {
  it('a wrong password', async () => {
    const url = elsewhere((changed) => (changed.password = 'wr0ng-secret'));
    const output = await refuses('identity-provider', { DATABASE_URL: url }, /DATABASE_URL \(.*refused the password/);
    expect(output).not.toContain('wr0ng-secret');
  });

  it.each<[string, () => string, RegExp]>([
    ['no such database', () => elsewhere((url) => (url.pathname = '/no_such')), /does not exist/],
    ['a server that is down', () => elsewhere((url) => (url.port = '1')), /nothing answers there/],
    ['no such host', () => 'postgres://user@host.invalid/x', /host is not known|could not be looked up/],
  ])('%s', async (_name, url, message) => {
    await refusesHere(refusalOf('identity-provider', { DATABASE_URL: url() }), /DATABASE_URL \(/, message);
  });

  it('another server', async () => {
    await refusesHere(silence, /DATABASE_URL \(.*did not answer in time/);
  });

  it('for the sessions of an application, too', async () => {
    const url = elsewhere((changed) => (changed.pathname = '/no_such'));
    await refuses('portal', { DATABASE_URL: url }, /DATABASE_URL \(.*does not exist/);
  });

  it('a role without rights', async () => {
    const pg = (await import('pg')).default;
    const role = `reader_${process.pid}`;
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reader'`);
    const url = elsewhere((changed) => ((changed.username = role), (changed.password = 'reader')));
    const refusal = refusalOf('identity-provider', { DATABASE_URL: url });
    await refusesHere(refusal, /DATABASE_URL .*lacks a right.*CREATE/);
    await admin.query(`DROP ROLE ${role}`);
    await admin.end();
  });
});

describe('a port that is taken stops the start', () => {
  it('for the provider, and for one of the four of the demo', async () => {
    await refuses('identity-provider', { PORT: String(silentPort) }, `PORT: 127.0.0.1:${silentPort} is in use`);
    // The first two of the demo's are free, the third is taken: everything that was opened is closed again.
    await refuses('demo', { PORT_BASE: String(silentPort - 2) }, `${silentPort} is in use`, 'PORT_BASE');
  });

  it('and once it is free, the start goes well', async () => {
    const free = await freePortBase();
    const door = new FrontDoor('identity-provider', { ...base(), PORT: String(free) });
    await door.ready(addressesFrom(free).provider);
    expect(await door.stop()).toBe(0);
  });
});
