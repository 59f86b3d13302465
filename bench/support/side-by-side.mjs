// A B A B …: both do the same work in turn, so that whatever else the machine does meets both; medians of the rounds.
import { burst } from './load.mjs';
import { workFor } from './works.mjs';

export const ROUNDS = 5;
const SECONDS = 3;
/**
 * V8 compiles the code of either side for some thousands of operations, on threads that count as the server's: the first three
 * thousand flows were measured at 1.7 times what the thirty-thousandth takes. A server that has run for a minute never spends that again.
 */
const WARM_UP_SECONDS = 8;
const CONNECTIONS = 8;

/** @returns `{ ours, theirs }`, each the median of every measure over the rounds */
export async function sideBySide(name, ours, theirs, postmaster) {
  const sides = [];
  for (const provider of [ours, theirs]) sides.push({ provider, rounds: [], work: await workFor(name, provider) });
  const once = ({ provider, work }, seconds) =>
    burst(work, { pid: provider.pid, postmaster, seconds, connections: CONNECTIONS });
  for (const side of sides) await once(side, WARM_UP_SECONDS);
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) side.rounds.push(await once(side, SECONDS));
  }
  const [one, other] = sides.map(({ rounds }) => medians(rounds));
  return { ours: one, theirs: other };
}

export function medians(rounds) {
  return Object.fromEntries(
    Object.keys(rounds[0]).map((measure) => [measure, median(rounds.map((round) => round[measure]))]),
  );
}

export function median(values) {
  if (values.includes(undefined)) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
