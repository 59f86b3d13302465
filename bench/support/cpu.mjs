// CPU time as the kernel counts it, so that all threads of a process and PostgreSQL's processes are in it. Linux only.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const microsecondsPerTick = () => 1e6 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
const tick = process.platform === 'linux' ? microsecondsPerTick() : undefined;

/** @returns {number | undefined} microseconds that this process has used; undefined where it cannot be read */
export function cpuOfProcess(pid) {
  const fields = statOf(pid);
  return fields && (fields.utime + fields.stime) * tick;
}

/** @returns {number | undefined} microseconds of its main thread, the one that runs JavaScript; as {@link cpuOfProcess} */
export function cpuOfMainThread(pid) {
  // In nanoseconds, where `stat` has hundredths of a second.
  return tick && Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
}

/** @returns {number | undefined} microseconds of a process, of those that it has started and of those of them that ended */
export function cpuOfFamily(pid) {
  const fields = statOf(pid);
  if (!fields) return undefined;
  let ticks = fields.utime + fields.stime + fields.cutime + fields.cstime;
  for (const name of readdirSync('/proc')) {
    const child = /^\d+$/.test(name) ? statOf(name) : undefined;
    if (child?.parent === pid) ticks += child.utime + child.stime;
  }
  return ticks * tick;
}

/** @returns {{ busy: number, idle: number } | undefined} microseconds of all cores since the machine started */
export function cpuOfMachine() {
  if (tick === undefined) return undefined;
  const [user, nice, system, idle, wait, ...more] = readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .slice(1);
  const sum = (values) => values.reduce((total, value) => total + Number(value), 0) * tick;
  // What guests use stands in `user` already.
  return { busy: sum([user, nice, system, ...more.slice(0, 3)]), idle: sum([idle, wait]) };
}

/** What the kernel keeps in memory for a process, in MB. Linux only. */
export function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) / 1024;
}

function statOf(pid) {
  if (tick === undefined) return undefined;
  let text;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold blanks; the numbers after it are numbered from 3 in proc(5).
  const field = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (position) => Number(field[position - 3]);
  return { parent: number(4), utime: number(14), stime: number(15), cutime: number(16), cstime: number(17) };
}
