// The wall clock with fractions of a millisecond, to compare with what PostgreSQL on the same machine says.

let apart;

/** Milliseconds since the epoch. */
export function now() {
  apart ??= measure();
  return apart + performance.now();
}

/** At the moment at which `Date.now()` ticks, its fraction is zero. */
function measure() {
  const before = Date.now();
  let after = before;
  while (after === before) after = Date.now();
  return after - performance.now();
}

/** @param {number[]} values @param {number} share between 0 and 1 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
