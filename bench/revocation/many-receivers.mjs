// A thousand receivers that poll one process of the provider: what they take of its memory, and how long after the commit
// of a revocation each has been told.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOfFamily, cpuOfProcess } from '../support/cpu.mjs';
import { quantile } from '../support/wall-clock.mjs';
import { claimsOf, openHouse } from './house.mjs';

const file = fileURLToPath(new URL('receivers.mjs', import.meta.url));
const CLIENTS = 100;
const PER_CLIENT = 10;
const REVOCATIONS = 40;
/** Between revocations, and before and after them, in milliseconds. */
const PAUSE = 500;
const STEADY = 5_000;

export async function measureReceivers({ postgres }) {
  const ids = Array.from({ length: CLIENTS }, (_, index) => `receiver-${index}`);
  const house = await openHouse({ postgres, name: 'bench_receivers', applications: ids });
  const children = [];
  try {
    // As after the first requests of a start: what the receivers add is counted, not what any traffic would.
    for (let count = 0; count < 200; count += 1) await house.token();
    await pause(STEADY);
    const before = resident(house.pid());
    const told = [];
    let empty = 0;
    let ready = 0;
    let everybody;
    const allReady = new Promise((resolve, reject) => (everybody = { resolve, reject }));
    const tokens = await Promise.all(ids.map((id) => house.token(id, 'ssf.read ssf.manage')));
    for (const part of [tokens.slice(0, CLIENTS / 2), tokens.slice(CLIENTS / 2)]) {
      const settings = { url: house.url, tokens: part, each: PER_CLIENT };
      const child = fork(file, { env: { PATH: process.env.PATH, RECEIVERS: JSON.stringify(settings) } });
      child.on('message', (message) => {
        told.push(...(message.told ?? []));
        empty += message.empty ?? 0;
        if (message.ready !== undefined && (ready += 1) === CLIENTS * PER_CLIENT) everybody.resolve();
      });
      child.on('exit', (code) => code && everybody.reject(new Error('the receivers ended: see above')));
      children.push(child);
    }
    await allReady;
    const spent = () => ({ provider: cpuOfProcess(house.pid()), postgres: cpuOfFamily(postgres.postmaster), empty });
    const begun = spent();
    await pause(STEADY);
    const idle = spent();
    const idleShare = (idle.provider - begun.provider) / (STEADY * 1000);
    const mine = new Set();
    for (let count = 0; count < REVOCATIONS; count += 1) {
      const token = await house.token();
      mine.add(claimsOf(token).jti);
      await house.revoke(token);
      await pause(PAUSE);
    }
    await pause(STEADY);
    const end = spent();
    const after = resident(house.pid());
    const commits = await house.commits();
    const waits = told.filter(([jti]) => mine.has(jti)).map(([jti, at]) => at - commits.get(jti));
    const expected = REVOCATIONS * CLIENTS * PER_CLIENT;
    if (waits.length < expected) throw new Error(`${expected - waits.length} times a receiver was not told`);
    // What empty polls take is known from before; the rest is the events': told, confirmed and written down.
    const poll = (idle.provider - begun.provider) / (idle.empty - begun.empty);
    const pollPostgres = (idle.postgres - begun.postgres) / (idle.empty - begun.empty);
    const more = end.empty - idle.empty;
    const microseconds = {
      emptyPoll: poll,
      event: (end.provider - idle.provider - more * poll) / expected,
      eventPostgres: (end.postgres - idle.postgres - more * pollPostgres) / expected,
    };
    const details = {
      receivers: `${CLIENTS} clients with ${PER_CLIENT} processes each`,
      p50: quantile(waits, 0.5),
      max: Math.max(...waits),
      residentMegabytes: { before, after },
      // Of one core, while nothing is revoked.
      idleShare,
      // CPU of the provider, and of PostgreSQL where it is said.
      microseconds,
    };
    return [
      {
        name: 'revocation-receivers-memory',
        measure: 'MB of resident memory more for 1,000 receivers',
        ours: after - before,
        target: 100,
        details,
      },
      {
        name: 'revocation-receivers-p99',
        measure: 'ms from commit until each of 1,000 receivers is told',
        ours: quantile(waits, 0.99),
        target: 250,
        details,
      },
    ];
  } finally {
    for (const child of children) child.disconnect?.();
    await house.stop();
  }
}

/** Linux only; elsewhere undefined. */
function resident(pid) {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
  } catch {
    return undefined;
  }
}
