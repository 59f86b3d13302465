import { link, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { randomToken } from '../secret.js';
import { processStart } from './embedded-process.js';

const patienceInMilliseconds = 120_000;
const pauseInMilliseconds = 50;

/**
 * Runs `work` while no other process, and nobody else in this one, runs work under a lock of the same directory.
 *
 * Node has no flock(2), so turns are numbered files `lock.<n>`: the highest counts, and is held while it names a living
 * process. The next turn is taken by creating `lock.<n+1>`, which only one can. The highest file is never removed, only
 * emptied, so a process that looked long ago cannot take an old number without noticing; and a holder that was killed
 * leaves a turn that is simply over.
 *
 * @throws Error when a living process holds the lock for two minutes; it names its pid.
 */
export async function withLock<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const turn = await takeTurn(directory);
  try {
    return await work();
  } finally {
    // Fails only when the directory was deleted meanwhile, and its lock with it.
    await truncate(join(directory, `lock.${turn}`)).catch(() => {});
  }
}

async function takeTurn(directory: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  let holder: string | undefined;
  for (let waited = 0; waited < patienceInMilliseconds; waited += pauseInMilliseconds) {
    const turns = await listTurns(directory);
    holder = await holderOf(directory, turns.at(-1));
    if (!holder) {
      const mine = (turns.at(-1) ?? 0) + 1;
      if (await claim(directory, mine)) return mine;
    }
    await setTimeout(pauseInMilliseconds);
  }
  throw new Error(
    `The embedded PostgreSQL in ${directory} is being started or stopped by process ${holder} for two minutes. ` +
      'End that process and start again.',
  );
}

/** Who holds this turn, or undefined when it is over. */
async function holderOf(directory: string, turn: number | undefined): Promise<string | undefined> {
  if (turn === undefined) return undefined;
  const owner = await readFile(join(directory, `lock.${turn}`), 'utf8').catch(() => undefined);
  // Gone between listing and reading: it was an old turn, and somebody newer is at work.
  if (owner === undefined) return '(unknown)';
  if (owner === '') return undefined;
  const [pid = '', start] = owner.split('\n');
  return (await processStart(Number(pid))) === start ? pid : undefined;
}

async function claim(directory: string, turn: number): Promise<boolean> {
  const path = join(directory, `lock.${turn}`);
  const draft = join(directory, `draft.${randomToken(9)}`);
  await writeFile(draft, `${process.pid}\n${await processStart(process.pid)}`);
  try {
    // A link appears with its content in one step: no reader sees a turn that names nobody yet.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const turns = await listTurns(directory);
  const late = turns.some((other) => other > turn);
  const over = late ? [turn] : turns.filter((other) => other < turn);
  await Promise.all(over.map((number) => rm(join(directory, `lock.${number}`), { force: true })));
  return !late;
}

async function listTurns(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((turn) => turn > 0)
    .sort((a, b) => a - b);
}
