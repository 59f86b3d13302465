/** Mulberry32: the same numbers from the same seed, on every machine. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    uniform,
    below: (count) => Math.floor(uniform() * count),
    // To the nanosecond: the last bit of a logarithm is not the same everywhere.
    exponential: (mean) => Math.round(-Math.log(1 - uniform()) * mean * 1e6) / 1e6,
  };
}
