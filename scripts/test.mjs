// What `npm test` runs: provides what the tests need on a fresh machine, then runs Jest (arguments are passed on), and
// ends with the line `N passed, N failed`. What cannot be provided is reported as skipped, by name and with the reason.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './build.mjs';
import { endWithParent } from './parent.mjs';
import { jest, prepareTests } from './prepare-tests.mjs';

const args = process.argv.slice(2);
let summary = '';
process.on('exit', (code) => {
  if (!summary) summary = code === 0 ? '0 passed, 0 failed' : '0 passed, 1 failed';
  process.stdout.write(`${summary}\n`);
});

endWithParent();
const env = await prepareTests(args);
const { code, result } = await runJest();
report(code, result);
process.exitCode = code;

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
