// Loaded before the provider (`--import`): what it would do every five minutes, it does when told to (SIGUSR2) instead, so that
// what has ended is still there when its removal is to be measured.
const EVERY = 5 * 60_000;
const held = [];

const { setInterval } = globalThis;
globalThis.setInterval = (work, delay, ...rest) => {
  if (delay !== EVERY) return setInterval(work, delay, ...rest);
  held.push(() => work(...rest));
  return setInterval(() => {}, delay);
};
process.on('SIGUSR2', () => {
  for (const work of held) work();
});
