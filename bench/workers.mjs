// `npm run bench:workers`: how much more two workers answer than one, in `sso-flow`. This process is the load generator: the
// kernel counts its CPU time like anybody's, so its share of a core is known, and a round in which it took more than a third
// of one counts for nothing. Two workers, PostgreSQL and the load cannot all have a core where there are two: what is
// measured there is kept, and not judged.
import { availableParallelism } from 'node:os';
import { startGatehouse } from './providers/gatehouse.mjs';
import { onAllCores } from './support/cores.mjs';
import { burst } from './support/load.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { workFor } from './support/works.mjs';

const ROUNDS = 3;
const SECONDS = 8;
const CONNECTIONS = 16;
const LARGEST_SHARE = 1 / 3;
/** Two workers, PostgreSQL, and the load. */
const CORES_NEEDED = 4;
/** One worker answers at most so much of what two do: two answer 1.7 times as much. */
const TARGET = 0.588;

const postgres = await startPostgres();
const stops = [postgres.stop];
try {
  const works = [];
  for (const workers of [1, 2]) {
    const env = { WORKERS: String(workers) };
    const provider = await startGatehouse({ postgres, database: `bench_workers_${workers}`, env, core: onAllCores });
    stops.unshift(provider.stop);
    works.push({ workers, provider, work: await workFor('sso-flow', provider), rounds: [] });
  }
  // In turns, so that what the machine does besides falls on both.
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const { workers, provider, work, rounds } of works) {
      const before = { cpu: process.cpuUsage(), at: performance.now() };
      const measured = await burst(work, {
        pid: provider.pid,
        postmaster: postgres.postmaster,
        seconds: SECONDS,
        connections: CONNECTIONS,
      });
      const { user, system } = process.cpuUsage(before.cpu);
      const loadShare = (user + system) / ((performance.now() - before.at) * 1000);
      // The first round warms up.
      if (round >= 0) rounds.push({ perSecond: measured.perSecond, p99: measured.p99, loadShare });
      process.stderr.write(
        `${workers} workers: ${measured.perSecond.toFixed(0)}/s, load ${loadShare.toFixed(2)} of a core\n`,
      );
    }
  }
  const [one, two] = works.map(({ rounds }) => median(rounds));
  const shares = works.flatMap(({ rounds }) => rounds.map(({ loadShare }) => loadShare));
  const cores = availableParallelism();
  const counts = cores >= CORES_NEEDED && Math.max(...shares) <= LARGEST_SHARE;
  const result = {
    name: 'workers',
    measure: 'sso-flow per second, one worker ÷ two',
    ours: counts ? one.perSecond : NaN,
    theirs: counts ? two.perSecond : NaN,
    target: TARGET,
    details: { cores, coresNeeded: CORES_NEEDED, largestLoadShare: Math.max(...shares), one, two },
  };
  print(await keep([result], { postgres: postgres.version }));
} finally {
  for (const stop of stops) await stop();
}

function median(rounds) {
  return rounds.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(rounds.length / 2)];
}
