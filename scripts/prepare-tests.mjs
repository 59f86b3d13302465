// What `npm test` needs before Jest runs: dist as new as the sources, and the programs that do not come with npm. Run by
// itself, it gets all of it for every test, so that `npm test` finds it there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findInstalledBrowser, installBrowser } from './browser.mjs';
import { build, root } from './build.mjs';
import { findInstalledNginx, installNginx } from './nginx.mjs';
import { findInstalledRedis, installRedis } from './redis.mjs';

export const jest = createRequire(import.meta.url).resolve('jest/bin/jest');

/** Answers the environment in which Jest is to run, for the tests that these arguments of Jest's choose. */
export async function prepareTests(args = []) {
  const [programs] = await Promise.all([providePrograms(args), build()]);
  return {
    ...process.env,
    // ES modules in Jest still need the flag; the warning about it helps nobody.
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
    ...programs,
  };
}

/** One after the other: packages cannot be installed side by side. */
async function providePrograms(args) {
  return {
    ...(await provide('GATEHOUSE_TEST_BROWSER', 'describeInBrowser', findInstalledBrowser, installBrowser, args)),
    ...(await provide('GATEHOUSE_TEST_REDIS', 'describeWithRedis', findInstalledRedis, installRedis, args)),
    ...(await provide('GATEHOUSE_TEST_NGINX', 'describeWithNginx', findInstalledNginx, installNginx, args)),
  };
}

/** What a test needs that does not come with npm: the variable that names it, and the word by which tests ask for it. */
async function provide(variable, word, find, install, args) {
  let installed;
  try {
    installed = find();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  if (installed) return { [variable]: installed };
  if (!contentOfTests(args).some((content) => content.includes(word))) return {};
  const { path, reason } = await install();
  return path ? { [variable]: path } : { [`${variable}_MISSING`]: reason };
}

/** A download is not worth it for `npm test -- test/protocol`. */
function contentOfTests(args) {
  const { stdout } = spawnSync(process.execPath, [jest, '--listTests', ...args], { cwd: root, encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((file) => readFileSync(file, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepareTests();
