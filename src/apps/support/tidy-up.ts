import { Session } from 'node:inspector/promises';

/** After the first requests of whoever waited for the start. In milliseconds. */
const AFTER = 1_000;

/**
 * Gives back what starting took: loading and wiring make V8's young generation grow by some thirty megabytes, which an
 * idle server would hold for no use. Of all the ways to collect garbage this one alone also shrinks the heap.
 */
export function tidyUpSoon(): void {
  setTimeout(() => {
    const session = new Session();
    session.connect();
    void session.post('HeapProfiler.collectGarbage').finally(() => session.disconnect());
  }, AFTER).unref();
}
