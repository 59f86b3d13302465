import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** After the first requests of whoever waited for the start. In milliseconds. */
const AFTER = 1_000;

/**
 * Gives back what starting took: compiling and wiring leave some thirty megabytes of garbage, which V8 would keep until
 * there is reason to collect it, and an idle server gives it none. Once, a while after the start; takes about 50 ms.
 */
export function tidyUpSoon(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    (runInNewContext('gc') as () => void)();
  }, AFTER).unref();
}
