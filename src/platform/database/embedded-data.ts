import { execFile } from 'node:child_process';
import {
  access,
  chmod,
  chown,
  constants,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { randomToken } from '../secret.js';
import { type PostgresPrograms, type SystemUser, placeForOthers } from './embedded-binaries.js';

/** The one role, a superuser, and the one database of an embedded server. */
export const roleName = 'gatehouse';

const settingsSchema = z.object({ port: z.number().int().min(1).max(65_535), password: z.string().min(1) });

/** What `<directory>/postgres.json` keeps: the port the server had last, and the role's password. */
export type ServerSettings = z.infer<typeof settingsSchema>;

/** The settings kept in `directory`, or undefined when there are none or they are damaged. */
export async function readSettings(directory: string): Promise<ServerSettings | undefined> {
  const path = join(directory, 'postgres.json');
  try {
    return settingsSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || cause instanceof SyntaxError) return undefined;
    throw new Error(
      `Cannot read ${path} (${code}): the embedded database was made by another user. ` +
        `Start as that user, or delete ${directory} to begin afresh, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/** Replaces the settings in one step, readable by their owner only. */
export async function writeSettings(directory: string, settings: ServerSettings): Promise<void> {
  const path = join(directory, 'postgres.json');
  const draft = `${path}.${randomToken(9)}`;
  await writeFile(draft, JSON.stringify(settings), { mode: 0o600 });
  await give(draft, await stat(directory));
  await rename(draft, path);
}

/**
 * Makes the directory that holds everything. It is closed to others; but when it is root's, PostgreSQL's user must be let
 * through. What is inside guards itself.
 *
 * @throws Error when it cannot be made or written to.
 */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(dirname(directory), { recursive: true });
    await mkdir(directory, { mode: 0o700 }).catch(ignoreExisting);
    await access(directory, constants.W_OK | constants.X_OK);
    const { mode, uid } = await stat(directory);
    if (isRoot() && uid === 0) await chmod(directory, mode | 0o111);
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL cannot be kept in ${directory}: ${(cause as Error).message}. ` +
        'Make it writable for the user that starts Gatehouse, or set DATABASE_URL to a PostgreSQL server (14 or later).',
      { cause },
    );
  }
}

/** Where the data of an initialised server are, symbolic link followed; undefined when there is none yet. */
export async function findData(directory: string): Promise<string | undefined> {
  const data = await realpath(join(directory, 'postgres')).catch(() => undefined);
  return data && (await isFile(join(data, 'PG_VERSION'))) ? data : undefined;
}

/**
 * The user PostgreSQL runs as: ourselves, unless we are root. Then the owner of existing data (somebody started without
 * root before), else the system's `postgres`, else the uid that conventionally owns nothing.
 */
export async function serverUser(data: string | undefined): Promise<SystemUser | undefined> {
  if (!isRoot()) return undefined;
  if (data) {
    const { uid, gid } = await stat(data);
    if (uid !== 0) return { uid, gid };
  }
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => {
      const found = await promisify(execFile)('id', [flag, 'postgres']).catch(() => undefined);
      return Number(found?.stdout ?? 65_534);
    }),
  );
  return uid && gid ? { uid, gid } : { uid: 65_534, gid: 65_534 };
}

/**
 * Initialises a server: `<directory>/postgres`, or, when we are root and PostgreSQL's user cannot enter `directory` (a
 * clone under /root), a link of that name to a directory it can enter. Half an initialisation is never taken for one: it
 * happens beside, and is renamed when done.
 *
 * @returns the data directory
 */
export async function initialiseData(directory: string, password: string, programs: PostgresPrograms): Promise<string> {
  const within = await programs.canEnter(directory);
  const home = within ? directory : await mkdtemp(join(await placeForOthers(), 'data-'));
  await give(home, within ? undefined : programs.user);

  const data = join(home, 'postgres');
  const draft = join(home, 'postgres.new');
  const passwordFile = join(home, 'postgres.password');
  await rm(draft, { recursive: true, force: true });
  await clearPlace(join(directory, 'postgres'));
  try {
    await mkdir(draft, { mode: 0o700 });
    await give(draft, programs.user);
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    await give(passwordFile, programs.user);
    // prettier-ignore
    const made = await programs.run('initdb', [
      '-D', draft, '-U', roleName, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C',
    ]);
    if (made.code !== 0)
      throw new Error(`The embedded PostgreSQL cannot be initialised in ${home}: ${made.output.trim()}`);
    await rename(draft, data);
  } finally {
    await rm(passwordFile, { force: true });
  }
  if (!within) await symlink(data, join(directory, 'postgres'));
  return data;
}

/** Data that root copied or restored are root's: PostgreSQL's user gets them back, or it could not open them. */
export async function reclaimData(data: string, user: SystemUser | undefined): Promise<void> {
  if (!user || (await stat(data)).uid === user.uid) return;
  for (const name of await readdir(data, { recursive: true })) await lchown(join(data, name), user.uid, user.gid);
  await lchown(data, user.uid, user.gid);
}

/** Sets the role's password while the server is down, by PostgreSQL's single-user mode, which asks for none. */
export async function resetPassword(data: string, password: string, programs: PostgresPrograms): Promise<void> {
  const statement = `ALTER ROLE ${roleName} PASSWORD '${password}'\n`;
  const reset = await programs.run('postgres', ['--single', '-D', data, 'postgres'], statement);
  if (reset.code !== 0)
    throw new Error(`The password of the embedded PostgreSQL in ${data} cannot be reset: ${reset.output}`);
}

/** What stands in the data's place holds no data, or findData had found them: a link to data that are gone, an empty directory. */
async function clearPlace(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  await (found.isDirectory() ? rmdir(path) : unlink(path)).catch((cause: unknown) => {
    throw new Error(`${path} is in the way: it holds something that is not a PostgreSQL server's data. Move it away.`, {
      cause,
    });
  });
}

async function give(path: string, owner: SystemUser | undefined): Promise<void> {
  if (owner && isRoot()) await chown(path, owner.uid, owner.gid);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined))?.isFile() ?? false;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
