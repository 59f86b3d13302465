// The server under test has one core; load generator and PostgreSQL share another. Where there is one core only, or no
// `taskset`, everything shares what there is, and the results say so.
import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const apart = availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;
const SERVER_CORE = '0';
const OTHER_CORE = '1';

/** The command line that runs a program on the server's core. */
export function onServerCore(program, args) {
  return apart ? ['taskset', ['-c', SERVER_CORE, program, ...args]] : [program, args];
}

/** The command line that runs it wherever there is room: where several servers together are measured by time. */
export function onAnyCore(program, args) {
  return apart ? ['taskset', ['-c', `${SERVER_CORE},${OTHER_CORE}`, program, ...args]] : [program, args];
}

/** Wherever the kernel puts it: for what is measured over all cores there are. */
export function onAllCores(program, args) {
  return [program, args];
}

/** Moves a living process, and what it starts from now on, away from the server's core. */
export function awayFromServer(pid) {
  if (apart) execFileSync('taskset', ['-a', '-c', '-p', OTHER_CORE, String(pid)], { stdio: 'ignore' });
}
