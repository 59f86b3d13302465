// `npm run bench:footprint`: how long the provider takes from its start to the first discovery answer, on a database that
// is initialised, and how much memory it holds when idle. PostgreSQL runs apart and is counted in neither.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startEmbeddedPostgres } from '../dist/platform/database/embedded-postgres.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const TARGETS = { startMilliseconds: 2000, idleMegabytes: 130 };
const STARTS = 5;
const IDLE_SECONDS = 5;

const directory = await mkdtemp(join(tmpdir(), 'gatehouse-footprint-'));
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({ directory });
try {
  const result = await measure();
  report(result);
  const file = join(root, 'bench/results/footprint.json');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  process.stdout.write(`\n  written to ${file}\n`);
} finally {
  await postgres.stop();
  const data = await realpath(join(directory, 'postgres'));
  if (!data.startsWith(directory)) await rm(dirname(data), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}

async function measure() {
  // The first start migrates and seeds; it does not count.
  await (await start()).stop();
  const starts = [];
  let idleMegabytes;
  for (let count = 1; count <= STARTS; count++) {
    const provider = await start();
    starts.push(Math.round(provider.startMilliseconds));
    if (count === STARTS) {
      await setTimeout(IDLE_SECONDS * 1000);
      idleMegabytes = await residentMegabytes(provider.pid);
    }
    await provider.stop();
  }
  const startMilliseconds = starts.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)];
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, ${process.platform}`,
    measuredAt: new Date().toISOString(),
    starts,
    startMilliseconds,
    idleMegabytes,
    targets: TARGETS,
  };
}

/** The provider's front door, from spawning the process to the whole discovery document. */
async function start() {
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const begun = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/apps/identity-provider/main.js')], {
    env: { PATH, HOME, PORT: port, DATABASE_URL: postgres.url, GATEHOUSE_DIRECTORY: directory, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const exited = once(child, 'exit');
  let startMilliseconds;
  while (startMilliseconds === undefined) {
    if (child.exitCode !== null) throw new Error('The provider ended before it answered: see above.');
    const answer = await fetch(`http://localhost:${port}/.well-known/openid-configuration`).catch(() => undefined);
    if (answer?.ok && (await answer.json()).issuer) startMilliseconds = performance.now() - begun;
    else await setTimeout(5);
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { pid: child.pid, startMilliseconds, stop };
}

/** Linux only; elsewhere undefined. */
async function residentMegabytes(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kilobytes && Math.round(Number(kilobytes) / 102.4) / 10;
}

function report({ starts, startMilliseconds, idleMegabytes, machine }) {
  const verdict = (value, target) => (value === undefined ? 'not measured here' : value <= target ? 'met' : 'MISSED');
  process.stdout.write(`
  ${machine}

  start to first discovery answer   ${startMilliseconds} ms (median of ${starts.join(', ')})
      target ≤ ${TARGETS.startMilliseconds} ms: ${verdict(startMilliseconds, TARGETS.startMilliseconds)}
  idle memory of the provider       ${idleMegabytes ?? '–'} MB (RSS, ${IDLE_SECONDS} s after the start)
      target ≤ ${TARGETS.idleMegabytes} MB: ${verdict(idleMegabytes, TARGETS.idleMegabytes)}
`);
}

function freePort() {
  const probe = createServer();
  return new Promise((done) => {
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
