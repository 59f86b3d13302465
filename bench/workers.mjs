// `npm run bench:workers`: how much more two workers answer than one, in `sso-flow`. This process is the load generator: the
// kernel counts its CPU time like anybody's, so its share of a core is known.
//
// Two workers, PostgreSQL and the load cannot all have a core where there are two. What is judged there is what a second worker
// costs each operation: where cores are free, two workers do twice as much, divided by that. It says so only as long as nothing but
// the CPU is waited for, so what PostgreSQL's connections wait for, and how idle the cores were, is kept beside it.
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { startGatehouse } from './providers/gatehouse.mjs';
import { onAllCores } from './support/cores.mjs';
import { cpuOfMachine } from './support/cpu.mjs';
import { burst } from './support/load.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { medians } from './support/side-by-side.mjs';
import { workFor } from './support/works.mjs';

const ROUNDS = 5;
/** Two workers share the requests, so each takes twice as long to be compiled. */
const WARM_UP_ROUNDS = 3;
const SECONDS = 6;
const CONNECTIONS = 16;
const LARGEST_SHARE = 1 / 3;
/** Two workers, PostgreSQL, and the load. */
const CORES_NEEDED = 4;
/** One answers at most so much of what two do: two answer 1.7 times as much. */
const TARGET = 0.588;
/** Twice as much, divided by this, is 1.7 times as much. */
const TARGET_CPU = 1.176;
const LOOK_EVERY_MILLISECONDS = 50;

const postgres = await startPostgres({ away: false });
const stops = [postgres.stop];
try {
  const sides = [];
  for (const workers of [1, 2]) {
    const env = { WORKERS: String(workers) };
    const provider = await startGatehouse({ postgres, database: `bench_workers_${workers}`, env, core: onAllCores });
    stops.unshift(provider.stop);
    const observer = new pg.Client({ connectionString: provider.databaseUrl });
    await observer.connect();
    stops.unshift(() => observer.end());
    sides.push({ workers, provider, observer, work: await workFor('sso-flow', provider), rounds: [], waits: {} });
  }
  // In turns, so that what the machine does besides falls on both. The first rounds warm up.
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const side of sides) {
      const waits = watchWaits(side.observer);
      const before = { cpu: process.cpuUsage(), machine: cpuOfMachine(), at: performance.now() };
      const measured = await burst(side.work, {
        pid: side.provider.pid,
        postmaster: postgres.postmaster,
        seconds: SECONDS,
        connections: CONNECTIONS,
      });
      const { user, system } = process.cpuUsage(before.cpu);
      const loadShare = (user + system) / ((performance.now() - before.at) * 1000);
      const idleShare = shareIdle(before.machine, cpuOfMachine());
      const seen = await waits.stop();
      process.stderr.write(
        `${side.workers} workers: ${measured.perSecond.toFixed(0)}/s, load ${loadShare.toFixed(2)} of a core\n`,
      );
      if (round < 0) continue;
      side.rounds.push({ ...measured, loadShare, idleShare });
      for (const [kind, count] of Object.entries(seen)) side.waits[kind] = (side.waits[kind] ?? 0) + count;
    }
  }
  const [one, two] = sides.map(({ rounds }) => medians(rounds));
  const cost = ({ serverMicroseconds, postgresMicroseconds }) => serverMicroseconds + postgresMicroseconds;
  const cores = availableParallelism();
  const largestLoadShare = Math.max(...sides.flatMap(({ rounds }) => rounds.map(({ loadShare }) => loadShare)));
  const haveRoom = cores >= CORES_NEEDED && largestLoadShare <= LARGEST_SHARE;
  const [waitsOfOne, waitsOfTwo] = sides.map(({ waits }) => waits);
  const results = [
    {
      name: 'workers',
      measure: 'sso-flow per second, one worker ÷ two',
      ours: haveRoom ? one.perSecond : NaN,
      theirs: haveRoom ? two.perSecond : NaN,
      target: TARGET,
      details: { cores, coresNeeded: CORES_NEEDED, largestLoadShare },
    },
    {
      name: 'workers-cpu',
      measure: 'CPU µs of sso-flow, server + PostgreSQL, two workers ÷ one',
      ours: cost(two),
      theirs: cost(one),
      target: TARGET_CPU,
      details: { one: { ...one, waits: waitsOfOne }, two: { ...two, waits: waitsOfTwo } },
    },
  ];
  print(await keep(results, { postgres: postgres.version }));
} finally {
  for (const stop of stops) await stop();
}

/** Looks again and again at what the connections that work are waiting for; `CPU`: for nothing. */
function watchWaits(observer) {
  const seen = {};
  let over = false;
  const watching = (async () => {
    while (!over) {
      const { rows } = await observer.query(
        `SELECT coalesce(wait_event_type, 'CPU') AS kind, count(*)::int AS count FROM pg_stat_activity
         WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() GROUP BY 1`,
      );
      for (const { kind, count } of rows) seen[kind] = (seen[kind] ?? 0) + count;
      await setTimeout(LOOK_EVERY_MILLISECONDS);
    }
  })();
  return {
    async stop() {
      over = true;
      await watching;
      return seen;
    },
  };
}

function shareIdle(before, after) {
  if (!before) return undefined;
  const idle = after.idle - before.idle;
  return idle / (idle + after.busy - before.busy);
}
