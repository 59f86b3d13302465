// `npm run build`, and what the other scripts call so that dist is never older than the sources. Not an npm pre-hook:
// those are skipped under `ignore-scripts`.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const lock = join(dist, '.build-lock');
const hashFile = join(dist, '.sources-hash');
const longestBuildInMilliseconds = 400_000;

/**
 * Compiles src to dist when src, the TypeScript configuration or the dependencies changed since the last build that went
 * well; with `always` in any case, and from nothing. Exits with the compiler's code when it fails.
 */
export async function build({ always = false } = {}) {
  if (!always && (await hashSources()) === (await lastHash())) return;
  await underLock(async () => {
    const now = await hashSources();
    const before = await lastHash();
    // Another process may have built it while this one waited for the lock.
    if (now === before && !always) return;
    await rm(hashFile, { force: true });
    // Another list of files: what a removed source had become must go. The compiler only ever adds.
    if (always || namesOf(now) !== namesOf(before)) await emptyDist();
    await compile();
    await writeFile(hashFile, now);
  });
}

function lastHash() {
  return readFile(hashFile, 'utf8').catch(() => '');
}

/** Two lines: the hash of the files' names, and that of their names and contents. */
async function hashSources() {
  const sources = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const inRoot = (await readdir(root)).filter((name) => /^tsconfig.*\.json$|^package-lock\.json$/.test(name));
  const files = [
    ...sources.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name))),
    ...inRoot,
  ].sort();
  const contents = createHash('sha256');
  for (const file of files) {
    const content = await readFile(join(root, file));
    contents.update(`${file}\0${content.length}\0`).update(content);
  }
  return `${createHash('sha256').update(files.join('\0')).digest('hex')}\n${contents.digest('hex')}\n`;
}

function namesOf(hashes) {
  return hashes.split('\n')[0];
}

async function emptyDist() {
  for (const name of await readdir(dist)) {
    if (join(dist, name) !== lock) await rm(join(dist, name), { recursive: true });
  }
}

async function compile() {
  let tsc;
  try {
    tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    process.stderr.write(
      'dist is missing or older than src, and TypeScript is not installed to build it: run "npm ci".\n',
    );
    process.exit(1);
  }
  // On standard error, like everything here: the standard output belongs to the program that is built (`--json`).
  process.stderr.write('Building …\n');
  const stdio = ['ignore', process.stderr, process.stderr];
  const compiler = spawn(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio });
  const [code] = await once(compiler, 'exit');
  if (code === 0) return;
  process.stderr.write('The build failed: see above.\n');
  await rm(lock, { force: true });
  process.exit(code ?? 1);
}

/** Front doors started at once in several terminals would otherwise build into each other's imports. */
async function underLock(work) {
  await mkdir(dist, { recursive: true });
  for (let told = false; !(await takeLock()); told = true) {
    if (!told) process.stderr.write('Waiting for another build …\n');
    await setTimeout(100);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock() {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  // Its holder may have been killed, even before it wrote its pid, and the pid be another program's by now.
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  const takenAt = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  if ((holder && !isAlive(holder)) || Date.now() - takenAt > longestBuildInMilliseconds)
    await rm(lock, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build({ always: true });
