// Which Chromium the browser tests drive: one that is installed, or one that this fetches.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { run, updatePackageLists } from './run.mjs';

const commands = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/**
 * The path of a browser that is there already: GATEHOUSE_TEST_BROWSER, CHROME_PATH, an installed Chrome, Chromium or Edge,
 * or what Playwright downloaded before; undefined when there is none. Throws an Error when a named one does not exist.
 */
export function findInstalledBrowser(env = process.env) {
  for (const name of ['GATEHOUSE_TEST_BROWSER', 'CHROME_PATH']) {
    if (!env[name]) continue;
    if (!existsSync(env[name])) throw new Error(`${name} is ${env[name]}, and there is no such file.`);
    return env[name];
  }
  return [...placesOf(env), chromium.executablePath()].find((path) => path && existsSync(path) && runs(path));
}

/**
 * Gets a browser: Debian's package when we are root there, else Playwright's own download. Returns `{ path }`, or
 * `{ reason }` when that was not to be.
 */
export async function installBrowser() {
  const attempts = [];
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    process.stdout.write('No browser is installed: installing the package chromium …\n');
    const quiet = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await updatePackageLists();
    const failure = await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet);
    const path = findInstalledBrowser();
    if (path) return { path };
    attempts.push(`apt-get install chromium ${failure ?? 'brought none that runs'}`);
  }
  process.stdout.write('No browser is installed: letting Playwright download one …\n');
  const cli = join(createRequire(import.meta.url).resolve('playwright-core/package.json'), '..', 'cli.js');
  const failure = await run(process.execPath, [cli, 'install', '--no-shell', 'chromium'], process.env);
  const path = findInstalledBrowser();
  if (path) return { path };
  attempts.push(`Playwright's download ${failure ?? 'does not run on this machine'}`);
  return { reason: `no browser is installed, and ${attempts.join(', and ')}` };
}

function placesOf(env) {
  if (process.platform === 'darwin') {
    return macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === 'win32') {
    const homes = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(Boolean);
    return homes.flatMap((home) => windowsPrograms.map((program) => join(home, program)));
  }
  const directories = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return commands.flatMap((command) => directories.map((directory) => join(directory, command)));
}

/** Being there is not enough: Ubuntu's chromium-browser may be a note about a snap, and a download may lack libraries. */
function runs(path) {
  // On Windows `--version` opens a window instead; elsewhere it answers at once.
  return process.platform === 'win32' || spawnSync(path, ['--version'], { timeout: 30_000 }).status === 0;
}
