import { generateSync } from 'otplib';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from '../apps/front-door.js';
import { describeInBrowser, launchBrowser, PATIENCE_MS, textOf } from '../support/browser.js';
import { openMail } from '../support/outbox.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';

const PASSWORD = 'seven lamps on a grey pier';

/** Where somebody sits: a browser of their own, with or without a place for passkeys. */
class Device {
  private passkeys?: CDPSession;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly at: ReturnType<typeof addressesFrom>,
  ) {}

  static async open(browser: Browser, at: ReturnType<typeof addressesFrom>): Promise<Device> {
    const context = await browser.newContext();
    return new Device(context, await context.newPage(), at);
  }

  /** Its lock is gone, and the passkeys that it kept. */
  async withoutPasskeys(): Promise<void> {
    await this.passkeys?.send('WebAuthn.disable');
  }

  /** Gives it a lock that keeps passkeys. */
  async newAuthenticator(): Promise<void> {
    this.passkeys = await this.context.newCDPSession(this.page);
    await this.passkeys.send('WebAuthn.enable');
    await this.passkeys.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  }

  heading = () => textOf(this.page, 'h1');
  text = () => textOf(this.page, 'main');
  go = (path: string) => this.page.goto(`${this.at.provider}${path}`);

  /** The next click in the application. */
  openPortal = () => this.page.goto(`${this.at.portal}/profile`);
  isAtPortal = () => this.page.waitForURL(`${this.at.portal}/profile`);

  async typePassword(): Promise<void> {
    await this.page.fill('#username', 'nora');
    await this.page.fill('#password', PASSWORD);
    await this.page.click('#login-submit');
  }

  /** Sets an authenticator app up on the page that is open. */
  async addApp(): Promise<AuthenticatorApp> {
    await this.page.click('summary');
    const app = new AuthenticatorApp((await textOf(this.page, '#totp-secret'))!.replaceAll(' ', ''));
    await this.page.fill('#code', app.code());
    await this.page.click('#totp-submit');
    return app;
  }

  /**
   * What is told of an end, once every application has said that it enforced it: the page waits a second for that, and
   * knows more when it is opened again.
   */
  async receipt(selector: string): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const text = (await textOf(this.page, selector))!;
      if (/(\d) of \1 /.test(text) || Date.now() > deadline) return text;
      await this.page.reload();
    }
  }

  /** Ends the session in the application and at the provider. */
  async signOut(): Promise<void> {
    await this.openPortal();
    await this.page.click('form[action="/auth/logout"] button');
    await this.page.waitForURL(`${this.at.portal}/`);
  }
}

/** Each of its codes counts once: it shows the next one when it is asked again. */
class AuthenticatorApp {
  private shown = 0;

  constructor(private readonly secret: string) {}

  code(): string {
    const epoch = Math.floor(Date.now() / 1000) + 30 * this.shown++;
    return generateSync({ secret: this.secret, epoch });
  }
}

/** What somebody goes through with their account, from the first day to the last, with an application beside it. */
describeInBrowser('an account that people would trust', () => {
  let browser: Browser;
  let at: ReturnType<typeof addressesFrom>;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const [directory, database, base] = await Promise.all([
      temporaryDirectory(),
      createProviderDatabase(),
      freePortBase(),
    ]);
    cleanUp.push(directory.remove, database.drop);
    at = addressesFrom(base);
    const settings = {
      PORT_BASE: String(base),
      GATEHOUSE_DIRECTORY: directory.path,
      DATABASE_URL: database.url,
      GATEHOUSE_SECRET: SECRETS[0],
    };
    const demo = new FrontDoor('demo', settings);
    cleanUp.push(() => demo.stop());
    [browser] = await Promise.all([launchBrowser(), demo.ready(...Object.values(at))]);
    cleanUp.push(() => browser.close());
  });
  afterAll(async () => {
    for (const work of cleanUp.reverse()) await work();
  });

  it('is made, protected, lost, recovered, looked after, and left everywhere at once', async () => {
    const laptop = await Device.open(browser, at);
    const { page } = laptop;
    await laptop.newAuthenticator();

    // Signs up on the way to an application; the address is proved before there is an account.
    await laptop.openPortal();
    await page.click('text=Create an account');
    await page.fill('#email', 'nora@example.test');
    await page.click('#mail-submit');
    expect(await laptop.heading()).toBe('Look into your mail');
    await openMail(page, at.provider, 'nora@example.test', 'Your account at');
    await page.fill('#username', 'nora');
    await page.fill('#name', 'Nora Barnacle');
    await page.fill('#new-password', PASSWORD);
    await page.click('#sign-up-submit');
    await page.click('#consent-allow');
    await laptop.isAtPortal();
    expect(await laptop.text()).toContain('Nora Barnacle');

    // Adds a passkey, and, proving herself by it, an authenticator app.
    await laptop.go('/account');
    await page.click('text=Add a passkey');
    await page.fill('#name', 'Laptop');
    await page.click('#passkey-submit');
    await page.waitForSelector('#recovery-codes');
    const recoveryCode = await textOf(page, '#recovery-codes code');
    await page.click('#continue');
    await page.click('text=Add an authenticator app');
    expect(await laptop.heading()).toBe('Confirm it’s you');
    await page.click('#passkey-submit');
    await page.waitForSelector('#totp-secret', { state: 'attached' });
    const phone = await laptop.addApp();
    await page.waitForSelector('#authenticators');
    expect(await laptop.text()).toMatch(/Laptop.*Authenticator app.*10 recovery codes left/s);

    // Signs in with each.
    await laptop.signOut();
    await laptop.openPortal();
    // The browser offers the passkey in the name field, and its virtual owner takes it.
    await laptop.isAtPortal();
    await laptop.signOut();
    await laptop.withoutPasskeys();
    await laptop.openPortal();
    await laptop.typePassword();
    await page.fill('#totp-code', phone.code());
    await page.keyboard.press('Enter');
    await laptop.isAtPortal();

    // Loses the phone, and the laptop's lock with it: a recovery code lets her in, and she replaces what is gone.
    await laptop.signOut();
    await laptop.openPortal();
    await laptop.typePassword();
    await page.click('summary');
    await page.fill('#recovery-code', recoveryCode!);
    await page.click('#recovery-submit');
    await laptop.isAtPortal();
    for (const lost of ['#passkeys a', '#authenticators a']) {
      await laptop.go('/account');
      await page.click(lost);
      await page.click('#remove-submit');
      await page.waitForURL(`${at.provider}/account`);
    }
    await laptop.go('/account/authenticator/new');
    const newPhone = await laptop.addApp();
    await page.waitForSelector('#recovery-codes');

    // Signs in at the library, too, and sees both devices.
    const library = await Device.open(browser, at);
    await library.openPortal();
    await library.typePassword();
    await library.page.fill('#totp-code', newPhone.code());
    await library.page.keyboard.press('Enter');
    await library.isAtPortal();
    await laptop.go('/account/sessions');
    const places = page.locator('#sessions li');
    expect(await places.count()).toBe(2);
    expect(await places.nth(0).textContent()).toMatch(/This device.*Portal/s);
    expect(await places.nth(1).textContent()).toMatch(/Chrome on \w+.*From .*since.*Portal/s);

    // Ends the one at the library: the application there refuses the next click.
    await places.nth(1).locator('button').click();
    expect(await laptop.receipt('.notice')).toMatch(/signed out.*(\d) of \1 applications? enforced it, in \d+ ms/s);
    expect(await places.count()).toBe(1);
    await library.openPortal();
    expect(await library.heading()).toBe('Sign in');
    await laptop.openPortal();
    expect(await laptop.text()).toContain('Nora Barnacle');

    // Signs out everywhere, and reads what was recorded when she is back.
    await laptop.go('/account/sessions');
    await page.click('#sign-out-everywhere');
    expect(await laptop.heading()).toBe('You are signed out everywhere');
    expect(await laptop.receipt('#receipt')).toMatch(/(\d) of \1 applications? enforced it, in \d+ ms/);
    await laptop.openPortal();
    expect(await laptop.heading()).toBe('Sign in');
  });
});
