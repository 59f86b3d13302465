import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInBrowser, launchBrowser, textOf } from '../support/browser.js';
import { type House, openHouse } from '../support/house.js';
import { TestClock } from '../support/test-clock.js';

/** The device grant as people meet it: a screen without a keyboard, and the phone beside it. */
describeInBrowser('signing in on a screen without a keyboard', () => {
  let browser: Browser;
  let house: House;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    house = await openHouse({ hostname: 'localhost', clock: new TestClock() });
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await house.close();
  });

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const context = await browser.newContext(options);
    contexts.push(context);
    return context.newPage();
  }

  /** The screen, with its code shown. */
  async function television(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const page = await open(options);
    await page.goto(`${house.issuer}/tools/television`);
    await page.click('#television-start');
    return page;
  }

  /** The screen comes again by itself every few seconds; here when it is called, once it has left. */
  async function look(screen: Page): Promise<string> {
    house.clock.pass('6s');
    await screen.goto(`${house.issuer}/tools/television`);
    return (await screen.textContent('h1'))!;
  }

  /**
   * So that the screen does not come again by itself: that would abort the call that it meets, as it may this one, and take
   * the answer away from whoever looks next.
   */
  async function leave(screen: Page): Promise<void> {
    for (;;) {
      const failure = await screen.goto('about:blank').then(
        () => undefined,
        (error: Error) => error,
      );
      if (failure === undefined) return;
      if (!/ERR_ABORTED|interrupted by another navigation/.test(failure.message)) throw failure;
    }
  }

  /** What the QR code leads to, on a phone; the screen has left then. */
  async function scan(screen: Page, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
    const address = /QR code for (\S+)/.exec((await screen.getAttribute('img.qr', 'alt'))!)![1]!;
    await leave(screen);
    const phone = await open({ viewport: { width: 390, height: 844 }, ...options });
    await phone.goto(address);
    await phone.click('#device-submit');
    await phone.fill('[name=username]', 'alice');
    await phone.fill('[name=password]', 'wonderland');
    await phone.click('#login-submit');
    return phone;
  }

  it('by scanning its code with a phone, without a script on either', async () => {
    const screen = await television({ javaScriptEnabled: false });
    const code = (await screen.textContent('#user-code'))!.trim();
    expect(await screen.getAttribute('img.qr', 'src')).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(await screen.getAttribute('meta[http-equiv=refresh]', 'content')).toMatch(/^\d;url=/);
    expect(await screen.innerHTML('html')).not.toContain('<script');

    const phone = await scan(screen, { javaScriptEnabled: false });
    expect(await textOf(phone, '.code.big')).toBe(code);
    expect(await look(screen)).toBe('Sign in with your phone');
    await phone.click('#consent-allow');
    expect(await textOf(phone, 'h1')).toBe('Your device is connected');

    // Nobody touches it.
    house.clock.pass('1m');
    await screen.getByText('Good evening, Alice Liddell').waitFor();
    // It has forgotten the code, and begins anew.
    expect(await look(screen)).toBe('A screen without a keyboard');
  });

  it('by typing it in a window, in any case', async () => {
    const screen = await television();
    const code = (await screen.textContent('#user-code'))!.trim();
    const address = (await screen.getAttribute('.pair a', 'href'))!;
    await leave(screen);
    const other = await open();
    await other.goto(address);
    await other.waitForSelector('#user_code:focus');
    await other.keyboard.type(code.toLowerCase());
    await other.keyboard.press('Enter');
    await other.fill('[name=username]', 'bob');
    await other.fill('[name=password]', 'builder');
    await other.click('#login-submit');
    await other.click('#consent-allow');
    expect(await textOf(other, 'h1')).toBe('Your device is connected');
    expect(await look(screen)).toBe('Good evening, Bob Builder');
  });

  it('and not when the person says no', async () => {
    const screen = await television();
    const phone = await scan(screen);
    await phone.click('#consent-deny');
    await phone.waitForLoadState();
    await look(screen);
    expect(await screen.textContent('[role=alert]')).toBe('You did not allow it.');
  });

  it('says so when nobody came in time', async () => {
    const screen = await television();
    await leave(screen);
    house.clock.pass('11m');
    await look(screen);
    expect(await screen.textContent('[role=alert]')).toBe('Nobody entered the code in time.');
  });

  it.each([320, 1280])('fits a width of %i', async (width) => {
    const screen = await television({ viewport: { width, height: 720 } });
    const asWide = `document.readyState === 'complete' && document.documentElement.scrollWidth === ${width}`;
    await screen.waitForFunction(`document.querySelector('#user-code') && ${asWide}`);
  });

  it('forgets what it cannot read', async () => {
    const screen = await open();
    await screen
      .context()
      .addCookies([
        { name: '__Host-gatehouse-television', value: 'e30', url: `https://localhost:${new URL(house.issuer).port}/` },
      ]);
    await screen.goto(`${house.issuer}/tools/television`);
    expect(await screen.textContent('h1')).toBe('A screen without a keyboard');
  });
});
