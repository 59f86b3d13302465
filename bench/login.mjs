// `npm run bench:login`: what a password sign-in costs beyond its argon2id hash, and what sixteen of them at once do to
// those who only ask for userinfo.
import { startGatehouse } from './providers/gatehouse.mjs';
import { freePort, startServer } from './support/child.mjs';
import { Browser } from './support/browser.mjs';
import { awayFromServer } from './support/cores.mjs';
import { cpuOfFamily, cpuOfMainThread, cpuOfProcess } from './support/cpu.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { workFor } from './support/works.mjs';

const ROUNDS = 7;
/** Sign-ins, pages or hashes of one round. */
const EACH = 100;
const AT_ONCE = 4;
/**
 * Before anything is measured. V8 compiles what a sign-in needs for some thousands of them, on threads of its own: in the first
 * hundreds that is 0.5 ms of CPU for each, which a server that has run for a minute never spends again.
 */
const WARM_UP = 2000;
/** Of the bare server, which has little to compile. */
const WARM_UP_BARE = 500;
const SIGN_INS_AT_ONCE = 16;
/** Requests of userinfo of one round, one after the other, so that nothing but the server makes them wait. */
const USERINFOS = 300;
/** As the image starts Node (docs/production.md, "Sizing"); all three servers have it. */
const NODE_OPTIONS = ['--use-largepages=silent'];
const CREDENTIALS = { username: 'alice', password: 'wonderland' };

/** Somebody who signs in at the start page. */
class Visit {
  #browser;
  #page;

  constructor(url) {
    this.#browser = new Browser(url);
  }

  async open() {
    this.#page = await this.#browser.open('/login');
    return this;
  }

  async signIn() {
    const { status } = await this.#browser.submit(this.#page, CREDENTIALS, { redirect: 'stay' });
    if (status !== 303) throw new Error(`sign-in answered ${status}`);
  }
}

awayFromServer(process.pid);
const postgres = await startPostgres();
const stops = [];
try {
  const provider = await startGatehouse({ postgres, nodeOptions: NODE_OPTIONS });
  stops.push(provider.stop);
  const hasher = await startBeside('hasher', { AT_ONCE: String(AT_ONCE) });
  stops.push(hasher.stop);
  const bare = await startBeside('bare', { DATABASE_URL: provider.databaseUrl });
  stops.push(bare.stop);
  await inTurns(WARM_UP, async () => (await new Visit(provider.url).open()).signIn());
  await inTurns(WARM_UP_BARE, async () => (await new Visit(bare.url).open()).signIn());
  await hashes(EACH);

  const costs = { hash: [], page: [], form: [], bare: [] };
  const waits = { quiet: [], beside: [] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.hash.push(await costOf(hasher, () => hashes(EACH)));
    const forms = [];
    costs.page.push(await costOf(provider, () => open(provider, forms)));
    costs.form.push(await costOf(provider, () => signIn(forms)));
    await open(bare, forms);
    costs.bare.push(await costOf(bare, () => signIn(forms)));
    // Its token lives five minutes, a round less.
    const userinfo = await workFor('userinfo', provider);
    waits.quiet.push(await p99(userinfo));
    const running = { on: true };
    const load = Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, () => signInsWhile(running)));
    const beside = p99(userinfo).finally(() => (running.on = false));
    waits.beside.push((await Promise.all([beside, load]))[0]);
  }
  const [hash, page, form, barest] = [costs.hash, costs.page, costs.form, costs.bare].map(middle);
  const measure = 'CPU µs ÷ those of the hash';
  print(
    await keep(
      [
        {
          name: 'sign-in',
          measure: `${measure}: the form, on the server`,
          ours: form.server,
          theirs: hash.server,
          target: 1.1,
          details: { form, page, bare: barest, hash },
        },
        {
          name: 'sign-in-whole',
          measure: `${measure}: page and form, server and PostgreSQL`,
          ours: form.server + form.postgres + page.server + page.postgres,
          theirs: hash.server,
          target: 1.1,
        },
        {
          name: 'userinfo-beside-sign-in',
          measure: `p99 in ms while ${SIGN_INS_AT_ONCE} sign-ins run ÷ p99 without`,
          ours: median(waits.beside),
          theirs: median(waits.quiet),
          target: 3,
          details: waits,
        },
      ],
      { postgres: postgres.version },
    ),
  );

  /** CPU µs of one round's work, each: on the server, of these those of its main thread, and in PostgreSQL. */
  async function costOf({ pid }, work) {
    const read = () => [cpuOfProcess(pid), cpuOfMainThread(pid), cpuOfFamily(postgres.postmaster)];
    const before = read();
    await work();
    const after = read();
    const [server, main, database] = before.map((value, index) => (after[index] - value) / EACH);
    return { server, main, postgres: database };
  }

  async function hashes(count) {
    await (await fetch(`${hasher.url}/hashes?count=${count}`)).text();
  }

  async function signInsWhile(running) {
    while (running.on) await (await new Visit(provider.url).open()).signIn();
  }
} finally {
  for (const stop of stops) await stop();
  await postgres.stop();
}

/** A server to compare with, on the core and under the conditions of the provider. */
async function startBeside(name, more) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), PASSWORD: CREDENTIALS.password, ...more };
  const file = new URL(`./login/${name}.mjs`, import.meta.url).pathname;
  const { pid, stop } = await startServer(file, { env, nodeOptions: NODE_OPTIONS, readyUrl: url });
  return { url, pid, stop };
}

/** Opens sign-in pages. */
function open({ url }, forms) {
  return inTurns(EACH, async () => forms.push(await new Visit(url).open()));
}

/** Sends their forms. */
function signIn(forms) {
  return inTurns(EACH, () => forms.shift().signIn());
}

async function inTurns(count, work) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** The 99th percentile of what a request of userinfo takes, in ms. */
async function p99({ url, requests: [{ path, headers }] }) {
  const waits = [];
  for (let done = 0; done < USERINFOS; done++) {
    const begun = performance.now();
    const answer = await fetch(`${url}${path}`, { headers });
    await answer.arrayBuffer();
    waits.push(performance.now() - begun);
    if (!answer.ok) throw new Error(`userinfo answered ${answer.status}`);
  }
  return waits.toSorted((a, b) => a - b)[Math.floor(USERINFOS * 0.99)];
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function middle(costs) {
  const parts = Object.keys(costs[0]);
  return Object.fromEntries(parts.map((part) => [part, median(costs.map((cost) => cost[part]))]));
}
