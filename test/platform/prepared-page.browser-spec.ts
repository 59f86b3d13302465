import type { Browser } from 'playwright-core';
import { GATEHOUSE } from '../../src/platform/branding/brand.js';
import { languages } from '../../src/platform/languages/languages.js';
import { ErrorPage } from '../../src/platform/pages/error.page.js';
import { pageFor } from '../../src/platform/pages/prepared-page.js';
import { renderPage } from '../../src/platform/pages/render.js';
import { SignInFailedPage } from '../../src/relying-party/pages/sign-in-failed.page.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';

const shown = { status: 400, code: 'invalid_request', message: 'What is wrong.', parameter: 'redirect_uri' };
const way = { href: 'https://app.test/', text: 'Sign out and start over' };
const PAGES = {
  error: (correlationId: string) => ErrorPage({ ...shown, way, correlationId }),
  'sign-in failed': (correlationId: string) =>
    SignInFailedPage({ code: 'access_denied', message: 'What is wrong.', retryUrl: '/auth/login', correlationId }),
};

/** Each is one of a pair that the style sheet knows. */
const VIEWS = [
  { tag: 'en', width: 390, colorScheme: 'light' },
  { tag: 'ar', width: 1280, colorScheme: 'dark' },
] as const;

/** The computed style of every element, and of what is drawn before and after it. */
const STYLES = `[...document.querySelectorAll('*')].map((element) => [element.tagName, ...[null, '::before', '::after'].map((pseudo) => {
  const style = getComputedStyle(element, pseudo);
  if (pseudo && style.content === 'none') return '';
  return [...style].map((name) => name + ':' + style.getPropertyValue(name)).join(';');
})].join(' '))`;

describeInBrowser('a prepared page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it.each(Object.entries(PAGES))('%s looks in every element as with the whole style sheet', async (name, page) => {
    const tab = await browser.newPage();
    for (const { tag, width, colorScheme } of VIEWS) {
      const language = languages.find((one) => one.tag === tag)!;
      const whole = renderPage(page('reference'), language, GATEHOUSE);
      const { html } = pageFor({ brand: GATEHOUSE, language, name, page }, 'reference');
      await tab.setViewportSize({ width, height: 900 });
      await tab.emulateMedia({ colorScheme });
      const styles: string[][] = [];
      for (const document of [whole, html]) {
        await tab.setContent(document);
        styles.push(await tab.evaluate<string[]>(STYLES));
      }
      expect(styles[0]!.length).toBeGreaterThan(25);
      expect(styles[1]).toEqual(styles[0]);
    }
    await tab.close();
  });
});
