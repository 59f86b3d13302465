import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command, and says how it failed, or undefined when it did not. */
export async function run(command, args, env, cwd = process.cwd()) {
  const child = spawn(command, args, {
    env,
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: AbortSignal.timeout(10 * 60_000),
  });
  try {
    const [code, signal] = await once(child, 'exit');
    return code === 0 ? undefined : `failed (${signal ?? `exit code ${code}`})`;
  } catch (error) {
    return `failed (${error.message})`;
  }
}

let lists;
/** Brings Debian's lists of packages up to date, once. */
export function updatePackageLists() {
  lists ??= run('apt-get', ['update', '-qq'], process.env);
  return lists;
}
