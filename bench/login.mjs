// `npm run bench:login`: what a password sign-in costs beyond its argon2id hash, and what sixteen of them at once do to
// those who only ask for userinfo.
import { hash, verify } from '@node-rs/argon2';
import { startGatehouse } from './providers/gatehouse.mjs';
import { Browser } from './support/browser.mjs';
import { awayFromServer } from './support/cores.mjs';
import { cpuOfPostgres, cpuOfProcess } from './support/cpu.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { workFor } from './support/works.mjs';

const ROUNDS = 5;
/** Sign-ins, pages or hashes of one round. */
const EACH = 50;
/** The strength of `users/password-hasher.ts`. */
const POLICY = { algorithm: 2, version: 1, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const SIGN_INS_AT_ONCE = 16;
/** Requests of userinfo of one round, one after the other, so that nothing but the server makes them wait. */
const USERINFOS = 300;
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
  const provider = await startGatehouse({ postgres });
  stops.push(provider.stop);
  await signIns(EACH);

  const made = await hash(CREDENTIALS.password, POLICY);
  const costs = { hash: [], page: [], form: [] };
  const waits = { quiet: [], beside: [] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.hash.push(await hashes(made));
    const forms = [];
    costs.page.push(await costOf(async () => forms.push(await new Visit(provider.url).open())));
    costs.form.push(await costOf(() => forms.shift().signIn()));
    // Its token lives five minutes, a round less.
    const userinfo = await workFor('userinfo', provider);
    waits.quiet.push(await p99(userinfo));
    const running = { on: true };
    const load = Promise.all(Array.from({ length: SIGN_INS_AT_ONCE }, () => signInsWhile(running)));
    const beside = p99(userinfo).finally(() => (running.on = false));
    waits.beside.push((await Promise.all([beside, load]))[0]);
  }
  const [page, form] = [middle(costs.page), middle(costs.form)];
  const hashMicroseconds = median(costs.hash);
  const measure = 'CPU µs ÷ those of the hash';
  print(
    await keep(
      [
        {
          name: 'sign-in',
          measure: `${measure}: the form, on the server`,
          ours: form.server,
          theirs: hashMicroseconds,
          target: 1.1,
          details: { form, page, hashMicroseconds },
        },
        {
          name: 'sign-in-whole',
          measure: `${measure}: page and form, server and PostgreSQL`,
          ours: form.server + form.postgres + page.server + page.postgres,
          theirs: hashMicroseconds,
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

  /** CPU µs of one round's work, each, on the server and in PostgreSQL. */
  async function costOf(work) {
    const before = [cpuOfProcess(provider.pid), cpuOfPostgres(postgres.postmaster)];
    let left = EACH;
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while (left-- > 0) await work();
      }),
    );
    const after = [cpuOfProcess(provider.pid), cpuOfPostgres(postgres.postmaster)];
    const [server, database] = before.map((value, index) => (after[index] - value) / EACH);
    return { server, postgres: database };
  }

  async function signIns(count) {
    for (let done = 0; done < count; done++) await (await new Visit(provider.url).open()).signIn();
  }

  async function signInsWhile(running) {
    while (running.on) await (await new Visit(provider.url).open()).signIn();
  }
} finally {
  for (const stop of stops) await stop();
  await postgres.stop();
}

/** CPU µs of one verification. */
async function hashes(made) {
  const before = cpuOfProcess(process.pid);
  for (let done = 0; done < EACH; done++) await verify(made, CREDENTIALS.password);
  return (cpuOfProcess(process.pid) - before) / EACH;
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
  return { server: median(costs.map(({ server }) => server)), postgres: median(costs.map((cost) => cost.postgres)) };
}
