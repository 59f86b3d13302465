// `npm run bench:guards [express]`: what our guard costs a request, beside no guard and beside `passport-jwt` with a KeyObject.
// Every figure is CPU time of the server per request; the variants take turns, so that the machine's moods meet all of them.
import autocannon from 'autocannon';
import { cpuOfProcess } from './support/cpu.mjs';
import { freePort, startServer } from './support/child.mjs';
import { awayFromServer } from './support/cores.mjs';
import { keep, print } from './support/results.mjs';

const ROUNDS = 16;
const SECONDS = 1;
const CONNECTIONS = 8;
const WARM_TOKENS = 64;
/** More than the cache of proved tokens holds, so that with all of them in turn none is known. */
const COLD_TOKENS = 25_000;

const adapter = process.argv[2] === 'express' ? 'express' : 'fastify';
const suffix = adapter === 'express' ? '-express' : '';

awayFromServer(process.pid);
const stops = [];
try {
  const unguarded = await start('none');
  const ours = await start('gatehouse');
  // Of its own, because tokens that come once and never again fill caches and memory.
  const flooded = await start('gatehouse', { TOKENS: COLD_TOKENS });
  // Its sessions are read from their store with every request.
  const uncached = await start('gatehouse', { SESSION_CACHE: 'none' });
  const theirs = await start('passport-jwt');
  // What Nest asks for a guard that only sets the two headers.
  const trivial = await start('trivial');
  let turn = 0;
  // Several, as an API sees them: what is remembered of the last one does not help the next.
  const warm = (server) => () => ({ authorization: `Bearer ${server.tokens[turn++ % WARM_TOKENS]}` });
  const cookie = { cookie: ours.cookie };
  let next = 0;
  const cold = () => ({ authorization: `Bearer ${flooded.tokens[next++ % COLD_TOKENS]}` });

  // Without a guard the same headers are sent: they cost something to read.
  const runs = [
    { name: 'unguarded, token', server: unguarded, headers: warm(ours) },
    { name: 'trivial guard, token', server: trivial, headers: warm(ours) },
    { name: 'token, warm', server: ours, headers: warm(ours) },
    { name: 'unguarded, cookie', server: unguarded, headers: () => cookie },
    { name: 'session, warm', server: ours, headers: () => cookie },
    { name: 'session, cold', server: uncached, headers: () => ({ cookie: uncached.cookie }) },
    // The handler verifies one signature and does nothing else.
    { name: 'unguarded, verifying', server: unguarded, headers: warm(ours), path: '/verified' },
    { name: 'token, cold', server: flooded, headers: cold },
    { name: 'passport-jwt', server: theirs, headers: warm(theirs) },
  ];
  for (const run of runs) await burst(run);
  for (const run of runs) run.costs = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const run of runs) run.costs.push(await burst(run));
  }
  const cost = (name) => quiet(runs.find((run) => run.name === name).costs);
  const measure = 'CPU µs per request';
  const limit = cost('unguarded, verifying') + 15;
  const details = {
    adapter,
    ...Object.fromEntries(runs.map(({ name }) => [name, cost(name)])),
  };
  const of = (name, one, other, target) => ({
    name: name + suffix,
    measure,
    ours: one,
    theirs: other,
    target,
    details,
  });
  print(
    await keep([
      of('guard-jwt-warm', cost('token, warm'), cost('unguarded, token'), 1.25),
      of('guard-session-warm', cost('session, warm'), cost('unguarded, cookie'), 1.25),
      of('guard-jwt-cold', cost('token, cold'), limit, 1),
      of('guard-session-cold', cost('session, cold'), cost('passport-jwt'), 1),
      of('guard-vs-passport-jwt', cost('token, warm'), cost('passport-jwt'), 0.25),
    ]),
  );
} finally {
  for (const stop of stops) await stop();
}

async function start(variant, more = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ADAPTER: adapter,
    VARIANT: variant,
    PORT: String(port),
    TOKENS: String(WARM_TOKENS),
    ...more,
  };
  const server = await startServer(new URL('./guards/server.mjs', import.meta.url).pathname, {
    env,
    readyUrl: `${url}/alive`,
  });
  stops.push(server.stop);
  return { url, pid: server.pid, ...(await (await fetch(`${url}/credentials`)).json()) };
}

/** The lower quartile: whatever else the machine does can only add. */
function quiet(values) {
  if (values.includes(undefined)) return undefined;
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)];
}

/** CPU µs per request of one burst. */
async function burst({ name, server, headers, path = '/guarded' }) {
  const before = cpuOfProcess(server.pid);
  const setupRequest = (request) => ({ ...request, headers: headers() });
  const result = await autocannon({
    url: server.url,
    requests: [{ path, setupRequest }],
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  const answers = result['2xx'];
  if (answers === 0 || result.non2xx > 0) throw new Error(`${name}: ${answers} good answers, ${result.non2xx} others`);
  return before === undefined ? undefined : (cpuOfProcess(server.pid) - before) / answers;
}
