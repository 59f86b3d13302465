// `npm run bench:enumeration`: whether the time of an answer tells who has an account. Names that are known and names that
// are not, in random order, one request at a time, as somebody on the same machine would try; and after each request for a
// mail the page that comes next, because what is done after an answer may make the following one wait.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import argon2 from '@node-rs/argon2';
import { Browser } from './support/browser.mjs';
import { freePort, startServer } from './support/child.mjs';
import { awayFromServer } from './support/cores.mjs';
import { compare } from './enumeration/rank-test.mjs';
import { startPostgres } from './support/postgres.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
/** Of each kind, for each page. */
const SAMPLES = 300;
const WARM_UP = 60;
/** With this probability, at most, is a difference reported where there is none. */
const SIGNIFICANT = 0.001;

awayFromServer(process.pid);
const postgres = await startPostgres();
const port = String(await freePort());
const url = `http://localhost:${port}`;
const env = {
  PORT: port,
  ISSUER: url,
  DATABASE_URL: await postgres.database('bench_enumeration'),
  GATEHOUSE_DIRECTORY: postgres.directory,
  LOG_LEVEL: 'error',
  SIGN_UP: 'true',
  // Each request comes from a network of its own, so that no limit answers in the place of what is measured.
  TRUST_PROXY: 'loopback',
};
const server = await startServer(join(root, 'dist/apps/identity-provider/main.js'), {
  env,
  readyUrl: `${url}/.well-known/openid-configuration`,
});
try {
  await importPeople();
  const flows = [
    { name: 'sign-in', page: '/login', fields: (name) => ({ username: name, password: 'a wrong password' }) },
    { name: 'forgotten password', page: '/login/forgot-password', fields: (name) => ({ username: name }), mails: true },
    { name: 'sign-up', page: '/login/sign-up', fields: (name) => ({ email: `${name}@mail.test` }), mails: true },
  ];
  const lines = [];
  for (const flow of flows) {
    const { answers, next } = await times(flow);
    lines.push(lineOf(flow.name, answers));
    if (flow.mails) lines.push(lineOf(`the page after ${flow.name}`, next));
  }
  process.stdout.write(
    `\n  ${SAMPLES} names that are known and ${SAMPLES} that are not, ms\n\n` +
      `  ${''.padEnd(34)}${'known'.padStart(8)}${'unknown'.padStart(9)}   difference (95 %)          known is slower    p\n` +
      `${lines.join('\n')}\n\n  p < ${SIGNIFICANT}: they can be told apart.\n\n`,
  );
} finally {
  await server.stop();
  await postgres.stop();
}

/** People with a proved address and today's hash of a password; so many that nobody's limit is reached. */
async function importPeople() {
  const passwordHash = await argon2.hash('wonderland', { memoryCost: 19456, timeCost: 2, parallelism: 1 });
  const line = (_, index) => {
    const username = `known${index}`;
    return JSON.stringify({ username, passwordHash, claims: { email: `${username}@mail.test`, email_verified: true } });
  };
  const file = join(postgres.directory, 'people.jsonl');
  await writeFile(file, Array.from({ length: SAMPLES + WARM_UP }, line).join('\n'));
  const { PATH, HOME } = process.env;
  await run(process.execPath, [join(root, 'bin/nest-gatehouse.mjs'), 'user', 'import', file], {
    env: { PATH, HOME, ...env },
  });
}

/** Milliseconds of each answer, and of the page after it, by whether the name was known. */
async function times({ page: path, fields }) {
  const browser = new Browser(url);
  const page = await browser.open(path);
  const answers = { known: [], unknown: [] };
  const next = { known: [], unknown: [] };
  for (const [index, kind] of order().entries()) {
    const name = `${kind}${index >> 1}`;
    const from = { 'x-forwarded-for': `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}` };
    const begun = performance.now();
    await browser.submit(page, fields(name), { redirect: 'stay', headers: from });
    const answered = performance.now();
    await browser.open(path, { headers: from });
    const followed = performance.now();
    // What was begun after the answer is over before the next name is tried.
    await new Promise((resolve) => setTimeout(resolve, 15));
    if (index < 2 * WARM_UP) continue;
    answers[kind].push(answered - begun);
    next[kind].push(followed - answered);
  }
  return { answers, next };
}

/** Pairs of one that is known and one that is not, each in random order. */
function order() {
  return Array.from({ length: SAMPLES + WARM_UP }, () =>
    Math.random() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known'],
  ).flat();
}

function lineOf(name, { known, unknown }) {
  const { medians, difference, interval, share, p } = compare(known, unknown);
  const [from, to] = interval.map((value) => signed(value));
  return [
    `  ${name.padEnd(34)}`,
    `${medians[0].toFixed(2).padStart(8)}${medians[1].toFixed(2).padStart(9)}`,
    `   ${signed(difference)} (${from} to ${to})`.padEnd(30),
    `${(100 * share).toFixed(1)} % of pairs`.padEnd(19),
    p < SIGNIFICANT ? `${p.toExponential(1)}  told apart` : p.toFixed(3),
  ].join('');
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}
