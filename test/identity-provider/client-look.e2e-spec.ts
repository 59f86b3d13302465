import type { LookPolicy } from '../../src/clients/client-policy.js';
import { statement } from '../../src/platform/database/database.js';
import { hiddenFields } from '../support/login-house.js';
import { type House, jsonAnswer, openHouse, type TestClient } from '../support/house.js';

const SHOP_COLOURS = '<style>:root{--accent:#7a1fa2;--fill:#7a1fa2;';
const SITE_COLOURS = '<style>:root{--accent:#0a5c2f;--fill:#0a5c2f;';
const STRANGER = 'This application registered itself. Nobody here has checked who runs it.';

let house: House;
let shop: TestClient;
let plain: TestClient;

beforeAll(async () => {
  house = await openHouse({
    settings: { SITE_NAME: 'Looking Glass', BRAND_ACCENT: '#0a5c2f', REGISTRATION: 'open' },
  });
  const metadata = { client_name: 'The <b>Shop</b>', logo_uri: 'https://shop.test/logo.png' };
  shop = await house.client('shop', metadata, { look: { accent: '#7a1fa2', accentDark: '#d9b3ff', header: true } });
  plain = await house.client('plain', { client_name: 'Plain' });
});
afterAll(() => house?.close());

const headerOf = (page: string) => /<header class="brand">(.*?)<\/header>/s.exec(page)![1]!;
/** The page that an authorization request comes to first. */
async function shownFor(client: TestClient, change = {}) {
  const browser = house.browser();
  const { headers } = await browser.start(client, change);
  return { browser, answer: await browser.get(headers.get('location')!) };
}

describe('a client with a look', () => {
  it('has its pages in it: sign-in, consent, sign-out', async () => {
    const { browser, answer: signIn } = await shownFor(shop);
    const interaction = hiddenFields(signIn.page)['interaction']!;
    // A refused attempt is a page on its behalf, too.
    const refused = await browser.signIn('alice', 'wrong', interaction);
    const signedIn = await browser.signIn('alice', 'wonderland', interaction);
    const resumed = await browser.get(signedIn.headers.get('location')!);
    const consent = await browser.get(resumed.headers.get('location')!);
    const { tokens } = await house.codeFlow({}, { client: shop, browser: house.browser() });
    const signOut = await browser.get(`/logout?id_token_hint=${tokens.id_token}`);
    for (const { page, headers } of [signIn, refused, consent, signOut]) {
      expect(page).toContain(SHOP_COLOURS);
      expect(page).toContain('--fill:#d9b3ff');
      expect(page).toContain('data-client="shop"');
      expect(headerOf(page)).toContain('<span class="site">The &lt;b>Shop&lt;/b></span>');
      expect(headerOf(page)).toContain('<img src="/clients/shop/logo"');
      expect(headers.get('content-security-policy')).toMatch(/style-src 'sha256-[^']+' 'sha256-[^']+';/);
      expect(headers.get('content-security-policy')).toContain("img-src 'self' data:;");
    }
    expect(consent.page).toContain('id="consent-allow"');
    expect(signOut.page).toContain('id="logout-confirm"');
  });

  it('has nobody else’s pages in it', async () => {
    const { answer, browser } = await shownFor(plain);
    for (const { page } of [
      answer,
      await browser.get('/'),
      await browser.get('/login'),
      await browser.get('/logout/done'),
    ]) {
      expect(page).not.toContain(SHOP_COLOURS);
      expect(page).toContain(SITE_COLOURS);
      expect(headerOf(page)).toContain('<span class="site">Looking Glass</span>');
    }
    expect(answer.page).toContain('data-client="plain"');
    expect((await browser.get('/login')).page).not.toContain('data-client');
  });

  it('has its sign-out in it only with an ID token of its own', async () => {
    const browser = house.browser();
    await browser.signIn('alice', 'wonderland');
    expect((await browser.get(`/logout?client_id=shop`)).page).toContain(SITE_COLOURS);
  });

  it('is shown without what is no colour, however it came into the database', async () => {
    const client = await house.client('odd');
    await house.database.query(statement(`UPDATE client SET policy = policy || $1 WHERE id = 'odd'`), [
      { look: { accent: 'red;}body{display:none' } },
    ]);
    const { answer } = await shownFor(client);
    expect(answer.status).toBe(200);
    expect(answer.page).not.toContain('display:none}');
    expect(answer.page).toContain(SITE_COLOURS);
  });

  it.each([
    [{ accent: 'red' }, 'accent: must be a colour'],
    [{ accentDark: '#123456' }, 'accentDark needs accent'],
    [{ css: 'https://shop.test/a.css' }, 'Unrecognized key'],
  ])('cannot be kept as %j', async (sent, problem) => {
    const look = sent as LookPolicy;
    await expect(house.clients.decide('plain', { look })).rejects.toThrow(problem);
    await expect(house.client('new', {}, { look })).rejects.toThrow(problem);
  });
});

describe('a client that registered itself', () => {
  async function register(metadata: Record<string, unknown>): Promise<TestClient> {
    const { status, json } = await jsonAnswer(
      await fetch(`${house.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['https://stranger.test/cb'], ...metadata }),
      }),
    );
    expect(status).toBe(201);
    const [redirectUri] = json['redirect_uris'] as [string];
    return { id: json['client_id'] as string, redirectUri, method: 'client_secret_basic' };
  }

  it('looks like nobody but itself', async () => {
    const client = await register({
      client_name: 'The Bank',
      logo_uri: 'https://bank.test/logo.png',
      client_uri: 'https://bank.test/',
      redirect_uris: ['https://stranger.test/cb', 'https://bank.test/cb'],
      policy: { look: { accent: '#7a1fa2', header: true } },
      look: { accent: '#7a1fa2', header: true },
      accent: '#7a1fa2',
      css: 'https://stranger.test/a.css',
    });
    const { answer, browser } = await shownFor(client, { scope: 'openid' });
    const signedIn = await browser.signIn('alice', 'wonderland', hiddenFields(answer.page)['interaction']);
    const resumed = await browser.get(signedIn.headers.get('location')!);
    const consent = await browser.get(resumed.headers.get('location')!);
    for (const { page, headers } of [answer, consent]) {
      expect(headerOf(page)).toContain('<span class="site">Looking Glass</span>');
      expect(page).toContain(SITE_COLOURS);
      expect(page).not.toMatch(/data-client|<img|#7a1fa2|a\.css|bank\.test/);
      expect(page).toContain('<bdi>stranger.test</bdi>');
      expect(page).toContain(STRANGER);
      expect(headers.get('content-security-policy')).not.toMatch(/stranger|bank/);
    }
    expect(consent.page).toContain('id="consent-allow"');
  });

  it('shows a logo that comes from where the answer goes', async () => {
    const client = await register({ client_name: 'Honest', logo_uri: 'https://stranger.test/logo.png' });
    const { page } = (await shownFor(client, { scope: 'openid' })).answer;
    expect(page).toContain(`<img src="/clients/${client.id}/logo"`);
    expect(page).toContain(STRANGER);
  });
});
