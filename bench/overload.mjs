// `npm run bench:overload [seconds]`: three times what the provider can do, for a minute: what honest people get meanwhile
// and afterwards, whether revocations come through; and what slow senders and giant bodies cost the others.
import { Agent } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import autocannon from 'autocannon';
import { startGatehouse } from './providers/gatehouse.mjs';
import { awayFromServer } from './support/cores.mjs';
import { cpuOfProcess, residentMegabytes } from './support/cpu.mjs';
import { quantile, send } from './support/latency.mjs';
import { burst } from './support/load.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { slowSenders } from './support/slow-senders.mjs';
import { workFor } from './support/works.mjs';

const seconds = Number(process.argv[2] ?? 60);
const TIMES_CAPACITY = 3;
/** Enough to offer that much while each waits for its answer. */
const CONNECTIONS = 600;
const HONEST_CONNECTIONS = 16;
const CAPACITY_SECONDS = 8;
/** An honest visit begins so often, whatever became of the last. */
const VISIT_EVERY_MILLISECONDS = 50;
const WINDOW_SECONDS = 5;
const LONGEST_RECOVERY_SECONDS = 60;
const SENDERS = { slow: 300, giant: 20 };
/** p99 is normal again below so many times of what it was before. */
const NORMAL = 1.5;

awayFromServer(process.pid);
const postgres = await startPostgres();
const stops = [postgres.stop];
// As a proxy's: opened before the flood. Node accepts one new connection in each turn of its event loop (libuv since 1.45),
// and one that comes with six hundred others waits for them.
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
  const [load, during, vital] = await Promise.all([offer(), visits(seconds), vitals(running)]);
  const answered = load['2xx'] + load['3xx'];
  const broken = load.errors + load.timeouts + load['4xx'] + load['5xx'] - (load.statusCodeStats['503']?.count ?? 0);
  say(`during: ${answered} admitted, ${load['5xx']} refused, ${broken} else; honest ${told(during)}`);

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

  const memory = { before: memoryBefore, after: residentMegabytes(provider.pid) };
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
          theirs: answered / load.duration,
          target: 1.25,
          details: {
            capacity,
            capacityAfter,
            offeredPerSecond: (answered + load['5xx']) / load.duration,
            refused: load['5xx'],
            admittedP99: p99(during),
            honestRefused: during.refused / (during.refused + during.times.length),
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
    const result = await autocannon({
      url: provider.url,
      requests: flood.requests,
      connections: CONNECTIONS,
      overallRate: Math.round(TIMES_CAPACITY * capacity),
      duration: seconds,
      timeout: 30,
      // Away from the clock of the honest visits.
      workers: 1,
    });
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

  async function ask(request, seen) {
    const begun = performance.now();
    const status = await send(provider.url, request, {}, agent).catch(() => 0);
    if (status >= 200 && status < 400) seen.times.push(performance.now() - begun);
    else seen.refused += 1;
  }
} finally {
  agent.destroy();
  for (const stop of stops) await stop();
}

/** Authorizations by people who are signed in, and as many tokens of services: what a worker thread can send, which takes no functions. */
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

function told(seen) {
  const cpu = `${seen.cpuMilliseconds.toFixed(0)} ms of CPU a second`;
  return `p50 ${quantile(seen.times, 0.5)?.toFixed(1)} ms, p99 ${p99(seen)?.toFixed(1)} ms, ${seen.refused} refused, ${cpu}`;
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
