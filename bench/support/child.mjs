// A server under test: a process of its own, on a core of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { onServerCore } from './cores.mjs';

const LONGEST_START_MILLISECONDS = 120_000;

/**
 * Starts a Node program and waits until `readyUrl` answers 200.
 * `core` says where it runs: on the server's core, if nothing else is said.
 * @returns {Promise<{ pid: number, startMilliseconds: number, stop: () => Promise<void> }>}
 */
export async function startServer(file, { env, readyUrl, nodeOptions = [], core = onServerCore }) {
  const begun = performance.now();
  const { PATH, HOME } = process.env;
  // BENCH_PROFILE=directory keeps a CPU profile of each server, for Chrome's developer tools.
  const profile = process.env.BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [];
  const [program, args] = core(process.execPath, [...profile, ...nodeOptions, file]);
  // `taskset` becomes the program: the pid stays.
  const child = spawn(program, args, { env: { PATH, HOME, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${file} ended before it answered: see above.`);
    const answer = await fetch(readyUrl).catch(() => undefined);
    if (answer?.ok) break;
    if (performance.now() - begun > LONGEST_START_MILLISECONDS) throw new Error(`${file} did not start in time.`);
    await setTimeout(10);
  }
  return {
    pid: child.pid,
    startMilliseconds: performance.now() - begun,
    async stop() {
      process.removeListener('exit', end);
      child.kill('SIGTERM');
      await exited;
    },
  };
}

export function freePort() {
  const probe = createServer();
  return new Promise((done) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
