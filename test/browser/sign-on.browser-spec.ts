import type { Browser, BrowserContext, Page } from 'playwright-core';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from '../apps/front-door.js';
import { describeInBrowser, launchBrowser, PATIENCE_MS, textOf } from '../support/browser.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';

/** The story of the project, on the built front doors: one process for all of them, then one for each. */
describeInBrowser('signing in once', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let at: ReturnType<typeof addressesFrom>;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    for (const work of cleanUp.reverse()) await work();
  });

  async function open(options: { javaScriptEnabled?: boolean } = {}) {
    context = await browser.newContext(options);
    page = await context.newPage();
  }
  afterEach(() => context?.close());

  const heading = () => textOf(page, 'h1');
  const path = () => new URL(page.url()).pathname;

  async function signIn() {
    await page.fill('[name=username]', 'alice');
    await page.fill('[name=password]', 'wonderland');
    await page.click('#login-submit');
  }

  /** Portal, sign-in, consent when it is asked for, the name; desk; orders; sign-out; desk asks. */
  async function story({ consents }: { consents: boolean }) {
    await page.goto(at.portal);
    expect(page.url()).toBe(`${at.portal}/`);
    await page.goto(`${at.portal}/profile`);
    expect(page.url()).toMatch(`${at.provider}/login?interaction=`);
    expect(await textOf(page, 'main')).toContain('Portal');

    await signIn();
    if (consents) {
      expect(page.url()).toMatch(`${at.provider}/consent?interaction=`);
      await page.click('#consent-allow');
    }
    expect(page.url()).toBe(`${at.portal}/profile`);
    expect(await textOf(page, 'main')).toContain('Alice Liddell');

    await page.goto(at.desk);
    expect(page.url()).toBe(`${at.desk}/`);
    expect(await page.textContent('table')).toContain('Looking glass');
    expect(await textOf(page, 'main')).toContain('whose orders they are, and that desk asked');
    await page.goto(`${at.desk}/api/orders`);
    expect(JSON.parse((await page.textContent('body'))!)).toMatchObject({
      actor: 'desk',
      orders: [{ item: 'Looking glass' }, {}],
    });

    await page.goto(`${at.portal}/profile`);
    await page.click('form[action="/auth/logout"] button');
    await page.waitForURL(`${at.portal}/`);
    expect(await page.textContent('body')).not.toContain('Alice Liddell');
    const receipt = await page.textContent('#receipt');
    expect(receipt).toMatch(/signed out\. \d of \d applications enforced it/);

    // At once where everybody said so within the second that the sign-out waits for them; else when they have heard of it.
    const deadline = /(\d) of \1 /.test(receipt!) ? 0 : Date.now() + PATIENCE_MS;
    do await page.goto(at.desk);
    while (page.url() === `${at.desk}/` && Date.now() < deadline);
    expect(page.url()).toMatch(`${at.provider}/login?interaction=`);
  }

  describe('at the demo', () => {
    beforeAll(async () => {
      const [directory, database, base] = await Promise.all([
        temporaryDirectory(),
        createProviderDatabase(),
        freePortBase(),
      ]);
      cleanUp.push(directory.remove, database.drop);
      at = addressesFrom(base);
      const demo = new FrontDoor('demo', {
        PORT_BASE: String(base),
        GATEHOUSE_DIRECTORY: directory.path,
        DATABASE_URL: database.url,
        GATEHOUSE_SECRET: SECRETS[0],
      });
      cleanUp.push(() => demo.stop());
      await demo.ready(...Object.values(at));
    });

    it('signs out again, everywhere', async () => {
      await open();
      await story({ consents: true });
    });

    it('needs no JavaScript, and does not ask for consent again', async () => {
      await open({ javaScriptEnabled: false });
      await story({ consents: false });
    });

    it('the browser-only page knows who is signed in, as it was built', async () => {
      await open();
      await page.goto(`${at.portal}/spa`);
      await page.click('text=Sign in');
      await signIn();
      await page.waitForURL(`${at.portal}/spa`);
      await page.waitForSelector('text=Hello, Alice Liddell');
    });

    it('works by keyboard alone', async () => {
      await open();
      await page.goto(`${at.portal}/profile`);
      // The first field gets the focus by itself, a moment after the page has loaded.
      await page.waitForSelector('[name=username]:focus');
      await page.keyboard.type('alice');
      await page.keyboard.press('Tab');
      await page.keyboard.type('wonderland');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.id')).toBe('login-submit');
      await page.keyboard.press('Enter');
      await page.waitForURL(`${at.portal}/profile`);
      expect(await textOf(page, 'main')).toContain('Alice Liddell');
    });

    it('says so when a password is wrong, and keeps the name', async () => {
      await open();
      await page.goto(`${at.portal}/profile`);
      await page.fill('[name=username]', 'bob');
      await page.fill('[name=password]', 'wrong');
      await page.press('[name=password]', 'Enter');
      await page.waitForSelector('[role=alert]');
      await page.waitForLoadState();
      expect(await page.inputValue('[name=username]')).toBe('bob');
      expect(await page.inputValue('[name=password]')).toBe('');
    });

    it('shows a page of the portal when consent is denied, and asks again at the next attempt', async () => {
      await open();
      await page.goto(`${at.portal}/profile`);
      await page.fill('[name=username]', 'bob');
      await page.fill('[name=password]', 'builder');
      await page.click('#login-submit');
      await page.click('#consent-deny');
      expect(page.url()).toMatch(`${at.portal}/auth/callback?`);
      expect(await heading()).toBe('You were not signed in');
      expect(await textOf(page, 'main')).toContain('access_denied');

      await page.click('text=Try again');
      expect(path()).toBe('/consent');
      await page.click('#consent-allow');
      expect(page.url()).toBe(`${at.portal}/profile`);
      expect(await textOf(page, 'main')).toContain('Bob Builder');
    });

    it('gives every page to phones without a bar to scroll sideways', async () => {
      await open();
      await page.setViewportSize({ width: 320, height: 640 });
      const narrow = async (url: string) => {
        await page.goto(url);
        expect([url, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([url, 320]);
      };
      await narrow(at.portal);
      await narrow(`${at.provider}/authorize`);
      await narrow(`${at.portal}/profile`);
      await signIn();
      for (const url of [`${at.portal}/profile`, at.desk, at.provider, `${at.provider}/logout`]) await narrow(url);
    });

    it('RP-14: keeps no token and no script where a page could read it', async () => {
      await open();
      await page.goto(`${at.portal}/profile`);
      await signIn();
      await page.waitForLoadState();
      expect(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length')).toBe('00');
      expect(await page.content()).not.toMatch(/<script|eyJ/);
      const all = await context.cookies();
      // This one is for the script of a single page, and worth nothing.
      const isState = ({ name }: { name: string }) => name === '__Secure-gatehouse-state';
      expect(all.find(isState)).toMatchObject({ path: '/check-session', secure: true, sameSite: 'None' });
      const cookies = all.filter((cookie) => !isState(cookie));
      expect(cookies.length).toBeGreaterThan(1);
      for (const cookie of cookies) {
        expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
        expect(cookie.name).toMatch(/^__Host-/);
      }
    });
  });

  describe('with a process for each front door, on the embedded PostgreSQL', () => {
    beforeAll(async () => {
      const [directory, base] = await Promise.all([temporaryDirectory(), freePortBase()]);
      cleanUp.push(directory.remove);
      at = addressesFrom(base);
      const common = { GATEHOUSE_DIRECTORY: directory.path, ISSUER: at.provider, ORDERS_URL: at.orders };
      const start = (name: string, port: number, settings: NodeJS.ProcessEnv = {}) => {
        const door = new FrontDoor(name, { ...common, PORT: String(port), ...settings });
        cleanUp.push(() => door.stop());
        return door;
      };
      const doors = [
        start('identity-provider', base),
        start('portal', base + 1, { PUBLIC_URL: at.portal }),
        start('orders', base + 2, { PUBLIC_URL: at.orders, GATEHOUSE_DIRECTORY: '/nowhere' }),
        start('desk', base + 3, { PUBLIC_URL: at.desk }),
      ];
      await Promise.all(doors.map((door, index) => door.ready(Object.values(at)[index]!)));
    });

    it('signs out again, everywhere', async () => {
      await open();
      await story({ consents: true });
    });
  });
});
