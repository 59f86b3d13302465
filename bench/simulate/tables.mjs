import { costs, machines, MEASURED_ON, network, population, run } from './assumptions.mjs';
import {
  busyCores,
  commitsPerSecond,
  deliveriesPerRevocation,
  memory,
  monthly,
  rates,
  rented,
  work,
} from './sizing.mjs';

const number = (value, digits = 0) =>
  value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (share) => `${number(share * 100)} %`;
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What docs/scale.md holds between its marks, in Markdown. */
export function tables({ scenarios, burst, lockRoundTrips }) {
  return [
    '### From the commit of a revocation to the last process that refuses',
    latencies(scenarios),
    '### The log',
    theLog(scenarios[1], burst, lockRoundTrips),
    '### What the busiest hour takes',
    load(),
    '### What is kept, and what it costs',
    kept(),
    '### What this rests on',
    assumptions(),
  ].join('\n\n');
}

function latencies(scenarios) {
  const cells = ({ p50, p99, p999, max }) => [p50, p99, p999, max].map((value) => number(value));
  const rows = scenarios.flatMap(({ name, regions, all }) => [
    ...regions.map((region) => [name, region.name, ...cells(region)]),
    [name, '**all**', ...cells(all)],
  ]);
  return table(['Topology', 'Applications in', 'p50 ms', 'p99 ms', 'p99.9 ms', 'worst ms'], rows);
}

function theLog(usual, burst, { here, far }) {
  const most = (roundTrip) => 1000 / (roundTrip + costs.commit.value);
  return table(
    ['', ''],
    [
      ['revocations per second at the peak', number(rates.revocations)],
      ['answers with an event per second', number(rates.deliveries)],
      ['share of time that the log’s lock is held', percent(usual.lockBusy)],
      ['longest wait for it', `${number(usual.longestWait, 1)} ms`],
      ['busiest process that serves the feed', percent(usual.nodeBusy)],
      ['processes that serve the feed', number(usual.processes)],
      ['most revocations per second, ended beside the primary', number(most(here))],
      ['the same, ended by a process in the farthest region', number(most(far), 1)],
      [`${number(run.burst.value)} sessions ended within ${run.burstSeconds.value} s: revocations per second`, number(burst.rate)],
      ['then the longest wait for the log', `${number(burst.longestWait)} ms`],
      ['then refused within seven seconds, to be tried again', percent(burst.refused)],
      ['then p50 and p99 from the commit', `${number(burst.all.p50)} and ${number(burst.all.p99)} ms`],
    ],
  ); // prettier-ignore
}

function load() {
  const rows = work.map(({ name, perSecond, providerCores, databaseCores }) => [
    name,
    number(perSecond),
    number(providerCores, 1),
    number(databaseCores, 1),
  ]);
  return table(
    ['', 'per second', 'busy cores, provider', 'busy cores, PostgreSQL'],
    [
      ...rows,
      ['**together**', '', number(busyCores.provider, 1), number(busyCores.database, 1)],
      [`**to rent** (${percent(machines.busy.value)} busy)`, '', number(rented.provider), number(rented.database)],
    ],
  );
}

function kept() {
  return table(
    ['', ''],
    [
      ['durable commits per second at the peak', number(commitsPerSecond)],
      ['answers for one revocation', number(deliveriesPerRevocation)],
      ['sign-on sessions', `${number(memory.sessions, 1)} GB`],
      ['authorizations and refresh tokens', `${number(memory.authorizations, 1)} GB`],
      ['acknowledgements of a day', `${number(memory.acknowledgementRowsPerDay / 1e6)} million rows, ${number(memory.acknowledgements, 1)} GB`],
      ['rules that one process of an application holds', `${number(memory.rulesPerProcess)}, ${number(memory.ruleMegabytes, 1)} MB`],
      ['memory of the provider’s processes, one a core', `${number((rented.provider * costs.processMemory.value) / 1000, 1)} GB`],
      ['provider, a month', `${number(monthly.provider)} USD`],
      ['PostgreSQL with its replicas, a month', `${number(monthly.database)} USD`],
      ['its storage, a month', `${number(monthly.storage)} USD`],
      ['together, for a million people a month', `${number(monthly.perMillionPeople)} USD`],
    ],
  ); // prettier-ignore
}

function assumptions() {
  const written = (value) => {
    if (!Array.isArray(value)) return value >= 1 ? value.toLocaleString('en') : String(value);
    return Array.isArray(value[0]) ? `${Math.min(...value.flat())} to ${Math.max(...value.flat())}` : value.join(', ');
  };
  const rows = Object.entries({ population, network, costs, machines, run }).flatMap(([group, values]) =>
    Object.entries(values).map(([name, { value, unit, source, why }]) => [
      `\`${group}.${name}\``,
      `${written(value)} ${unit}`.trim(),
      source === 'measured' ? `measured, ${MEASURED_ON}` : source,
      why,
    ]),
  );
  return table(['Name', 'Value', '', 'What it rests on'], rows);
}
