// `npm run bench:growth [scale]`: what a full database costs. Two providers at once, one on an empty database, one on a
// database of a million people, a million sessions and five million refresh tokens (times `scale`), asked in turn. Then the
// provider sweeps what has ended while sign-ons go on, and the plans of all statements that were sent are written down.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startGatehouse } from './providers/gatehouse.mjs';
import { awayFromServer } from './support/cores.mjs';
import { latencies, quantile } from './support/latency.mjs';
import { startPostgres } from './support/postgres.mjs';
import { keep, print } from './support/results.mjs';
import { median } from './support/side-by-side.mjs';
import { workFor } from './support/works.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const scale = Number(process.argv[2] ?? 1);
const SIZES = { people: 1_000_000 * scale, sessions: 1_000_000 * scale, tokens: 5_000_000 * scale };
const NAMES = ['sso-flow', 'refresh'];
const TARGET = 1.3;
const ROUNDS = 5;
const OPERATIONS = 150;
const CONCURRENCY = 4;
/** Nobody said how much a sweep may slow down. */
const TARGET_SWEEP = { p50: 2, p99: 3 };
const SWEEP_STEP = 40;
/** In milliseconds. */
const CALM = 10_000;
const LONGEST_SWEEP = 60_000;
/** Big tables: who reads one of them from end to end for a request has no fitting index. */
const BIG = ['gatehouse_user', 'consent', 'session', 'authorization_grant', 'refresh_token'];

awayFromServer(process.pid);
const postgres = await startPostgres();
const statements = join(postgres.directory, 'statements.json');
const stops = [];
try {
  const empty = await startGatehouse({ postgres, database: 'bench_empty' });
  stops.push(empty.stop);
  const full = await startGatehouse({
    postgres,
    database: 'bench_full',
    nodeOptions: ['record-statements', 'held-sweep'].flatMap((name) => ['--import', join(here, `growth/${name}.mjs`)]),
    env: { BENCH_STATEMENTS: statements },
  });
  stops.push(full.stop);
  const admin = new pg.Client({ connectionString: full.databaseUrl });
  await admin.connect();
  stops.push(() => admin.end());

  process.stderr.write(`seeding ${JSON.stringify(SIZES)} …\n`);
  const begun = performance.now();
  await seed(admin);
  process.stderr.write(`seeded in ${Math.round((performance.now() - begun) / 1000)} s\n`);

  const results = [];
  for (const name of NAMES) {
    process.stderr.write(`${name} …\n`);
    const sides = [];
    for (const provider of [empty, full]) sides.push({ work: await workFor(name, provider), p50s: [] });
    for (let round = -1; round < ROUNDS; round++) {
      for (const { work, p50s } of sides) {
        const p50 = quantile(await latencies(work, { count: OPERATIONS, concurrency: CONCURRENCY }), 0.5);
        // The first round warms up.
        if (round >= 0) p50s.push(p50);
      }
    }
    const [theirs, ours] = sides.map(({ p50s }) => median(p50s));
    const measure = `p50 in ms, full database ÷ empty (× ${scale})`;
    results.push({ name: `growth-${name}`, measure, ours, theirs, target: TARGET });
  }
  results.push(...(await duringSweep(admin, full)));

  print(await keep(results, { postgres: postgres.version }));
  await writeFile(join(here, 'results/plans.txt'), await plans(admin, JSON.parse(await readFile(statements, 'utf8'))));
} finally {
  for (const stop of stops.reverse()) await stop();
  await postgres.stop();
}

async function seed(client) {
  const values = { ...SIZES, now: Date.now() };
  const text = (await readFile(join(here, 'growth/seed.sql'), 'utf8')).replace(/:(\w+)\b(?<!::\w+)/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
  const { rows: indexes } = await client.query(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
     WHERE indrelid = ANY($1::regclass[]) AND NOT indisunique`,
    [BIG],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (const piece of text.split(/;\s*\n/).filter((one) => one.trim())) await client.query(piece);
  for (const { definition } of indexes) await client.query(definition);
  for (const table of BIG) await client.query(`VACUUM ANALYZE ${table}`);
  await client.query('CHECKPOINT');
}

/** Sign-ons while the provider sweeps all that has ended, at its own pace, against those before and after. */
async function duringSweep(client, provider) {
  process.stderr.write('sweep …\n');
  const work = await workFor('sso-flow', provider);
  const some = () => latencies(work, { count: SWEEP_STEP, concurrency: CONCURRENCY });
  const calm = [];
  const calmFor = async (milliseconds) => {
    for (const end = performance.now() + milliseconds; performance.now() < end;) calm.push(...(await some()));
  };
  await some();
  await calmFor(CALM);
  const before = await ended(client);
  const begun = performance.now();
  process.kill(provider.pid, 'SIGUSR2');
  const swept = [];
  let isOver = false;
  while (!isOver && performance.now() - begun < LONGEST_SWEEP) {
    swept.push(...(await some()));
    isOver = (await ended(client, 1)) === 0;
  }
  const seconds = (performance.now() - begun) / 1000;
  const left = await ended(client);
  if (isOver) await calmFor(CALM);
  process.stderr.write(`${before - left} rows in ${seconds.toFixed(1)} s, ${swept.length} sign-ons meanwhile\n`);
  const details = { ended: before, left, seconds, signOns: { meanwhile: swept.length, calm: calm.length } };
  return [0.5, 0.99].map((q) => ({
    name: `growth-sweep-p${100 * q}`,
    measure: `p${100 * q} of sso-flow in ms while the provider sweeps ÷ while it does not (× ${scale})`,
    ours: quantile(swept, q),
    theirs: quantile(calm, q),
    target: q === 0.5 ? TARGET_SWEEP.p50 : TARGET_SWEEP.p99,
    details: { ...details, longestMilliseconds: { meanwhile: Math.max(...swept), calm: Math.max(...calm) } },
  }));
}

/** How many sessions are past their end, and authorizations that nothing keeps; of each at most `most`. */
async function ended(client, most) {
  const limit = most === undefined ? '' : `LIMIT ${most}`;
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM (
        SELECT 1 FROM session WHERE realm = 'provider' AND expires_at <= $1 ${limit}) AS gone)
      + (SELECT count(*) FROM (
        SELECT 1 FROM authorization_grant a WHERE expires_at <= $1 AND NOT EXISTS (
          SELECT 1 FROM session WHERE realm = 'provider' AND sid = a.sid AND expires_at > $1) ${limit}) AS gone) AS count`,
    [Date.now()],
  );
  return Number(rows[0].count);
}

/** The plan that PostgreSQL keeps for each statement; those that read a big table from end to end come first. */
async function plans(client, texts) {
  const described = [];
  for (const text of Object.values(texts)) {
    const answer = await client.query(`EXPLAIN (GENERIC_PLAN) ${text}`).catch(() => undefined);
    if (!answer) continue;
    const plan = answer.rows.map((row) => row['QUERY PLAN']).join('\n');
    const scanned = BIG.filter((table) => new RegExp(`Seq Scan on ${table}\\b`).test(plan));
    described.push({
      scanned,
      text: `${scanned.length > 0 ? `reads all of ${scanned.join(', ')}\n` : ''}${text.trim()}\n\n${plan}\n`,
    });
  }
  const scans = described.filter(({ scanned }) => scanned.length > 0);
  process.stderr.write(`${described.length} plans, ${scans.length} of them read a big table from end to end\n`);
  const inOrder = [...scans, ...described.filter((one) => !scans.includes(one))];
  return inOrder.map(({ text }) => text).join(`\n${'-'.repeat(100)}\n\n`);
}
