// What following the feed costs a guarded request, beside an application that goes by expiry.
import { awayFromServer } from '../support/cores.mjs';
import { startApplication } from './application.mjs';
import { sideBySide } from './burst.mjs';
import { openHouse } from './house.mjs';

const ROUNDS = 16;
const TOKENS = 64;

export async function measureGuards({ postgres }) {
  const house = await openHouse({ postgres, name: 'bench_guards', applications: ['app-1', 'app-2'] });
  const stops = [house.stop];
  try {
    awayFromServer(process.pid);
    awayFromServer(house.pid());
    const on = await startApplication(house, 'app-1');
    stops.unshift(on.stop);
    const off = await startApplication(house, 'app-2', { mode: 'expiry' });
    stops.unshift(off.stop);
    const tokens = await Promise.all(Array.from({ length: TOKENS }, () => house.token()));
    const [ours, theirs] = await sideBySide([on, off], tokens, ROUNDS);
    return [
      {
        name: 'revocation-guard',
        measure: 'CPU µs per guarded request, feed on ÷ off',
        ours: ours.microseconds,
        theirs: theirs.microseconds,
        target: 1.05,
        details: { on: ours, off: theirs, throughput: ours.perSecond / theirs.perSecond },
      },
    ];
  } finally {
    for (const stop of stops) await stop();
  }
}
