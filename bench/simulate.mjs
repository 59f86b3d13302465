// `npm run simulate`: a hundred million people, ten thousand processes of applications, five regions. Seconds of one
// core, no database, and the same answer each time: docs/scale.md holds it.
import { simulateRevocations } from './simulate/revocations.mjs';
import { tables } from './simulate/tables.mjs';
import { network, run } from './simulate/assumptions.mjs';
import { rates } from './simulate/sizing.mjs';

const begun = performance.now();
const here = 2 * network.oneWay.value[0][0];
const far = 2 * Math.max(...network.oneWay.value[0]);
const usual = { rate: rates.revocations, lockRoundTrip: here };
const burst = { rate: rates.revocations + run.burst.value / run.burstSeconds.value, lockRoundTrip: here };
const scenarios = [
  { name: 'all polls at the primary’s region', ...simulateRevocations({ ...usual, relays: false }) },
  { name: 'processes for the feed in each region', ...simulateRevocations({ ...usual, relays: true }) },
];
const bursting = simulateRevocations({ ...burst, relays: true });
const document = tables({ scenarios, burst: { ...bursting, rate: burst.rate }, lockRoundTrips: { here, far } });
process.stdout.write(`${document}\n`);
const events = [...scenarios, bursting].reduce((sum, one) => sum + one.events, 0);
const seconds = (performance.now() - begun) / 1000;
process.stderr.write(`${events.toLocaleString('en')} events in ${seconds.toFixed(1)} s\n`);
