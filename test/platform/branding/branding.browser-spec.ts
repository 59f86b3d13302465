import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeInBrowser, launchBrowser } from '../../support/browser.js';
import { type Example, openExample } from './example.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env['SCREENSHOTS'];

describeInBrowser('a branded provider', () => {
  let example: Example;
  let browser: Browser;
  beforeAll(async () => {
    [example, browser] = await Promise.all([openExample(), launchBrowser()]);
    if (pictures) await mkdir(pictures, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await example?.close();
  });

  it('is readable, complete and within its policy: a page with a template, and one in the look of a client', async () => {
    const { house } = example;
    const client = await house.client('shop', { client_name: 'Shop' }, { look: { accent: '#7a1fa2', header: true } });
    const paths = {
      template: '/login',
      client: house.browser().authorizePath(client),
      right: `/login?ui_locales=ar`,
    };
    for (const [name, path] of Object.entries(paths)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ colorScheme, viewport: { width: 390, height: 844 } });
        const complaints: string[] = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.goto(house.issuer + path, { waitUntil: 'load' });
        // What is only said to the one who looks at an error page's own status.
        const told = complaints.filter((text) => !/the server responded with a status of 4\d\d|favicon/.test(text));
        const broken = await page.evaluate(
          '[...document.images].filter((image) => image.naturalWidth === 0).map((image) => image.src)',
        );
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        const wall = await page.evaluate("getComputedStyle(document.querySelector('.wall')).backgroundColor");
        expect([name, colorScheme, told, broken, wide, wall]).toEqual([
          name,
          colorScheme,
          [],
          [],
          0,
          colorScheme === 'light' ? 'rgb(253, 246, 227)' : 'rgb(16, 20, 26)',
        ]);
        if (pictures) {
          await page.screenshot({ path: join(pictures, `brand-${name}-${colorScheme}.png`), fullPage: true });
          await page.setViewportSize({ width: 1280, height: 900 });
          await page.screenshot({ path: join(pictures, `brand-${name}-${colorScheme}-desktop.png`) });
        }
        const findings = await page.evaluate(
          `(0, eval)(${JSON.stringify(axe)}), axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
        );
        expect([name, colorScheme, findings]).toEqual([name, colorScheme, []]);
        await page.close();
      }
    }
  });
});
