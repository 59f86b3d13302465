// From the commit of a revocation, as PostgreSQL dates it (before it is on disk), to the first refusal that a caller gets from
// an application, who asks every millisecond from when the revocation is answered: by the slowest of three, while all of them are
// under load.
import { fork, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onAnyCore } from '../support/cores.mjs';
import { cpuOfProcess } from '../support/cpu.mjs';
import { LightCaller } from '../support/light-caller.mjs';
import { now, quantile } from '../support/wall-clock.mjs';
import { startApplication } from './application.mjs';
import { openBareHouse } from './bare-house.mjs';
import { claimsOf, openHouse } from './house.mjs';

const autocannon = createRequire(import.meta.url).resolve('autocannon');
const steadyLoad = fileURLToPath(new URL('steady-load.mjs', import.meta.url));
const APPLICATIONS = ['app-1', 'app-2', 'app-3'];
/** Guarded requests per second at each application. */
const LOAD = 300;
/** Until the provider and the applications do it as fast as they will: after thirty, it was measured at a third more. */
const WARM_UP = 800;
const REVOCATIONS = 400;
const SATURATED_REVOCATIONS = 100;
const PAUSE = 25;
/** Events that are applied while nothing else is done. */
const EVENTS = 400;
const BETWEEN_EVENTS = 10;
/**
 * Whoever waits for a refusal asks this often, in milliseconds, whether the answer before is there or not: who waited for it first
 * would look less often the busier the machine is, and find refusals later than they are.
 */
const ASK_EVERY = 1;
const MOST_AT_ONCE = 4;
const LONGEST = 5_000;

export async function measureLatency({ postgres }) {
  const where = { core: onAnyCore };
  const { microsecondsPerEvent, loaded, saturated } = await measureOurs(postgres, where);
  const paced = loaded.seen.slice(WARM_UP);
  const details = {
    load: `${LOAD} guarded requests/s at each of 3 applications; ${REVOCATIONS} revocations`,
    answeredPerSecond: rounded(loaded.answeredPerSecond),
    paced: summary(paced),
    // For the simulation: what an application does for one event, from the answer to its poll to its next poll.
    applicationMicrosecondsPerEvent: rounded(microsecondsPerEvent),
    saturated: summary(saturated.seen),
    // The same of what does nothing else, under the same load: what is left of it is this machine's.
    bare: await measureBare(postgres, where),
  };
  const measure = 'ms from commit to refusal by the last of 3 applications under load';
  const of = (name, share, target) => ({
    name,
    measure,
    ours: quantile(paced.map(last), share),
    target,
    details,
  });
  return [of('revocation-p50', 0.5, 5), of('revocation-p99', 0.99, 25)];
}

async function measureOurs(postgres, where) {
  const house = await openHouse({ postgres, name: 'bench_latency', applications: APPLICATIONS }, where);
  const stops = [house.stop];
  try {
    const applications = [];
    for (const id of APPLICATIONS) {
      const application = await startApplication(house, id, where);
      stops.unshift(application.stop);
      applications.push(application);
    }
    return {
      microsecondsPerEvent: await costOfEvents(house, applications),
      loaded: await underLoad(house, applications, steady, WARM_UP + REVOCATIONS),
      saturated: await underLoad(house, applications, asMuchAsTheyTake, SATURATED_REVOCATIONS),
    };
  } finally {
    for (const stop of stops) await stop();
  }
}

async function measureBare(postgres, where) {
  const house = await openBareHouse({ postgres, name: 'bench_bare', applications: APPLICATIONS }, where);
  try {
    const { seen } = await underLoad(house, house.applications, steady, WARM_UP + REVOCATIONS);
    return summary(seen.slice(WARM_UP));
  } finally {
    await house.stop();
  }
}

/** CPU of an application for an event that comes alone, in microseconds; undefined where it cannot be read. */
async function costOfEvents(house, applications) {
  const tokens = [];
  for (let count = 0; count < EVENTS; count += 1) tokens.push(await house.token());
  const spent = () => applications.reduce((sum, { pid }) => sum + cpuOfProcess(pid), 0);
  const before = spent();
  for (const token of tokens) {
    await house.revoke(token);
    await pause(BETWEEN_EVENTS);
  }
  const each = (spent() - before) / (EVENTS * applications.length);
  return Number.isNaN(each) ? undefined : each;
}

/** So many guarded requests a second, in equal distances. */
function steady(urls, token) {
  const child = fork(steadyLoad, {
    env: { PATH: process.env.PATH, STEADY_LOAD: JSON.stringify({ urls, token, perSecond: LOAD }) },
  });
  let last = { answered: 0, milliseconds: 1 };
  child.on('message', (message) => (last = message));
  return { stop: () => child.kill('SIGKILL'), answeredPerSecond: () => (last.answered * 1000) / last.milliseconds };
}

/** As many guarded requests as eight connections to each can make. */
function asMuchAsTheyTake(urls, token) {
  const children = urls.map((url) =>
    spawn(
      process.execPath,
      [autocannon, '-c', '8', '-d', '3600', '-H', `authorization=Bearer ${token}`, `${url}/guarded`],
      {
        stdio: 'ignore',
      },
    ),
  );
  return {
    stop: () => {
      for (const child of children) child.kill('SIGKILL');
    },
    answeredPerSecond: () => undefined,
  };
}

/** For each revocation: when it was called and committed, and when each application refused. */
async function underLoad(house, applications, load, count) {
  const urls = applications.map(({ url }) => url);
  const loading = load(urls, await house.token());
  try {
    const seen = [];
    for (let round = 0; round < count; round += 1) {
      const revoked = await house.token();
      const revoker = new LightCaller(house.url, house.request('/revoke', { token: revoked }), 1);
      const callers = urls.map((url) => new LightCaller(url, guarded(revoked), MOST_AT_ONCE));
      // Known, and in the cache of each.
      for (const caller of callers) await expectAccepted(caller);
      await pause(PAUSE);
      const called = now();
      const status = await answerOf(revoker);
      const answered = now();
      if (status !== 200) throw new Error(`a revocation was answered with ${status}`);
      // From now on, so that nobody asks while the disk is written to: an application that refuses already is seen to at once.
      const refused = await Promise.all(callers.map(refusal));
      seen.push({ jti: claimsOf(revoked).jti, called, answered, refused });
      revoker.close();
      for (const caller of callers) caller.close();
    }
    const commits = await house.commits();
    return {
      seen: seen.map((one) => ({ ...one, committed: commits.get(one.jti) })),
      answeredPerSecond: loading.answeredPerSecond(),
    };
  } finally {
    loading.stop();
  }
}

/** When the first refusal came. */
function refusal(caller) {
  const until = now() + LONGEST;
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearInterval(asking);
      settle(value);
    };
    const answered = (status) => {
      if (status === 401) end(resolve, now());
      else if (status !== 200) end(reject, new Error(`an application answered ${status}`));
    };
    const asking = setInterval(ask, ASK_EVERY);
    function ask() {
      if (now() > until) end(reject, new Error('an application did not refuse a revoked token'));
      else caller.ask(answered);
    }
    ask();
  });
}

/** The token is good, and each of the caller's connections is open. */
async function expectAccepted(caller) {
  const status = await answerOf(caller);
  if (status !== 200) throw new Error(`a good token is refused: ${status}`);
}

function answerOf(caller) {
  return new Promise((resolve) => caller.ask(resolve));
}

function guarded(token) {
  return { path: '/guarded', headers: { authorization: `Bearer ${token}` } };
}

function last({ committed, refused }) {
  return Math.max(...refused) - committed;
}

function summary(seen) {
  const of = (values) => ({
    p50: rounded(quantile(values, 0.5)),
    p90: rounded(quantile(values, 0.9)),
    p99: rounded(quantile(values, 0.99)),
    max: rounded(Math.max(...values)),
  });
  return {
    commitToLastRefusal: of(seen.map(last)),
    commitToEachRefusal: of(seen.flatMap(({ committed, refused }) => refused.map((at) => at - committed))),
    // Until the caller of the revocation had its answer: the disk is in it, too.
    commitToAnswer: of(seen.map(({ committed, answered }) => answered - committed)),
    callToLastRefusal: of(seen.map(({ called, refused }) => Math.max(...refused) - called)),
  };
}

const rounded = (value) => value && Number(value.toFixed(2));
