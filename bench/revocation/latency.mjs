// From the commit of a revocation, as PostgreSQL dates it, to the first refusal that a caller gets from an application: by
// the slowest of three, while all of them are under load.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { onAnyCore } from '../support/cores.mjs';
import { now, quantile } from '../support/wall-clock.mjs';
import { startApplication } from './application.mjs';
import { claimsOf, openHouse } from './house.mjs';

const autocannon = createRequire(import.meta.url).resolve('autocannon');
const APPLICATIONS = ['app-1', 'app-2', 'app-3'];
/** Guarded requests per second at each application. */
const LOAD = 300;
const WARM_UP = 30;
const REVOCATIONS = 400;
const SATURATED_REVOCATIONS = 100;
const PAUSE = 25;
const LONGEST = 5_000;

export async function measureLatency({ postgres }) {
  const where = { core: onAnyCore };
  const house = await openHouse({ postgres, name: 'bench_latency', applications: APPLICATIONS }, where);
  const stops = [house.stop];
  try {
    const applications = [];
    for (const id of APPLICATIONS) {
      const application = await startApplication(house, id, where);
      stops.unshift(application.stop);
      applications.push(application);
    }
    const paced = await underLoad(house, applications, ['-c', '4', '-R', String(LOAD)], WARM_UP + REVOCATIONS);
    const saturated = await underLoad(house, applications, ['-c', '8'], SATURATED_REVOCATIONS);
    const details = {
      load: `${LOAD} guarded requests/s at each of 3 applications; ${REVOCATIONS} revocations`,
      paced: summary(paced.slice(WARM_UP)),
      saturated: summary(saturated),
    };
    const measure = 'ms from commit to refusal by the last of 3 applications under load';
    const of = (name, share, target) => ({
      name,
      measure,
      ours: quantile(paced.slice(WARM_UP).map(last), share),
      target,
      details,
    });
    return [of('revocation-p50', 0.5, 5), of('revocation-p99', 0.99, 25)];
  } finally {
    for (const stop of stops) await stop();
  }
}

/** For each revocation: when it was called and committed, and when each application refused. */
async function underLoad(house, applications, how, count) {
  const token = await house.token();
  const loads = applications.map(({ url }) =>
    spawn(
      process.execPath,
      [autocannon, ...how, '-d', '3600', '-H', `authorization=Bearer ${token}`, `${url}/guarded`],
      {
        stdio: 'ignore',
      },
    ),
  );
  const callers = applications.map(({ url }) => new Client(url));
  try {
    const seen = [];
    for (let round = 0; round < count; round += 1) {
      const revoked = await house.token();
      // Known, and in the cache of each.
      for (const caller of callers) await expectAccepted(caller, revoked);
      await pause(PAUSE);
      const called = now();
      const refusals = callers.map((caller) => refusal(caller, revoked));
      await house.revoke(revoked);
      seen.push({ jti: claimsOf(revoked).jti, called, refused: await Promise.all(refusals) });
    }
    const commits = await house.commits();
    return seen.map((one) => ({ ...one, committed: commits.get(one.jti) }));
  } finally {
    for (const load of loads) load.kill('SIGKILL');
    for (const caller of callers) await caller.close();
  }
}

async function refusal(caller, token) {
  for (const until = now() + LONGEST; now() < until;) {
    const status = await ask(caller, token);
    if (status === 401) return now();
    if (status !== 200) throw new Error(`an application answered ${status}`);
  }
  throw new Error('an application did not refuse a revoked token');
}

async function ask(caller, token) {
  const { statusCode, body } = await caller.request(guarded(token));
  await body.dump();
  return statusCode;
}

async function expectAccepted(caller, token) {
  const { statusCode, body } = await caller.request(guarded(token));
  const said = await body.text();
  if (statusCode !== 200) throw new Error(`a good token is refused: ${statusCode} ${said}`);
}

function guarded(token) {
  return { method: 'GET', path: '/guarded', headers: { authorization: `Bearer ${token}` } };
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
    callToLastRefusal: of(seen.map(({ called, refused }) => Math.max(...refused) - called)),
  };
}

const rounded = (value) => Number(value.toFixed(2));
