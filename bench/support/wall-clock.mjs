// The wall clock with fractions of a millisecond, to compare with what PostgreSQL on the same machine says.

const TICKS = 20;
const apart = measure();

/** Milliseconds since the epoch. */
export function now() {
  return apart + performance.now();
}

/**
 * At the moment at which `Date.now()` ticks, its fraction is zero. Of several ticks the largest: whatever comes between the two
 * clocks can only make it smaller (the very first call of `performance.now()` was measured at 1.6 ms).
 */
function measure() {
  return Math.max(...Array.from({ length: TICKS }, atNextTick));
}

function atNextTick() {
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
