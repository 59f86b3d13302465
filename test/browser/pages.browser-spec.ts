import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { generateSync } from 'otplib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from '../apps/front-door.js';
import { describeInBrowser, launchBrowser, textOf } from '../support/browser.js';
import { openHouse } from '../support/house.js';
import { openMail } from '../support/outbox.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where to keep a picture of every page; none are taken otherwise. */
const pictures = process.env['SCREENSHOTS'];

const SIZES = [
  // WCAG 2.2 §1.4.10: no scrolling in two directions.
  ['narrow', { width: 320, height: 640 }],
  ['phone', { width: 390, height: 844 }],
  ['desktop', { width: 1280, height: 900 }],
] as const;
const SCHEMES = ['light', 'dark'] as const;

/** A walk past every page that a person may see at the demo: what axe-core finds, what does not fit, and a picture. */
describeInBrowser('every page', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
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
    if (pictures) await mkdir(pictures, { recursive: true });
  });
  afterAll(async () => {
    for (const work of cleanUp.reverse()) await work();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    page = await context.newPage();
  });
  afterEach(() => context?.close());

  /** Looks at the page that is open: the heading says that it is the one. */
  async function look(name: string, heading: string | RegExp): Promise<void> {
    expect([name, (await textOf(page, 'h1'))?.trim()]).toEqual([name, expect.stringMatching(heading)]);
    for (const [size, viewport] of SIZES) {
      await page.setViewportSize(viewport);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect([name, size, wide, await brokenWords()]).toEqual([name, size, 0, []]);
      for (const colorScheme of SCHEMES) {
        if (!pictures && size !== 'phone') continue;
        await page.emulateMedia({ colorScheme });
        if (pictures) {
          await page.screenshot({ path: join(pictures, `${name}-${size}-${colorScheme}.png`), fullPage: true });
        }
        if (size === 'phone') expect([name, colorScheme, await findings(colorScheme)]).toEqual([name, colorScheme, []]);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
  }

  /** Words of headings and tables that stand on more than one line, also those that break at a hyphen. */
  function brokenWords(): Promise<string[]> {
    return page.evaluate(`[...document.querySelectorAll('h1, h2, th, td.words')].flatMap((element) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const broken = [];
      while (walker.nextNode()) {
        for (const match of walker.currentNode.data.matchAll(/\\S+/g)) {
          const range = document.createRange();
          range.setStart(walker.currentNode, match.index);
          range.setEnd(walker.currentNode, match.index + match[0].length);
          if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) broken.push(match[0]);
        }
      }
      return broken;
    })`);
  }

  /** What axe-core holds against the page that is open. */
  async function findings(colorScheme: 'light' | 'dark'): Promise<string[]> {
    if (colorScheme === 'light') await page.evaluate(axe);
    // Only colours differ in the dark.
    const rules = colorScheme === 'dark' ? "runOnly: ['color-contrast']," : '';
    return page.evaluate(
      `axe.run(document, { ${rules} resultTypes: ['violations'] }).then(({ violations }) => violations.map((one) =>
        one.impact + ' ' + one.id + ': ' + one.nodes.map((node) => node.html).join(' ')))`,
    );
  }

  const go = (url: string) => page.goto(url);

  async function signIn(username: string, password: string, url = `${at.provider}/login`) {
    await go(url);
    await page.fill('#username', username);
    await page.fill('#password', password);
    await page.click('#login-submit');
  }

  const openMailTo = (to: string, subject: string) => openMail(page, at.provider, to, subject);

  it('on the way in and out: sign-in, consent, the applications, sign-out', async () => {
    await go(at.provider);
    await look('start', /^One sign.in, every app$/);
    await go(at.portal);
    await look('portal', 'Sign in once.Be known everywhere.');
    await go(`${at.portal}/profile`);
    await look('sign-in', 'Sign in');
    await page.fill('#username', 'alice');
    await page.fill('#password', 'wrong');
    await page.click('#login-submit');
    await look('sign-in-refused', 'Sign in');
    await page.fill('#password', 'wonderland');
    await page.click('#login-submit');
    await look('consent', 'Allow Portal to use your account?');
    await page.click('#consent-deny');
    await look('portal-refusal', /./);
    await go(`${at.portal}/profile`);
    await page.click('#consent-allow');
    await look('portal-profile', 'Alice Liddell');
    await go(at.portal);
    await look('portal-signed-in', 'Hello, Alice Liddell');
    await go(at.desk);
    await look('desk', 'Your orders');
    await go(`${at.provider}/logout`);
    await look('sign-out', 'Sign out?');
    await page.click('#logout-confirm');
    await look('signed-out', 'You are signed out');
  });

  it('that say no', async () => {
    await go(`${at.provider}/authorize?client_id=nobody&redirect_uri=https%3A%2F%2Fapp.test%2F`);
    await look('error', 'This request can’t be completed');
    await go(`${at.provider}/nothing-here`);
    await look('not-found', /./);
    await go(`${at.portal}/nothing-here`);
    await look('portal-not-found', /./);
    await go(`${at.portal}/auth/callback?state=stale&code=stale`);
    await look('portal-stale-callback', /./);
  });

  it('of a person’s account', async () => {
    await signIn('bob', 'builder', `${at.provider}/account`);
    await look('account', 'How you sign in');
    for (const [name, path, heading] of [
      ['account-passkey', 'passkey/new', 'Add a passkey'],
      ['account-password', 'password', 'Change your password'],
      ['account-email', 'email', 'Your email address'],
    ] as const) {
      await go(`${at.provider}/account/${path}`);
      await look(name, heading);
    }
    await page.fill('#email', 'bob@builder.test');
    await page.click('#email-submit');
    await look('account-email-sent', 'Look into your mail');
    await openMailTo('bob@builder.test', 'Is this your address?');
    await look('account-email-confirm', 'Confirm your email address');
    await go(`${at.provider}/account/authenticator/new`);
    await page.click('summary');
    await look('account-authenticator', 'Add an authenticator app');
    const secret = (await page.textContent('#totp-secret'))!.replaceAll(' ', '');
    await page.fill('#code', '000000');
    await page.click('#totp-submit');
    await look('account-authenticator-refused', 'Add an authenticator app');
    await page.fill('#code', generateSync({ secret }));
    await page.click('#totp-submit');
    await look('account-recovery-codes', 'Your recovery codes');
    await page.click('#continue');
    await look('account-with-authenticator', 'How you sign in');
    await go(`${at.provider}/account/recovery-codes`);
    await page.click('summary');
    await look('second-factor', 'Confirm it’s you');
    await page.fill('#totp-code', generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + 30 }));
    await page.keyboard.press('Enter');
    await page.waitForSelector('#recovery-codes-submit');
    await look('account-recovery-codes-new', 'New recovery codes');
    await go(`${at.provider}/account`);
    await page.click('#authenticators a');
    await look('account-credential', 'Your authenticator app');
  });

  it('of what a person sees and ends of their own', async () => {
    await signIn('alice', 'wonderland', `${at.portal}/profile`);
    // Consent stands from the way in.
    if ((await page.textContent('h1'))!.startsWith('Allow')) await page.click('#consent-allow');
    const elsewhere = await browser.newContext({ userAgent: 'Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1' });
    const phone = await elsewhere.newPage();
    await phone.goto(`${at.provider}/login`);
    await phone.fill('#username', 'alice');
    await phone.fill('#password', 'wonderland');
    await phone.click('#login-submit');
    for (const [name, path, heading] of [
      ['account-profile', 'profile', 'Your profile'],
      ['account-sessions', 'sessions', 'Where you are signed in'],
      ['account-applications', 'applications', 'Connected applications'],
      ['account-events', 'events', 'Recent security events'],
      ['account-data', 'data', 'Your data'],
      ['account-removal', 'removal', 'Remove your account'],
    ] as const) {
      await go(`${at.provider}/account/${path}`);
      await look(name, heading);
    }
    await page.fill('#username', 'somebody else');
    await page.click('#removal-submit');
    await look('account-removal-refused', 'Remove your account');
    await go(`${at.provider}/account/profile`);
    await page.click('#profile-submit');
    await look('account-profile-saved', 'Your profile');
    await go(`${at.provider}/account/sessions`);
    await page.click('#sessions li:nth-child(2) button');
    await look('account-session-ended', 'Where you are signed in');
    await page.click('#sign-out-everywhere');
    await look('account-signed-out-everywhere', 'You are signed out everywhere');
    await elsewhere.close();
  });

  it('of a person’s account, from right to left', async () => {
    await context.setExtraHTTPHeaders({ 'accept-language': 'ar' });
    await signIn('alice', 'wonderland', `${at.provider}/account`);
    for (const [name, path, heading] of [
      ['rtl-account', '', 'كيف تسجّل الدخول'],
      ['rtl-account-sessions', '/sessions', 'أين سجّلت الدخول'],
      ['rtl-account-events', '/events', 'أحداث الأمان الأخيرة'],
      ['rtl-account-profile', '/profile', 'ملفك الشخصي'],
    ] as const) {
      await go(`${at.provider}/account${path}`);
      await look(name, heading);
    }
  });

  it('that mails lead to', async () => {
    await go(`${at.provider}/login/forgot-password`);
    await look('forgot-password', /./);
    await page.fill('[type=text]', 'alice');
    await page.click('#mail-submit');
    await look('forgot-password-sent', 'Look into your mail');
    await go(`${at.provider}/outbox`);
    await look('outbox', 'Outbox');
    await openMailTo('alice@example.com', 'A new password for');
    await look('new-password', 'Choose a new password');
    await page.fill('#new-password', 'short');
    await page.click('#password-submit');
    await look('new-password-refused', 'Choose a new password');
    for (const way of ['magic-link', 'email-code']) {
      await go(`${at.provider}/login/${way}`);
      await look(way, /./);
      await page.fill('[type=text]', 'alice');
      await page.click('#mail-submit');
      await look(`${way}-sent`, /./);
      if (way === 'email-code') continue;
      await openMailTo('alice@example.com', 'Sign in to');
      await look('magic-link-opened', 'Sign in');
    }
    await go(`${at.provider}/login/sign-up`);
    await look('sign-up', /./);
    await page.fill('[type=text]', 'dora@example.test');
    await page.click('#mail-submit');
    await look('sign-up-sent', 'Look into your mail');
    await openMailTo('dora@example.test', 'Your account at');
    await look('new-account', 'Your account');
    await page.fill('#username', 'admin');
    await page.fill('#new-password', 'seven lamps on a grey pier');
    await page.click('#sign-up-submit');
    await look('new-account-refused', 'Your account');
    await page.fill('#username', 'dora');
    await page.fill('#new-password', 'seven lamps on a grey pier');
    await page.click('#sign-up-submit');
    await go(`${at.provider}/account/email`);
    await page.fill('#email', 'dora@elsewhere.test');
    await page.click('#email-submit');
    await openMailTo('dora@elsewhere.test', 'Is this your address?');
    await page.click('#email-confirm');
    await openMailTo('dora@example.test', 'Your email address was changed');
    await look('email-undo', 'Undo the change');
    await page.click('#email-confirm');
    await look('email-undone', 'Your address is back');
    await signIn('dora', 'seven lamps on a grey pier', `${at.provider}/account/removal`);
    await page.fill('#username', 'dora');
    await page.click('#removal-submit');
    await look('account-removed', 'Your account is removed');
  });

  it('of a device and of the token tool', async () => {
    const asked = await fetch(`${at.provider}/device_authorization`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: 'demo-terminal', scope: 'openid profile offline_access orders:read' }),
    });
    const device = (await asked.json()) as Record<string, string>;
    await signIn('alice', 'wonderland');
    await go(`${at.provider}/device`);
    await look('device', 'Connect a device');
    await page.fill('#user_code', 'BBBB-BBBB');
    await page.click('#device-submit');
    await look('device-refused', 'Connect a device');
    await go(device['verification_uri_complete']!);
    await page.click('#device-submit');
    await look('device-confirm', 'Allow Demo terminal on a device to use your account?');
    await page.click('#consent-allow');
    await look('device-done', 'Your device is connected');
    const answer = await fetch(`${at.provider}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
      headers: { authorization: `Basic ${btoa('demo-service:demo-service-secret')}` },
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    await go(`${at.provider}/tools/token`);
    await look('token-tool', 'Read a token');
    await page.fill('#token', token);
    await page.click('main button');
    await look('token-tool-report', 'Read a token');
  });

  it('on which strategies are tried', async () => {
    await go(`${at.provider}/tools/strategies`);
    await look('strategies', 'Sessions or JWTs?');
    await page.click('form:has([value="jwt-feed"]) button');
    await look('strategy', /^JWT . revocation feed$/);
    await page.click('text=Revoke, and watch');
    await look('strategy-revoked', /^JWT . revocation feed$/);
    expect(await page.textContent('[role=status]')).toBe('Revoked, and refused.');
  });

  it('where everybody needs a second factor', async () => {
    const house = await openHouse({ hostname: 'localhost', settings: { SECOND_FACTOR: 'always' } });
    try {
      await house.users.add({ username: 'emil', password: 'a long enough password' });
      await signIn('emil', 'a long enough password', `${house.issuer}/login`);
      await look('second-factor-enrolment', /./);
    } finally {
      await house.close();
    }
  });
});
