// What `npm test` runs: provides what the tests need on a fresh machine, then runs Jest (arguments are passed on), and
// ends with the line `N passed, N failed`. What cannot be provided is reported as skipped, by name and with the reason.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInstalledBrowser, installBrowser } from './browser.mjs';
import { build, root } from './build.mjs';
import { findInstalledNginx, installNginx } from './nginx.mjs';
import { endWithParent } from './parent.mjs';
import { findInstalledRedis, installRedis } from './redis.mjs';

const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const args = process.argv.slice(2);
const env = {
  ...process.env,
  // ES modules in Jest still need the flag; the warning about it helps nobody.
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
};

let summary = '';
process.on('exit', (code) => {
  if (!summary) summary = code === 0 ? '0 passed, 0 failed' : '0 passed, 1 failed';
  process.stdout.write(`${summary}\n`);
});

endWithParent();
await build();
Object.assign(env, await provide('GATEHOUSE_TEST_BROWSER', 'describeInBrowser', findInstalledBrowser, installBrowser));
Object.assign(env, await provide('GATEHOUSE_TEST_REDIS', 'describeWithRedis', findInstalledRedis, installRedis));
Object.assign(env, await provide('GATEHOUSE_TEST_NGINX', 'describeWithNginx', findInstalledNginx, installNginx));
const { code, result } = await runJest();
report(code, result);
process.exitCode = code;

/** What a test needs that does not come with npm: the variable that names it, and the word by which tests ask for it. */
async function provide(variable, word, find, install) {
  let installed;
  try {
    installed = find();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  if (installed) return { [variable]: installed };
  if (!contentOfTests().some((content) => content.includes(word))) return {};
  const { path, reason } = await install();
  return path ? { [variable]: path } : { [`${variable}_MISSING`]: reason };
}

/** A download is not worth it for `npm test -- test/protocol`. */
function contentOfTests() {
  const { stdout } = spawnSync(process.execPath, [jest, '--listTests', ...args], { cwd: root, env, encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((file) => readFileSync(file, 'utf8'));
}

async function runJest() {
  const directory = await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  const outputFile = join(directory, 'result.json');
  try {
    const options = [jest, '--json', `--outputFile=${outputFile}`, ...args];
    const child = spawn(process.execPath, options, { cwd: root, env, stdio: ['inherit', 'ignore', 'inherit'] });
    // Ctrl-C reaches Jest as well: it ends by itself, and we after it.
    process.on('SIGINT', () => {});
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    const [exitCode] = await once(child, 'exit');
    const text = await readFile(outputFile, 'utf8').catch(() => undefined);
    return { code: exitCode ?? 1, result: text && JSON.parse(text) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function report(exitCode, result) {
  if (!result) return;
  const tests = result.testResults.flatMap((suite) => suite.assertionResults);
  const skipped = tests.filter(({ status }) => status === 'pending' || status === 'todo');
  for (const { fullName } of skipped) process.stdout.write(`skipped: ${fullName}\n`);
  // A suite that could not run has no tests to count, and what fails outside the tests (a teardown) has none either.
  const broken = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const failed = broken || (exitCode === 0 ? 0 : 1);
  summary = `${result.numPassedTests} passed, ${failed} failed`;
  if (skipped.length > 0) summary += `, ${skipped.length} skipped`;
}
