// `npm run bench:soak [minutes]`: all kinds of work in turn, for long, and whether the provider's memory or its answers
// change. No answer may fail; the memory of the last quarter may be a tenth above that of the second.
import { startGatehouse } from './providers/gatehouse.mjs';
import { awayFromServer } from './support/cores.mjs';
import { residentMegabytes } from './support/cpu.mjs';
import { burst } from './support/load.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { median } from './support/side-by-side.mjs';
import { NAMES, workFor } from './support/works.mjs';

const minutes = Number(process.argv[2] ?? 30);
const SECONDS = 5;
const CONNECTIONS = 8;
const TARGET = 1.1;

awayFromServer(process.pid);
const postgres = await startPostgres();
const stops = [];
try {
  const provider = await startGatehouse({ postgres });
  stops.push(provider.stop);
  // Each burst cuts off a refresh per connection, whose next token is lost; the work is made anew in every round.
  const megabytes = [];
  for (const end = Date.now() + minutes * 60_000; Date.now() < end;) {
    for (const name of NAMES) {
      const work = await workFor(name, provider);
      const how = { pid: provider.pid, postmaster: postgres.postmaster, seconds: SECONDS, connections: CONNECTIONS };
      await burst(work, how);
    }
    megabytes.push(residentMegabytes(provider.pid));
    process.stderr.write(`${megabytes.at(-1).toFixed(0)} MB\n`);
  }
  const quarter = Math.max(1, Math.floor(megabytes.length / 4));
  const results = [
    {
      name: 'soak',
      measure: `resident MB, last quarter ÷ second quarter of ${minutes} minutes`,
      ours: median(megabytes.slice(-quarter)),
      theirs: median(megabytes.slice(quarter, 2 * quarter)),
      target: TARGET,
      details: { megabytes },
    },
  ];
  print(await keep(results, { postgres: postgres.version }));
} finally {
  for (const stop of stops) await stop();
  await postgres.stop();
}
