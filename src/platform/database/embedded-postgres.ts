import { readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { randomToken } from '../secret.js';
import { PostgresPrograms } from './embedded-binaries.js';
import {
  findData,
  initialiseData,
  makeDirectory,
  readSettings,
  reclaimData,
  resetPassword,
  roleName,
  serverUser,
  type ServerSettings,
  writeSettings,
} from './embedded-data.js';
import { withLock } from './embedded-lock.js';
import { processCommand } from './embedded-process.js';
import { livingUsers, registerUser } from './embedded-users.js';

/** A PostgreSQL server of our own that answers at `url` until `stop`. */
export interface EmbeddedPostgres {
  /** The connection string of its database `gatehouse`; holds the password, so never log it. */
  url: string;
  /** Gives the server up: the last of its users stops it, cutting what is still connected. Call after the drain; more calls do nothing. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Where everything is kept: `postgres/` (the data), `postgres.json` (port, password), `users/`, `lock.<n>`. Made when missing. */
  directory: string;
  /** Told, in a line, what takes time or is unusual. */
  log?: (line: string) => void;
}

/** Durability stays as PostgreSQL has it. No Unix socket: its path may not exceed 107 bytes, and ours depends on the clone's. */
const serverOptions =
  '-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB ' +
  // A failing statement is logged by who sent it; the server's own log needs no statements, which may hold secrets.
  '-c log_min_error_statement=panic';

const patienceInMilliseconds = 60_000;
const pauseInMilliseconds = 100;

/**
 * Starts the PostgreSQL of `directory`, or attaches to it when it runs already: under other processes that use it, or left
 * over by one that was killed. Initialises it the first time (about a second).
 *
 * @throws Error that says what is wrong and that DATABASE_URL is the other way; nothing is left registered then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  try {
    return await startOrAttach(resolve(options.directory), options.log ?? (() => {}));
  } catch (error) {
    const { message } = error as Error;
    if (message.includes('DATABASE_URL')) throw error;
    throw new Error(`${message.trim()}\nInstead, DATABASE_URL may be set to a PostgreSQL server (14 or later).`, {
      cause: error,
    });
  }
}

async function startOrAttach(directory: string, log: (line: string) => void): Promise<EmbeddedPostgres> {
  await makeDirectory(directory);
  return withLock(directory, async () => {
    const server = await Server.open(directory, log);
    const url = await server.ensureRunning().catch(async (error: unknown) => {
      if ((await livingUsers(directory)).length === 0) await server.stop().catch(() => {});
      throw error;
    });
    const unregister = await registerUser(directory);
    let stopped: Promise<void> | undefined;
    const stop = () =>
      withLock(directory, async () => {
        await unregister();
        if ((await livingUsers(directory)).length === 0) await server.stop();
      });
    return { url, stop: () => (stopped ??= stop()) };
  });
}

/** One server and what is kept about it. Every method wants the directory's lock. */
class Server {
  private constructor(
    private readonly directory: string,
    private readonly data: string,
    private readonly programs: PostgresPrograms,
    private settings: ServerSettings,
    private readonly log: (line: string) => void,
  ) {}

  static async open(directory: string, log: (line: string) => void): Promise<Server> {
    const existing = await findData(directory);
    const programs = await PostgresPrograms.find(await serverUser(existing));
    const kept = await readSettings(directory);
    const settings = kept ?? { port: await freePort(), password: randomToken(24) };
    if (existing) {
      await reclaimData(existing, programs.user);
      const server = new Server(directory, existing, programs, settings, log);
      await server.refuseCopy();
      if (!kept) await server.replacePassword();
      return server;
    }
    log('Initialising the embedded PostgreSQL …');
    // The password first: killed in between, there is a password without data, never data without their password.
    await writeSettings(directory, settings);
    const data = await initialiseData(directory, settings.password, programs);
    return new Server(directory, data, programs, settings, log);
  }

  /** Attaches or starts, and proves by a connection that it is there; returns its URL. */
  async ensureRunning(): Promise<string> {
    let problem: unknown;
    for (let waited = 0; waited < patienceInMilliseconds; waited += pauseInMilliseconds) {
      const port = (await this.isRunning()) ? await this.portInUse() : await this.launch();
      try {
        await this.createDatabase(port);
        return this.url(port, roleName);
      } catch (error) {
        // 28P01: invalid_password. Everything else passes: it is starting, or ending.
        if ((error as { code?: string }).code === '28P01') {
          throw new Error(
            `The embedded PostgreSQL refuses the password in ${this.settingsPath}. ` +
              'Delete that file and start again, with no other Gatehouse process running: a new password is set, the data stay.',
            { cause: error },
          );
        }
        problem = error;
      }
      await this.removeStalePidFile();
      await setTimeout(pauseInMilliseconds);
    }
    throw new Error(
      `The embedded PostgreSQL in ${this.data} does not answer: ${(problem as Error).message}. ${await this.logTail()}`,
      { cause: problem },
    );
  }

  async stop(): Promise<void> {
    if (!(await this.isRunning())) return;
    const stopped = await this.programs.run('pg_ctl', ['stop', '-D', this.data, '-m', 'fast', '-w', '-t', '60']);
    if (stopped.code !== 0 && (await this.isRunning())) {
      throw new Error(`The embedded PostgreSQL in ${this.data} does not stop: ${stopped.output.trim()}`);
    }
  }

  /** A copy of a running server's directory holds its postmaster.pid: we would attach to that server, and stop it. */
  private async refuseCopy(): Promise<void> {
    const [, original = ''] = await this.pidFile();
    const [theirs, ours] = await Promise.all([original, this.data].map((path) => stat(path).catch(() => undefined)));
    // A directory moved while its server ran is no copy: nothing is left at the old path.
    if (!theirs || theirs.ino === ours?.ino || !(await this.isRunning())) return;
    throw new Error(
      `${this.data} was copied from ${original} while its server ran, and such a copy may be damaged. ` +
        `Stop everything that uses ${original} and copy again, or delete ${this.directory} to begin afresh.`,
    );
  }

  /** postgres.json is gone or damaged: the data need not be, so the role gets another password. */
  private async replacePassword(): Promise<void> {
    const [user] = await livingUsers(this.directory);
    if (user !== undefined) {
      throw new Error(
        `${this.settingsPath} is missing or damaged while process ${user} uses the embedded PostgreSQL. ` +
          'End that process and start again: a new password is set, the data stay.',
      );
    }
    this.log(`${this.settingsPath} is missing or damaged: setting a new password …`);
    await this.stop();
    await resetPassword(this.data, this.settings.password, this.programs);
    await writeSettings(this.directory, this.settings);
  }

  private async isRunning(): Promise<boolean> {
    const status = await this.programs.run('pg_ctl', ['status', '-D', this.data]);
    // 0 it runs, 3 it does not; else the directory cannot be used, and the output says why.
    if (status.code === 0 || status.code === 3) return status.code === 0;
    throw new Error(`The embedded PostgreSQL cannot use ${this.data}: ${status.output.trim()}`);
  }

  /** Starts it at the port it had last, or at another one when that is taken by now; returns the port. */
  private async launch(): Promise<number> {
    // Free when asked is not free when used, hence several attempts.
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(attempt === 1 ? this.settings.port : 0);
      if (port !== this.settings.port) {
        this.settings = { ...this.settings, port };
        await writeSettings(this.directory, this.settings);
      }
      // The log of the last run only, or it would grow for ever.
      await rm(this.logPath, { force: true });
      const options = `-p ${port} ${serverOptions}`;
      // prettier-ignore
      const started = await this.programs.run('pg_ctl', [
        'start', '-D', this.data, '-l', this.logPath, '-o', options, '-w', '-t', '60',
      ]);
      if (started.code === 0) return port;
      const tail = await this.logTail();
      if (attempt === 5 || !tail.includes('could not create any TCP/IP sockets')) {
        throw new Error(`The embedded PostgreSQL in ${this.data} does not start: ${started.output.trim()} ${tail}`);
      }
    }
  }

  /** The port of the running server, by its own word; undefined words (it is just ending) leave the port we know. */
  private async portInUse(): Promise<number> {
    const [, , , port] = await this.pidFile();
    return Number(port) || this.settings.port;
  }

  /**
   * After a crash of the machine the pid in postmaster.pid may be another program's by now, which makes pg_ctl and
   * PostgreSQL believe that a server runs.
   */
  private async removeStalePidFile(): Promise<void> {
    const pid = Number((await this.pidFile())[0]);
    if (!pid) return;
    const command = await processCommand(pid);
    if (command === undefined || command.includes('postgres')) return;
    this.log(`Removing the postmaster.pid of a server that is gone: process ${pid} is another program.`);
    await rm(join(this.data, 'postmaster.pid'), { force: true });
  }

  private async createDatabase(port: number): Promise<void> {
    const client = new pg.Client({ connectionString: this.url(port, 'postgres'), connectionTimeoutMillis: 10_000 });
    // A connection that breaks between two statements also fails the statement: that is where it is dealt with.
    client.on('error', () => {});
    await client.connect();
    try {
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [roleName]);
      if (found.rowCount === 0) await client.query(`CREATE DATABASE ${roleName}`);
    } finally {
      await client.end();
    }
  }

  private url(port: number, database: string): string {
    return `postgres://${roleName}:${encodeURIComponent(this.settings.password)}@127.0.0.1:${port}/${database}`;
  }

  private async pidFile(): Promise<string[]> {
    return (await readFile(join(this.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  }

  private async logTail(): Promise<string> {
    const log = await readFile(this.logPath, 'utf8').catch(() => '');
    // That it refused us, as it does while it starts, is nothing new.
    const news = log
      .trim()
      .split('\n')
      .filter((line) => !/FATAL: {2}the database system is|DETAIL: {2}Consistent recovery state/.test(line));
    return news.slice(-5).join('\n');
  }

  private get logPath(): string {
    return join(this.data, 'server.log');
  }

  private get settingsPath(): string {
    return join(this.directory, 'postgres.json');
  }
}

/** The wished port when it is free on the loopback address, else a free one of the system's choice. */
async function freePort(wished = 0): Promise<number> {
  const found = await tryPort(wished);
  return found ?? (await tryPort(0)) ?? wished;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => done(undefined));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
