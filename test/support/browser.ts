import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findInstalledBrowser } from '../../scripts/browser.mjs';

/** How long a page, an element or the browser itself may take to be there: on a busy machine a single page takes many seconds. */
export const PATIENCE_MS = 60_000;
/** A story has many pages. */
const LONGEST_TEST_MS = 300_000;

/**
 * What a headless browser does for nobody: Chromium makes two pages for the drop-down of each window's address bar, and
 * keeps a process for the page that may come next. That is half of the time that a new window takes.
 */
const UNUSED = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'];
/** Playwright's own list, of what the tests can meet: Chromium believes the last list alone. */
const DISABLED_BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

/** The path of the browser that the tests drive, or undefined; `npm test` provides one where it can. */
export function findBrowser(): string | undefined {
  return findInstalledBrowser();
}

/** A headless browser that talks to nobody but the test's own servers. Close it after the test. */
export async function launchBrowser(): Promise<Browser> {
  const browser = await chromium.launch(settings());
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
  return browser;
}

/** The same, set to let frames of other sites have their cookies, which not every Chromium does by itself. Close it after the test. */
export async function launchWithForeignCookies(): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'gatehouse-profile-'));
  await mkdir(join(profile, 'Default'));
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, settings());
  context.setDefaultTimeout(PATIENCE_MS);
  context.on('close', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}

function settings() {
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('No browser: set CHROME_PATH, or use describeInBrowser.');
  return {
    executablePath,
    timeout: PATIENCE_MS,
    args: [
      // Chromium's sandbox refuses root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--disable-features=${[...DISABLED_BY_PLAYWRIGHT, ...UNUSED].join(',')}`,
    ],
  };
}

/** The text of an element, once the page that a click led to is there as a whole: until then it may be there in part. */
export async function textOf(page: Page, selector: string): Promise<string | null> {
  await page.waitForLoadState();
  return page.textContent(selector);
}

/** `describe` for tests that drive a browser: without one they are skipped, with the reason in their names. */
export function describeInBrowser(name: string, define: () => void): void {
  jest.setTimeout(LONGEST_TEST_MS);
  if (findBrowser()) describe(name, define);
  else describe.skip(`${name} (skipped: ${reason()})`, define);
}

function reason(): string {
  return process.env['GATEHOUSE_TEST_BROWSER_MISSING'] ?? 'no browser is installed; npm test gets one';
}
