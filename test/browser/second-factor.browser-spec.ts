import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { TestAuthenticator } from '../support/authenticator.js';
import { describeInBrowser, launchBrowser, textOf } from '../support/browser.js';
import { type House, openHouse } from '../support/house.js';

/** What a person does with passkeys and an authenticator app, in a real browser with its virtual authenticator. */
describeInBrowser('signing in with more than a password', () => {
  let house: House;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let devices: CDPSession;

  beforeAll(async () => {
    [house, browser] = await Promise.all([openHouse({ hostname: 'localhost' }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
  });
  beforeEach(async () => {
    house.clock.pass('2m');
    context = await browser.newContext();
    page = await context.newPage();
    devices = await context.newCDPSession(page);
    await devices.send('WebAuthn.enable');
  });
  afterEach(() => context?.close());

  const at = (path: string) => `${house.issuer}${path}`;
  const heading = () => textOf(page, 'h1');

  /** A device that has a passkey store, or a security key without one. */
  async function plugIn(kind: 'device' | 'security key'): Promise<string> {
    const device = kind === 'device';
    const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: device ? 'internal' : 'usb',
        hasResidentKey: device,
        hasUserVerification: device,
        isUserVerified: device,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  }

  async function signIn(username: string, password: string) {
    await page.goto(at('/login'));
    await page.fill('#username', username);
    await page.fill('#password', password);
    await page.click('#login-submit');
  }

  async function addPasskey(name: string) {
    await page.goto(at('/account'));
    await page.click('text=Add a passkey');
    await page.fill('#name', name);
    await page.click('#passkey-submit');
    await page.waitForSelector('#recovery-codes, #passkeys');
  }

  async function signOut() {
    await page.goto(at('/logout'));
    await page.click('#logout-confirm');
  }

  it('adds a passkey, which then signs in by itself', async () => {
    await house.users.add({ username: 'carol', password: 'an old password' });
    // What the browser offers in the name field would be taken at once here, since presence is simulated; see the next test.
    await page.addInitScript('delete PublicKeyCredential.isConditionalMediationAvailable');
    await plugIn('device');
    await signIn('carol', 'an old password');
    await addPasskey('Laptop');
    expect(await heading()).toBe('Your recovery codes');
    await page.click('#continue');
    expect(await textOf(page, '#passkeys')).toContain('Laptop');

    await signOut();
    await page.goto(at('/login'));
    await page.waitForSelector('#passkey-form:not([hidden])');
    await page.click('#passkey-submit');
    await page.waitForURL(at('/'));
    expect(await page.textContent('main')).toContain('carol');
  });

  it('takes the passkey that the browser offers in the name field', async () => {
    await house.users.add({ username: 'dora', password: 'an old password' });
    await plugIn('device');
    await signIn('dora', 'an old password');
    await addPasskey('Phone');
    await signOut();
    await page.goto(at('/login'));
    await page.waitForURL(at('/'));
    expect(await page.textContent('main')).toContain('dora');
  });

  it('asks for a security key after the password', async () => {
    await house.users.add({ username: 'erik', password: 'an old password' });
    await plugIn('security key');
    await signIn('erik', 'an old password');
    await addPasskey('Key');
    await signOut();
    await signIn('erik', 'an old password');
    expect(await heading()).toBe('Confirm it’s you');
    await page.click('#passkey-submit');
    await page.waitForURL(at('/'));
    expect(await page.textContent('main')).toContain('erik');
  });

  it('says so when the key is not the person’s, and when it is known already', async () => {
    await house.users.add({ username: 'fay', password: 'an old password' });
    const first = await plugIn('security key');
    await signIn('fay', 'an old password');
    await addPasskey('Key');
    // The session is one by password alone, and the person has more by now.
    await page.goto(at('/account/passkey/new'));
    expect(await heading()).toBe('Confirm it’s you');
    await page.click('#passkey-submit');
    await page.waitForURL(at('/account/passkey/new'));
    await page.click('#passkey-submit');
    await page.waitForSelector('.webauthn-problem:not([hidden])');
    expect(await page.textContent('.webauthn-problem')).toContain('one of your passkeys already');
    await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: first });
    await plugIn('security key');
    await signOut();
    await signIn('fay', 'an old password');
    await page.click('#passkey-submit');
    await page.waitForSelector('.webauthn-problem:not([hidden])');
    expect(await page.textContent('.webauthn-problem')).toContain('That did not work');
    expect(await heading()).toBe('Confirm it’s you');
  });

  it('sets an authenticator app up and is asked for its code; a recovery code helps when the phone is gone', async () => {
    await house.users.add({ username: 'gus', password: 'an old password' });
    await signIn('gus', 'an old password');
    await page.goto(at('/account'));
    await page.click('text=Add an authenticator app');
    await page.click('summary');
    const secret = (await textOf(page, '#totp-secret'))!.replaceAll(' ', '');
    const app = new TestAuthenticator(house.clock, secret);
    await page.fill('#code', app.code());
    await page.click('#totp-submit');
    const code = await textOf(page, '#recovery-codes code');
    await page.click('#continue');
    expect(await textOf(page, '#authenticators')).toContain('Authenticator app');

    await signOut();
    await signIn('gus', 'an old password');
    await page.fill('#totp-code', app.code(1));
    await page.keyboard.press('Enter');
    await page.waitForURL(at('/'));
    await signOut();
    await signIn('gus', 'an old password');
    await page.click('summary');
    await page.fill('#recovery-code', code!);
    await page.click('#recovery-submit');
    await page.waitForURL(at('/'));
    expect(await page.textContent('main')).toContain('gus');
  });

  it('shows the sign-in page without scripts as it is without passkeys', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const without = await plain.newPage();
    await without.goto(at('/login'));
    expect(await without.isVisible('#passkey-form')).toBe(false);
    expect(await without.isVisible('#login-submit')).toBe(true);
    await plain.close();
  });
});
