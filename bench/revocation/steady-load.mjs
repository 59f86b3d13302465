// Guarded requests at an even pace, as a process of its own: autocannon sends what a second is given at the second's
// beginning, all at once, which is another load than it says. Tells its parent every second how many were answered with 200.
import { LightCaller } from '../support/light-caller.mjs';

/** `perSecond`: at each of the URLs. */
const { urls, token, perSecond } = JSON.parse(process.env.STEADY_LOAD);
/** An application that falls behind is not asked for more than this at once. */
const MOST_AT_ONCE = 8;

const request = { path: '/guarded', headers: { authorization: `Bearer ${token}` } };
const applications = urls.map((url) => new LightCaller(url, request, MOST_AT_ONCE));
let answered = 0;

const begun = performance.now();
let asked = 0;
function count(status) {
  if (status instanceof Error) throw status;
  if (status === 200) answered += 1;
}

/** One request to one application after the other, whenever its time has come. */
setInterval(() => {
  const due = ((performance.now() - begun) / 1000) * perSecond * applications.length;
  for (; asked < due; asked += 1) applications[asked % applications.length].ask(count);
}, 1);
setInterval(() => process.send({ answered, milliseconds: performance.now() - begun }), 1_000);
process.on('disconnect', () => process.exit());
