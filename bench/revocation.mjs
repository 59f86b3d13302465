// `npm run bench:revocation [latency guards rules receivers]`: how fast a revocation is enforced, and what that costs. The
// provider and the applications are processes of their own and speak over the real wire.
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { measureGuards } from './revocation/guards.mjs';
import { measureLatency } from './revocation/latency.mjs';
import { measureReceivers } from './revocation/many-receivers.mjs';
import { measureRules } from './revocation/rules.mjs';

/** `onAnyCore`: nothing has a core of its own, PostgreSQL neither. */
const parts = {
  latency: { measure: measureLatency, onAnyCore: true },
  guards: { measure: measureGuards },
  rules: { measure: measureRules },
  receivers: { measure: measureReceivers },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(', ')}. There are: ${Object.keys(parts).join(', ')}.\n`);
  process.exit(1);
}

const results = [];
let version;
for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
  process.stderr.write(`${name} …\n`);
  const { measure, onAnyCore = false } = parts[name];
  const postgres = await startPostgres({ settings: ['track_commit_timestamp = on'], away: !onAnyCore });
  try {
    results.push(...(await measure({ postgres })));
    ({ version } = postgres);
  } finally {
    await postgres.stop();
  }
}
print(await keep(results, { postgres: version }));
