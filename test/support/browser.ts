import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { findInstalledBrowser } from '../../scripts/browser.mjs';

/** The path of the browser that the tests drive, or undefined; `npm test` provides one where it can. */
export function findBrowser(): string | undefined {
  return findInstalledBrowser();
}

/** A headless browser that talks to nobody but the test's own servers. Close it after the test. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(settings());
}

/** The same, set to let frames of other sites have their cookies, which not every Chromium does by itself. Close it after the test. */
export async function launchWithForeignCookies(): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'gatehouse-profile-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, settings());
  context.on('close', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}

function settings() {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('No browser: set CHROME_PATH, or use describeInBrowser.');
  return {
    executablePath,
    args: [
      // Chromium's sandbox refuses root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}

/** `describe` for tests that drive a browser: without one they are skipped, with the reason in their names. */
export function describeInBrowser(name: string, define: () => void): void {
  if (findBrowser()) describe(name, define);
  else describe.skip(`${name} (skipped: ${reason()})`, define);
}

function reason(): string {
  return process.env['GATEHOUSE_TEST_BROWSER_MISSING'] ?? 'no browser is installed; npm test gets one';
}
