import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * When the process with this pid began, as an opaque text to compare; undefined when no such process lives (a zombie is
 * dead). A pid alone says little: after a reboot, or in a container where everything is pid 1, it names somebody else.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!exists(pid)) return undefined;
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  if (stat === undefined) return (await ps(pid, 'lstart')) ?? 'unknown';
  // proc(5): the command in parentheses may hold anything, so fields are counted after its end; 3 is the state, 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
  return `${boot.trim()} ${fields[19]}`;
}

/** The command line of a process, or undefined when it is dead or the system does not tell. */
export async function processCommand(pid: number): Promise<string | undefined> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined ? ps(pid, 'command') : command.replaceAll('\0', ' ').trim();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Systems without /proc (macOS); undefined where there is no `ps` either (Windows). */
async function ps(pid: number, field: 'lstart' | 'command'): Promise<string | undefined> {
  const found = await promisify(execFile)('ps', ['-ww', '-o', `${field}=`, '-p', String(pid)]).catch(() => undefined);
  return found?.stdout.trim() || undefined;
}
