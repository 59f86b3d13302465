import type { Browser, BrowserContext, Page } from 'playwright-core';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { startPortal } from '../../src/apps/portal/portal-app.js';
import { appConfig } from '../../src/apps/support/app-config.js';
import { DEMO_CLIENTS, demoApps } from '../../src/apps/support/demo.js';
import { addressesFrom, freePortBase } from '../apps/front-door.js';
import { describeInBrowser, launchBrowser } from '../support/browser.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';

/** The browser-only sample, served by the portal, against the real provider. */
describeInBrowser('a browser-only application', () => {
  let browser: Browser;
  let at: ReturnType<typeof addressesFrom>;
  const contexts: BrowserContext[] = [];
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const [database, base] = await Promise.all([createProviderDatabase(), freePortBase()]);
    cleanUp.push(database.drop);
    at = addressesFrom(base);
    const circumstances = { databaseUrl: database.url, secrets: SECRETS, apps: demoApps(base), logger: false as const };
    const provider = await startIdentityProvider(identityProviderConfig({ PORT: String(base) }), circumstances);
    cleanUp.push(() => provider.close());
    const config = appConfig(
      { ISSUER: at.provider, PORT: String(base + 1), PUBLIC_URL: at.portal },
      { portOffset: 1, client: DEMO_CLIENTS.portal },
    );
    const portal = await startPortal(config, database.url, SECRETS, false);
    cleanUp.push(() => portal.close());
    browser = await launchBrowser();
    cleanUp.push(() => browser.close());
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    for (const work of cleanUp.reverse()) await work();
  });

  async function open(): Promise<Page> {
    const context = await browser.newContext();
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${at.portal}/spa`);
    return page;
  }

  /** From the page's own link to the provider, and back to the page. */
  async function signIn(page: Page): Promise<void> {
    await page.click('text=Sign in');
    await page.fill('[name=username]', 'alice');
    await page.fill('[name=password]', 'wonderland');
    await page.click('#login-submit');
    if (page.url().includes('/consent')) await page.click('#consent-allow');
    await page.waitForURL(`${at.portal}/spa`);
    await page.waitForSelector('table');
  }

  it('signs in and back, and no token comes to the browser (RP-14)', async () => {
    const page = await open();
    expect(await page.textContent('h1')).toBe('You are not signed in');
    const answers: Promise<string>[] = [];
    page.on('response', (response) => {
      const isOurs = response.url().startsWith(at.portal);
      if (isOurs && ![301, 302, 303].includes(response.status())) answers.push(response.text().catch(() => ''));
    });
    await signIn(page);
    expect(await page.textContent('h1')).toBe('Hello, Alice Liddell');
    expect(await page.textContent('tbody')).toContain('this one');
    const kept = 'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])';
    expect(await page.evaluate(kept)).toBe('["",{},{}]');
    const texts = await Promise.all(answers);
    expect(texts.length).toBeGreaterThanOrEqual(4);
    expect(texts.join('\n')).not.toMatch(/eyJ|access_token|refresh_token|id_token/);
  });

  it('ends the session of another browser, which then says so, and signs out', async () => {
    const here = await open();
    await signIn(here);
    const there = await open();
    await signIn(there);
    await here.reload();
    await here.waitForSelector('table');
    const before = await here.locator('tbody tr').count();
    await here.locator('tbody tr button').first().click();
    await here.waitForSelector('text=The session has ended.');
    expect(await here.locator('tbody tr').count()).toBe(before - 1);
    expect(await here.evaluate('document.activeElement.tagName')).toBe('H1');

    await there.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await there.waitForSelector('text=You are not signed in');
    expect(await there.textContent('#status')).toBe('Your session has ended.');

    await here.click('form[action="/auth/logout"] button');
    await here.waitForURL(`${at.portal}/`);
    await here.goto(`${at.portal}/spa`);
    await here.waitForSelector('text=You are not signed in');
  });

  it('its policy lets in no other script', async () => {
    const page = await open();
    const answer = await page.goto(`${at.portal}/spa`);
    const policy = (await answer!.allHeaders())['content-security-policy']!.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        `script-src ${at.portal}/spa/app.js`,
        "connect-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    const ran = await page.evaluate(`(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      const reached = await fetch('${at.provider}/.well-known/openid-configuration').then(() => true, () => false);
      return [window.ran === true, reached];
    })()`);
    expect(ran).toEqual([false, false]);
  });

  it('says that the backend cannot be reached, and tries again', async () => {
    const page = await open();
    await signIn(page);
    await page.route('**/spa/api/**', (route) => route.abort());
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await page.waitForSelector('[role=alert]');
    await page.unroute('**/spa/api/**');
    await page.click('text=Try again');
    await page.waitForSelector('text=Hello, Alice Liddell');
  });

  it('says what it needs where there is no JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${at.portal}/spa`);
    expect(await page.textContent('main')).toContain('needs JavaScript');
  });
});
