// `npm run bench:overload [seconds]`: three times what the provider can do, for a minute: what honest people get meanwhile
// and afterwards, whether revocations come through; and what slow senders and giant bodies cost the others.
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { startGatehouse } from './providers/gatehouse.mjs';
import { awayFromServer } from './support/cores.mjs';
import { cpuOfProcess, residentMegabytes } from './support/cpu.mjs';
import { quantile, send } from './support/latency.mjs';
import { burst } from './support/load.mjs';
import { openLoad } from './support/open-load.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { slowSenders } from './support/slow-senders.mjs';
import { workFor } from './support/works.mjs';

const seconds = Number(process.argv[2] ?? 60);
const TIMES_CAPACITY = 3;
/** Enough to offer that much while each waits for its answer; all are opened at once, when the flood begins. */
const CONNECTIONS = 600;
/** What sends it. */
const PROCESSES = 2;
const HONEST_CONNECTIONS = 16;
const CAPACITY_SECONDS = 8;
/** An honest visit begins so often, whatever became of the last. */
const VISIT_EVERY_MILLISECONDS = 50;
const WINDOW_SECONDS = 5;
const LONGEST_RECOVERY_SECONDS = 60;
const SENDERS = { slow: 300, giant: 20 };
/** Somebody comes by a connection of their own so often. */
const NEW_VISIT_EVERY_MILLISECONDS = 250;
const MEMORY_EVERY_MILLISECONDS = 1_000;
/** p99 is normal again below so many times of what it was before. */
const NORMAL = 1.5;

awayFromServer(process.pid);
const postgres = await startPostgres();
const stops = [postgres.stop];
// As a proxy's: opened before the flood. Others come by a new connection each time.
const agent = new Agent({ keepAlive: true, maxSockets: HONEST_CONNECTIONS });
try {
  const provider = await startGatehouse({ postgres });
  stops.unshift(provider.stop);
  const sso = await workFor('sso-flow', provider);
  const machine = await workFor('client-credentials', provider);
  const userinfo = await workFor('userinfo', provider);
  const flood = floodOf(sso, machine);
  const how = { pid: provider.pid, postmaster: postgres.postmaster, connections: 16 };
  await burst(flood, { ...how, seconds: 2 });
  // One operation of the flood is all of its requests.
  const measureCapacity = async () =>
    (await burst(flood, { ...how, seconds: CAPACITY_SECONDS })).perSecond * flood.requests.length;
  const capacity = await measureCapacity();
  say(`capacity: ${capacity.toFixed(0)} requests per second`);

  await Promise.all(Array.from({ length: HONEST_CONNECTIONS }, () => ask(userinfo.requests[0], { times: [] })));
  const before = await visits(2 * WINDOW_SECONDS);
  const memoryBefore = residentMegabytes(provider.pid);
  say(`before: ${told(before)}`);

  const running = { on: true };
  const [load, during, fresh, vital, most] = await Promise.all([
    offer(),
    visits(seconds),
    newVisits(running),
    vitals(running),
    mostMemory(running),
  ]);
  const refused = load.statuses[503] ?? 0;
  const answered = sumOf(load.statuses, (code) => code < 400);
  const broken = sumOf(load.statuses, (code) => code >= 400) - refused + load.broken + load.unanswered;
  say(
    `during: ${load.sentPerSecond.toFixed(0)} a second arrived, ${(load.sentPerSecond / capacity).toFixed(2)} times the capacity`,
  );
  say(`        ${answered} admitted, ${refused} refused, ${broken} else; honest ${told(during)}`);
  say(`        a new connection each: ${timesOf(fresh)}; ${CONNECTIONS} at once: ${JSON.stringify(load.firstAnswers)}`);
  say(
    `        vital ${timesOf(vital)}; resident memory ${memoryBefore.toFixed(0)} MB before, at most ${most.toFixed(0)}`,
  );

  const windows = [];
  let recoverySeconds = NaN;
  while (windows.length * WINDOW_SECONDS < LONGEST_RECOVERY_SECONDS && Number.isNaN(recoverySeconds)) {
    const window = await visits(WINDOW_SECONDS);
    windows.push(p99(window));
    if (window.refused === 0 && p99(window) <= NORMAL * p99(before)) recoverySeconds = windows.length * WINDOW_SECONDS;
  }
  say(`after: p99 ${windows.map((one) => one.toFixed(0)).join(', ')} ms`);

  const capacityAfter = await measureCapacity();
  const quiet = await visits(2 * WINDOW_SECONDS);
  const end = slowSenders(provider.url, SENDERS);
  await setTimeout(1_000);
  const beside = await visits(2 * WINDOW_SECONDS);
  const sentMegabytes = end() / 2 ** 20;
  say(`slow senders: ${told(beside)}, without: ${told(quiet)}`);

  const memory = { before: memoryBefore, most, after: residentMegabytes(provider.pid) };
  say(`resident memory afterwards: ${memory.after.toFixed(0)} MB`);
  print(
    await keep(
      [
        {
          name: 'overload-recovery',
          measure: `s until the p99 of an honest visit is at most ${NORMAL} times that of before, in steps of ${WINDOW_SECONDS} s`,
          ours: recoverySeconds,
          target: 30,
          details: { seconds, before: p99(before), windows, memory },
        },
        {
          name: 'overload-goodput',
          measure: `requests per second: capacity (mean of before and after) ÷ those admitted at ${TIMES_CAPACITY} times as many`,
          ours: (capacity + capacityAfter) / 2,
          theirs: answered / seconds,
          target: 1.25,
          details: {
            capacity,
            capacityAfter,
            offeredPerSecond: load.sentPerSecond,
            timesCapacity: load.sentPerSecond / capacity,
            late: load.late,
            refused,
            admittedP99: p99(during),
            honestRefused: shareRefused(during),
            byNewConnection: { p50: quantile(fresh.times, 0.5), p99: p99(fresh), refused: shareRefused(fresh) },
            allConnectionsAtOnce: load.firstAnswers,
          },
        },
        {
          name: 'overload-vital',
          measure:
            'revocations and signs of life that were refused, and answers of any kind that were neither given nor 503',
          ours: vital.refused + broken,
          target: 0,
          details: { asked: vital.times.length + vital.refused, p50: quantile(vital.times, 0.5), p99: p99(vital) },
        },
        {
          name: 'slow-senders',
          measure: `ms of the server’s CPU in a second that ${SENDERS.slow} slow and ${SENDERS.giant} giant senders take`,
          ours: beside.cpuMilliseconds - quiet.cpuMilliseconds,
          target: 50,
          details: {
            sentMegabytes,
            p99: { beside: p99(beside), without: p99(quiet) },
            p50: { beside: quantile(beside.times, 0.5), without: quantile(quiet.times, 0.5) },
            cpuMilliseconds: { beside: beside.cpuMilliseconds, without: quiet.cpuMilliseconds },
          },
        },
      ],
      { postgres: postgres.version },
    ),
  );

  async function offer() {
    const perSecond = TIMES_CAPACITY * capacity;
    const how = { perSecond, seconds, connections: CONNECTIONS, processes: PROCESSES };
    const result = await openLoad(provider.url, flood.requests, how);
    running.on = false;
    return result;
  }

  /** Asks for userinfo, as an application does for a person who is signed in, as often as time passes. */
  async function visits(length) {
    const seen = { times: [], refused: 0 };
    const [request] = userinfo.requests;
    const all = [];
    const before = cpuOfProcess(provider.pid);
    for (const until = performance.now() + length * 1000; performance.now() < until;) {
      all.push(ask(request, seen));
      await setTimeout(VISIT_EVERY_MILLISECONDS);
    }
    await Promise.all(all);
    return { ...seen, cpuMilliseconds: (cpuOfProcess(provider.pid) - before) / 1000 / length };
  }

  /** The same, by a connection of its own each time. */
  async function newVisits(while_) {
    const seen = { times: [], refused: 0 };
    const [request] = userinfo.requests;
    const all = [];
    while (while_.on) {
      all.push(ask(request, seen, false));
      await setTimeout(NEW_VISIT_EVERY_MILLISECONDS);
    }
    await Promise.all(all);
    return seen;
  }

  async function mostMemory(while_) {
    let most = 0;
    while (while_.on) {
      most = Math.max(most, residentMegabytes(provider.pid));
      await setTimeout(MEMORY_EVERY_MILLISECONDS);
    }
    return most;
  }

  /** Revocations, and whether the process lives. */
  async function vitals(while_) {
    const seen = { times: [], refused: 0 };
    const revocation = {
      method: 'POST',
      path: '/revoke',
      headers: { ...machine.requests[0].headers },
      body: 'token=nobody-has-this-token',
    };
    while (while_.on) {
      await ask(revocation, seen);
      await ask({ method: 'GET', path: '/health/ready' }, seen);
      await setTimeout(VISIT_EVERY_MILLISECONDS);
    }
    return seen;
  }

  async function ask(request, seen, by = agent) {
    const begun = performance.now();
    const status = await send(provider.url, request, {}, by).catch(() => 0);
    if (status >= 200 && status < 400) seen.times.push(performance.now() - begun);
    else seen.refused += 1;
  }
} finally {
  agent.destroy();
  for (const stop of stops) await stop();
}

/** Authorizations by people who are signed in, and as many tokens of services, written out: other processes send them. */
function floodOf(sso, machine) {
  const people = Array.from({ length: 16 }, () => sso.requests[0].setupRequest(sso.requests[0]));
  const requests = people.flatMap(({ method, path, headers }) => [
    { method, path, headers },
    {
      method: 'POST',
      path: machine.requests[0].path,
      headers: machine.requests[0].headers,
      body: machine.requests[0].body,
    },
  ]);
  return { url: sso.url, requests };
}

function p99({ times }) {
  return quantile(times, 0.99);
}

function sumOf(statuses, which) {
  return Object.entries(statuses).reduce((sum, [code, count]) => sum + (which(Number(code)) ? count : 0), 0);
}

function shareRefused({ refused, times }) {
  return refused / (refused + times.length);
}

function timesOf(seen) {
  return `p50 ${quantile(seen.times, 0.5)?.toFixed(1)} ms, p99 ${p99(seen)?.toFixed(1)} ms, ${seen.refused} of ${seen.refused + seen.times.length} refused`;
}

function told(seen) {
  const cpu = `${seen.cpuMilliseconds.toFixed(0)} ms of CPU a second`;
  return `${timesOf(seen)}, ${cpu}`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
