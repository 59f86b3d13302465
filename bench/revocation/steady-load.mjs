// Guarded requests at an even pace, as a process of its own: autocannon sends what a second is given at the second's
// beginning, all at once, which is another load than it says. Tells its parent every second how many were answered with 200.
import { Pool } from 'undici';

/** `perSecond`: at each of the URLs. */
const { urls, token, perSecond } = JSON.parse(process.env.STEADY_LOAD);
/** An application that falls behind is not asked for more than this at once. */
const MOST_AT_ONCE = 8;

const applications = urls.map((url) => ({ pool: new Pool(url, { connections: 4 }), underWay: 0 }));
const request = { method: 'GET', path: '/guarded', headers: { authorization: `Bearer ${token}` } };
let answered = 0;

async function ask(application) {
  if (application.underWay >= MOST_AT_ONCE) return;
  application.underWay += 1;
  const { statusCode, body } = await application.pool.request(request);
  await body.dump();
  application.underWay -= 1;
  if (statusCode === 200) answered += 1;
}

const begun = performance.now();
let asked = 0;
/** One request to one application after the other, whenever its time has come. */
setInterval(() => {
  const due = ((performance.now() - begun) / 1000) * perSecond * applications.length;
  for (; asked < due; asked += 1) ask(applications[asked % applications.length]).catch(() => process.exit(1));
}, 1);
setInterval(() => process.send({ answered, milliseconds: performance.now() - begun }), 1_000);
process.on('disconnect', () => process.exit());
