// `npm run bench:revocation [latency guards rules receivers]`: how fast a revocation is enforced, and what that costs. The
// provider and the applications are processes of their own and speak over the real wire.
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { measureGuards } from './revocation/guards.mjs';
import { measureLatency } from './revocation/latency.mjs';
import { measureReceivers } from './revocation/many-receivers.mjs';
import { measureRules } from './revocation/rules.mjs';

const parts = { latency: measureLatency, guards: measureGuards, rules: measureRules, receivers: measureReceivers };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.\n`);
  process.exit(1);
}

const postgres = await startPostgres({ settings: ['track_commit_timestamp = on'] });
try {
  const results = [];
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
    process.stderr.write(`${name} …\n`);
    results.push(...(await parts[name]({ postgres })));
  }
  print(await keep(results, { postgres: postgres.version }));
} finally {
  await postgres.stop();
}
