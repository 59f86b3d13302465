import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DatabaseError } from '../../src/platform/database/database-error.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

class CreateThing1764000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE thing (what text)');
  }
  async down(): Promise<void> {}
}

const migrations = [CreateThing1764000009000];
/** A role that may connect and nothing else; its password needs percent-encoding in a URL. */
const visitor = { name: `visitor_${process.pid}`, password: 'pass wörd/%?@' };

let database: TestDatabase;
const servers: { server: Server; sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await onServer(
    `CREATE ROLE ${visitor.name} LOGIN PASSWORD '${visitor.password}'`,
    // What PostgreSQL 15 does by itself.
    'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
  );
});

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((closed) => server.close(closed));
  }
});

afterAll(async () => {
  await database.drop();
  await onServer(`DROP ROLE ${visitor.name}`);
});

async function onServer(...statements: string[]): Promise<void> {
  const url = new URL(database.url);
  // The role outlives the test's database.
  if (statements[0]?.startsWith('DROP')) url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** The test's URL with something else about it. */
function urlWith(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

function asVisitor(url: URL): void {
  url.username = visitor.name;
  url.password = encodeURIComponent(visitor.password);
}

/** Something that listens, at a port of the loopback address or at the path of a Unix socket. */
async function listen(onConnection: (socket: Socket) => void, path?: string): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onConnection(socket);
  });
  servers.push({ server, sockets });
  server.listen(path ?? { port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function refusalOf(url: string): Promise<Error> {
  const opened = openDatabase({ url, migrations });
  return opened.then(
    async (database) => {
      await database.onApplicationShutdown();
      throw new Error('it opened');
    },
    (error: Error) => error,
  );
}

describe('a URL that is none', () => {
  it.each([
    [''],
    ['nonsense'],
    ['localhost:5432'],
    ['mysql://gatehouse:hidden-word@localhost/gatehouse'],
    ['postgres://gatehouse:hidden-word@localhost:99999/gatehouse'],
    ['postgres://gatehouse:hidden-word%@localhost/gatehouse'],
    ['postgres://gatehouse:hidden-word@/gatehouse'],
  ])('%j is refused with the form a URL has', async (url) => {
    const error = await refusalOf(url);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toMatch(/^DATABASE_URL is not the URL .* postgres:\/\/user:password@host/);
    expect(error.message).not.toContain('hidden-word');
  });
});

describe('a server that cannot be used', () => {
  const nobodyThere = async () => {
    const port = await listen(() => {});
    const { server } = servers.pop()!;
    await new Promise((closed) => server.close(closed));
    return port;
  };
  const silent = () => listen(() => {});
  const rude = () => listen((socket) => socket.destroy());
  const web = () => listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const at = (start: () => Promise<number>) => async () => {
    const port = String(await start());
    return urlWith((url) => (url.port = port));
  };

  it.each([
    ['is down', at(nobodyThere), /: nothing answers there/],
    ['never answers', at(silent), /: the server did not answer in time/],
    ['hangs up', at(rude), /: (the connection was cut|what answers there is not)/],
    ['is not PostgreSQL', at(web), /: (the connection was cut|what answers there is not)/],
    ['has no TLS', () => urlWith((url) => (url.search = '?sslmode=verify-full')), /: the server has no TLS/],
    [
      'is unknown',
      () => urlWith((url) => (url.hostname = 'nowhere.invalid')),
      /: the host (is not known|name could not)/,
    ],
    [
      'has no such socket',
      () => urlWith((url) => (url.search = '?host=/nowhere')),
      /\(\/nowhere\/test_\w+\): the socket/,
    ],
    [
      'refuses the password',
      () => urlWith((url) => (url.password = 'hidden-word')),
      /: the server refused the password/,
    ],
    ['has no such database', () => urlWith((url) => (url.pathname = '/missing')), /\/missing\): the database named in/],
    ['grants no CREATE', () => urlWith(asVisitor), /: the role lacks a right. It needs CONNECT .* CREATE/],
  ])('%s: said in words, by the name of the setting', async (_, makeUrl, words) => {
    const url = await makeUrl();
    const error = await refusalOf(url);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.message).toMatch(/^DATABASE_URL \(/);
    expect(error.message).toMatch(words);
    const { password } = new URL(url);
    expect(error.message).not.toContain(password);
    expect(error.message).not.toContain(decodeURIComponent(password));
  });

  it('is called by the name of the setting that holds its URL', async () => {
    const url = urlWith((url) => (url.pathname = '/missing'));
    await expect(openDatabase({ url, migrations, setting: 'TEST_DATABASE_URL' })).rejects.toThrow(
      /^TEST_DATABASE_URL \(/,
    );
  });
});

describe('a server that can be used', () => {
  const openOnce = async (url: string) => {
    const opened = await openDatabase({ url, migrations });
    await opened.onApplicationShutdown();
  };

  it('is migrated once, by however many open it at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => openOnce(database.url)));
    await openOnce(database.url);
    const opened = await openDatabase({ url: database.url, migrations });
    expect(await opened.dataSource.query('SELECT name FROM gatehouse_migration')).toHaveLength(1);
    await opened.onApplicationShutdown();
  });

  it('may be asked for without TLS, and a password may hold any character', async () => {
    await openOnce(urlWith((url) => (url.search = '?sslmode=disable')));
    const url = urlWith(asVisitor);
    await onServer(
      `GRANT CREATE ON SCHEMA public TO ${visitor.name}`,
      `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${visitor.name}`,
    );
    await openOnce(url);
    await onServer(`REVOKE CREATE ON SCHEMA public FROM ${visitor.name}`);
  });

  it('may be reached by a Unix socket', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'gatehouse-socket-'));
    const { hostname, port } = new URL(database.url);
    let connections = 0;
    await listen(
      (socket) => {
        connections++;
        const upstream = connect(Number(port), hostname).on('error', () => socket.destroy());
        socket.pipe(upstream).pipe(socket);
      },
      join(directory, '.s.PGSQL.5432'),
    );
    await openOnce(
      urlWith((url) => {
        url.host = 'localhost';
        url.port = '';
        url.search = `?host=${directory}`;
      }),
    );
    expect(connections).toBeGreaterThan(0);
    await rm(directory, { recursive: true });
  });
});
