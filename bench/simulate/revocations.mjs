// A revocation from its transaction to the last process that refuses the credential, event by event. What is modelled is what
// the provider does: the lock of the log that is taken last; NOTIFY as a hint; one read of the log at a time in each process;
// long polls, answered from memory by one thread; receivers that verify, apply and poll again.
import { costs, machines, network, population, run } from './assumptions.mjs';
import { Agenda } from './agenda.mjs';
import { randomFrom } from './random.mjs';

const PRIMARY = 0;
const MICROSECONDS = 1e-3;

/**
 * @param {{ relays: boolean, rate: number, lockRoundTrip: number }} what
 *   `relays`: processes of the provider in each region serve the polls of that region; else all polls go to the primary's.
 *   `rate` of revocations per second; `lockRoundTrip` in ms from the last statement of their transactions to its COMMIT.
 */
export function simulateRevocations({ relays, rate, lockRoundTrip }) {
  const agenda = new Agenda();
  const random = randomFrom(run.seed.value);
  const end = run.warmUp.value + run.watched.value;
  const regions = network.regions.value;

  const travel = (from, to) => {
    const way = network.oneWay.value[from][to];
    const loss = from === to ? network.lossNear.value : network.lossFar.value;
    const again = random.uniform() < loss ? network.retransmission.value + 2 * way : 0;
    return way + random.exponential(way * network.jitter.value) + again;
  };

  // The log: one lock, one line after the other.
  const log = { freeAt: 0, committed: [], longestWait: 0, busy: 0, asked: 0, refused: 0 };
  const nodes = [];
  const receiversOf = Array.from({ length: population.clients.value }, () => []);
  placeReceivers();

  const latencies = regions.map(() => []);
  let deliveries = 0;

  function placeReceivers() {
    const perRegion = population.processes.value / regions.length;
    for (let region = 0; region < regions.length; region += 1) {
      const served = relays ? region : PRIMARY;
      for (let index = 0; index < perRegion; index += 1) {
        let node = nodes.findLast((one) => one.region === served);
        if (!node || node.receivers === machines.receiversPerProcess.value) {
          node = { region: served, receivers: 0, freeAt: 0, reading: false, again: false, known: 0, busy: 0 };
          nodes.push(node);
        }
        node.receivers += 1;
        const client = index % population.clients.value;
        receiversOf[client].push({ region, node, waits: true, pending: [] });
      }
    }
  }

  function revoke() {
    if (agenda.now < end) agenda.after(random.exponential(1000 / rate), revoke);
    const begun = Math.max(agenda.now, log.freeAt);
    log.asked += 1;
    if (begun - agenda.now > costs.lockTimeout.value) {
      log.refused += 1;
      return;
    }
    const held = lockRoundTrip + costs.commit.value;
    log.freeAt = begun + held;
    log.longestWait = Math.max(log.longestWait, begun - agenda.now);
    if (agenda.now >= run.warmUp.value && agenda.now < end) log.busy += held;
    agenda.at(log.freeAt, commit);
  }

  function commit() {
    const clients = new Set();
    while (clients.size < population.clientsPerPerson.value) clients.add(random.below(population.clients.value));
    log.committed.push({ at: agenda.now, clients: [...clients] });
    for (const node of nodes) agenda.after(travel(PRIMARY, node.region), () => read(node));
  }

  /** Whoever asks while the log is read waits for another read, which sees what was committed before they asked. */
  function read(node) {
    if (node.reading) {
      node.again = true;
      return;
    }
    node.reading = true;
    agenda.after(travel(node.region, PRIMARY), () => {
      const upTo = log.committed.length;
      agenda.after(travel(PRIMARY, node.region), () => {
        for (; node.known < upTo; node.known += 1) tell(node, log.committed[node.known]);
        node.reading = false;
        if (node.again) {
          node.again = false;
          read(node);
        }
      });
    });
  }

  function tell(node, line) {
    for (const client of line.clients) {
      for (const receiver of receiversOf[client]) {
        if (receiver.node !== node) continue;
        receiver.pending.push(line);
        if (receiver.waits) answer(receiver);
      }
    }
  }

  function answer(receiver) {
    const { node, region } = receiver;
    receiver.waits = false;
    const cost = costs.event.value * MICROSECONDS;
    node.freeAt = Math.max(node.freeAt, agenda.now) + cost;
    if (agenda.now >= run.warmUp.value && agenda.now < end) node.busy += cost;
    agenda.at(node.freeAt, () => {
      const lines = receiver.pending;
      receiver.pending = [];
      agenda.after(travel(node.region, region), () => apply(receiver, lines));
    });
  }

  function apply(receiver, lines) {
    agenda.after(lines.length * costs.apply.value * MICROSECONDS, () => {
      for (const { at } of lines) {
        if (at < run.warmUp.value || at >= end) continue;
        latencies[receiver.region].push(agenda.now - at);
        deliveries += 1;
      }
      agenda.after(travel(receiver.region, receiver.node.region), () => {
        receiver.waits = true;
        if (receiver.pending.length > 0) answer(receiver);
      });
    });
  }

  agenda.at(0, revoke);
  agenda.run(end + 10_000);

  const seconds = run.watched.value / 1000;
  return {
    events: agenda.handled,
    processes: nodes.length,
    deliveriesPerSecond: deliveries / seconds,
    lockBusy: log.busy / run.watched.value,
    longestWait: log.longestWait,
    refused: log.refused / log.asked,
    nodeBusy: Math.max(...nodes.map(({ busy }) => busy)) / run.watched.value,
    regions: regions.map((name, index) => ({ name, ...summary(latencies[index]) })),
    all: summary(latencies.flat()),
  };
}

function summary(values) {
  const sorted = Float64Array.from(values).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: sorted.at(-1) };
}
