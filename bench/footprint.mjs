// `npm run bench:footprint`: how long the provider takes from its start to the first discovery answer, on a database that
// is initialised, and how much memory it holds when idle; the same of the peer, in turns. PostgreSQL runs apart and is
// counted in neither.
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PEER, peerSettings } from './providers/oidc-provider.mjs';
import { freePort, startServer } from './support/child.mjs';
import { onAllCores } from './support/cores.mjs';
import { cpuOfProcess, residentMegabytes } from './support/cpu.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { median } from './support/side-by-side.mjs';

const ROUNDS = 5;
const IDLE_SECONDS = 5;
const LONGEST_START = 2000;
const MOST_IDLE = 130;
/** Times what the peer takes. */
const MOST_BESIDE = 1.3;

const postgres = await startPostgres();
try {
  const ours = {
    program: fileURLToPath(new URL('../dist/apps/identity-provider/main.js', import.meta.url)),
    env: {
      DATABASE_URL: await postgres.database('footprint_ours'),
      GATEHOUSE_DIRECTORY: join(postgres.directory, 'footprint'),
      LOG_LEVEL: 'warn',
    },
    rounds: [],
  };
  const theirs = {
    program: PEER,
    env: { DATABASE_URL: await postgres.database('footprint_theirs'), ...(await peerSettings()) },
    rounds: [],
  };
  for (let round = -1; round < ROUNDS; round++) {
    for (const side of [ours, theirs]) {
      const measured = await startOnce(side);
      // The first start migrates and seeds; it does not count.
      if (round >= 0) side.rounds.push(measured);
    }
  }
  const each = (side, name) => side.rounds.map((round) => round[name]);
  const start = (side) => median(each(side, 'startMilliseconds'));
  const idle = (side) => median(each(side, 'idleMegabytes')) ?? NaN;
  const details = (name) => ({ details: { ours: each(ours, name), theirs: each(theirs, name) } });
  const results = [
    {
      name: 'footprint-start',
      measure: 'ms from the start to the first discovery answer',
      ours: start(ours),
      target: LONGEST_START,
      ...details('startMilliseconds'),
    },
    {
      name: 'footprint-start-beside',
      measure: 'ms from the start to the first discovery answer, beside the peer',
      ours: start(ours),
      theirs: start(theirs),
      target: MOST_BESIDE,
      // Of the process, until then: how much of it was work.
      ...details('startCpuMilliseconds'),
    },
    {
      name: 'footprint-idle',
      measure: `resident MB, ${IDLE_SECONDS} s after the start`,
      ours: idle(ours),
      target: MOST_IDLE,
      ...details('idleMegabytes'),
    },
    {
      name: 'footprint-idle-beside',
      measure: `resident MB, ${IDLE_SECONDS} s after the start, beside the peer`,
      ours: idle(ours),
      theirs: idle(theirs),
      target: MOST_BESIDE,
    },
  ];
  print(await keep(results, { postgres: postgres.version }));
} finally {
  await postgres.stop();
}

async function startOnce({ program, env }) {
  const port = String(await freePort());
  const server = await startServer(program, {
    env: { PORT: port, ...env },
    core: onAllCores,
    readyUrl: `http://localhost:${port}/.well-known/openid-configuration`,
  });
  const startCpuMilliseconds = (cpuOfProcess(server.pid) ?? NaN) / 1000;
  await setTimeout(IDLE_SECONDS * 1000);
  const idleMegabytes = process.platform === 'linux' ? residentMegabytes(server.pid) : undefined;
  await server.stop();
  return { startMilliseconds: server.startMilliseconds, startCpuMilliseconds, idleMegabytes };
}
