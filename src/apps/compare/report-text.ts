import { table } from '../cli/answer.js';
import type { Report, Row } from './report.js';
import { lookups, memory, microseconds, milliseconds, NOTHING, octets, perSecond, revocation } from './words.js';
import { STRATEGIES } from './strategies.js';

/** The report for a terminal: the table, a sentence for each row, what is recommended. */
export function reportText(report: Report): string {
  const { machine, versions, rows, unguarded, seconds, settings } = report;
  const software = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const lines = [
    `${machine.cores} × ${machine.cpu}, ${machine.platform}; ${software.join(', ')}`,
    `${settings.quick ? 'A quick look, not a measurement: ' : ''}${settings.rounds} rounds, ${settings.connections} connections, ${Math.round(seconds)} s in all.`,
    '',
    tables(rows),
    '',
    ...(unguarded
      ? [`Without the guard the same application answers ${perSecond(unguarded.requestsPerSecond)} requests/s, at ${microseconds(unguarded.cpuMicroseconds)} of CPU each.`] // prettier-ignore
      : []),
    ...(rows.some(({ revocation: figure }) => figure?.kind === 'bound')
      ? ['* Not measured but the bound: nobody tells the application, so the credential is good until it ends.', '']
      : ['']),
    ...rows.flatMap((row) => [`${row.name}`, ...wrapped(row.sentence), ...notesOf(row), '']),
    'Recommended for your needs',
    ...report.recommendation.choices.flatMap(({ for: whom, strategy, reasons }) => [
      `  For ${whom}: ${nameOf(strategy)}`,
      ...reasons.flatMap((reason) => wrapped(`– ${reason}`, 4)),
    ]),
    ...report.recommendation.advice.flatMap((advice) => wrapped(`– ${advice}`)),
  ];
  return lines.join('\n');
}

/** Two tables, so that they fit a terminal of 80 columns. */
function tables(rows: readonly Row[]): string {
  const speed = rows.map(({ name, requestsPerSecond, cpuMicroseconds, latency, lookups: looked }) => [
    name,
    perSecond(requestsPerSecond),
    microseconds(cpuMicroseconds),
    latency ? milliseconds(latency.p50Milliseconds) : NOTHING,
    latency ? milliseconds(latency.p99Milliseconds) : NOTHING,
    looked ? lookups(looked.alone) : NOTHING,
  ]);
  const rest = rows.map((row) => [
    row.name,
    row.octets ? octets(row.octets.credential) : NOTHING,
    row.octets?.request ? octets(row.octets.request) : NOTHING,
    memory(row.memory),
    revocation(row.revocation),
  ]);
  return [
    table(['STRATEGY', 'REQUESTS/S', 'CPU', 'P50', 'P99', 'LOOKUPS'], speed),
    table(['STRATEGY', 'CREDENTIAL', 'REQUEST', '100 000 PEOPLE', 'REVOKED → REFUSED'], rest),
  ].join('\n\n');
}

/** What must be known to read a row. */
export function notesOf({ problem, revocation: figure }: Row): string[] {
  const notes: string[] = [];
  if (problem !== undefined) notes.push(`  Not measured${figure ? ' wholly' : ''}: ${problem}`);
  if (figure?.kind === 'bound') {
    const letIn = figure.letInAfterMilliseconds;
    notes.push(
      `  Revoked, it is good ${figure.words}.${letIn === undefined ? '' : ` In this run it was still let in after ${milliseconds(letIn)}.`}`,
    );
  }
  return notes;
}

export function nameOf(id: string): string {
  return STRATEGIES.find((one) => one.id === id)?.name ?? id;
}

const WIDTH = 80;

function wrapped(text: string, indent = 2): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${' '.repeat(lines.length > 0 && text.startsWith('–') ? indent + 2 : indent)}${word}`);
  }
  return lines;
}
