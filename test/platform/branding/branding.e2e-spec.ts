import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityProviderConfig } from '../../../src/apps/identity-provider/config.js';
import { openBranding } from '../../../src/apps/identity-provider/branding.js';
import { contrast, parseColour } from '../../../src/platform/branding/colour.js';
import { composeMail, type Letter } from '../../../src/platform/mail/compose.js';
import { AfterAnswer } from '../../../src/login/after-answer.js';
import { MailLook } from '../../../src/platform/mail/mail-look.js';
import { Mails } from '../../../src/platform/mail/mails.js';
import { temporaryDirectory } from '../../apps/front-door.js';
import { type House, openHouse } from '../../support/house.js';

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script><circle r="4"/></svg>';
const CSS = '.card { border-radius: 0; }';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let house: House;
const at = (name: string) => join(directory.path, name);

beforeAll(async () => {
  directory = await temporaryDirectory();
  await mkdir(at('folder'));
  await writeFile(at('logo.svg'), LOGO);
  await writeFile(at('brand.css'), CSS);
  await writeFile(at('page.html'), '<html>');
  await writeFile(at('empty.css'), '');
  await writeFile(at('latin1.css'), Buffer.from('/* caf\xe9 */', 'latin1'));
  await writeFile(at('large.css'), ' '.repeat(513 * 1024));
  house = await openHouse({
    settings: {
      SITE_NAME: 'Looking & <Glass>',
      BRAND_ACCENT: '#ffcc00',
      BRAND_ACCENT_DARK: '#fd6',
      BRAND_LOGO: at('logo.svg'),
      BRAND_LOGO_DARK: 'https://cdn.test/dark-logo.svg?v=2',
      BRAND_CSS: at('brand.css'),
      BRAND_MAIL_LOGO: 'https://cdn.test/mail.png',
      LOGIN_METHODS: 'password,totp,recovery-code,magic-link,email-code',
      SIGN_UP: 'true',
    },
  });
});
afterAll(async () => {
  await house?.close();
  await directory?.remove();
});

const LETTER: Letter = {
  to: 'a@b.test',
  subject: 'Sign in',
  service: 'Looking & <Glass>',
  paragraphs: [],
  action: { label: 'Sign in', url: 'https://id.test/x' },
};

it('mails have the colour, and load nothing but the logo that is there for them', async () => {
  await house.part(Mails).enqueue(LETTER);
  const { html } = (await house.part(Mails).latest(1))[0]!;
  expect(html).toContain('border-top:4px solid #ffcc00');
  expect(html).toContain('background:#ffcc00;color:#000000');
  expect(html).toContain('<img src="https://cdn.test/mail.png" alt="Looking &amp; &lt;Glass>"');
  expect(html.match(/(?:src|background)="[^"]*"|url\(/g)).toEqual(['src="https://cdn.test/mail.png"']);
});

it.each([
  ['magic-link', 'username', 'mia@mail.test'],
  ['email-code', 'username', 'mia@mail.test'],
  ['sign-up', 'email', 'new@mail.test'],
  ['sign-up', 'email', 'mia@mail.test'],
])('a mail that %s asks for on the way to a client has its look, for %s=%s', async (path, field, typed) => {
  if (!(await house.users.findByUsername('mia'))) {
    await house.users.add({ username: 'mia', claims: { email: 'mia@mail.test', email_verified: true } });
  }
  const metadata = { client_name: 'The <Shop>', logo_uri: 'https://shop.test/logo.png' };
  const shop = await house.client('shop', metadata, { look: { accent: '#0b5', header: true } });
  const browser = house.browser();
  const { headers } = await browser.start(shop);
  const { search } = new URL(headers.get('location')!, house.issuer);
  const { page } = await browser.get(`/login/${path}${search}`);
  await browser.submit(page, `/login/${path}`, { [field]: typed });
  await house.part(AfterAnswer).settled();
  const { html, text } = (await house.part(Mails).latest(1))[0]!;
  expect(html).toContain('border-top:4px solid #00bb55');
  expect(html).toContain('<bdi>The &lt;Shop></bdi>');
  expect(html).not.toMatch(/<img|src=|url\(/);
  expect(text).toContain('This mail was sent by Looking & <Glass>.');
});

it('a client that only has a colour lends a mail no name', () => {
  const look = MailLook.of({ logo: 'https://cdn.test/mail.png' });
  const client = { name: 'Shop', look: { client: 'shop', accent: '#0b5' } };
  expect(composeMail({ ...LETTER, client }, look).html).toMatch(/#00bb55.*src="https:\/\/cdn\.test\/mail\.png"/);
  const stranger = composeMail({ ...LETTER, client: { name: 'Shop' } }, look);
  expect(stranger).toEqual(composeMail(LETTER, look));
});

it.each(['#fff', '#000', '#777', '#767676', '#0a6558', '#ff0000', '#00f', '#ffcc00', '#1a73e8', undefined])(
  'what stands on a button of a mail can be read when the colour is %s, and by default nothing is loaded',
  (accent) => {
    const look = MailLook.of(accent === undefined ? {} : { accent });
    expect(contrast(parseColour(look.fill)!, parseColour(look.onFill)!)).toBeGreaterThanOrEqual(4.5);
    expect(composeMail(LETTER, look).html).not.toMatch(/<img|src=|url\(/);
  },
);

const get = (path: string, init?: RequestInit) => fetch(new URL(path, house.issuer), init);

describe('what is set', () => {
  it.each(['/login', '/', '/logout', '/authorize', '/account', '/nowhere'])('is on %s', async (path) => {
    const answer = await get(path, { headers: { accept: 'text/html' } });
    const page = await answer.text();
    expect(page).toContain('<span class="site">Looking &amp; &lt;Glass></span>');
    expect(page).toMatch(/<title>[^<]*Looking &amp; &lt;Glass><\/title>/);
    expect(page).toMatch(
      /<source srcset="https:\/\/cdn\.test\/dark-logo\.svg\?v=2" media="\(prefers-color-scheme: dark\)"\/?>/,
    );
    expect(page).toMatch(/<img src="\/branding\/logo\?v=[\w-]{16}" alt referrerpolicy="no-referrer"/);
    expect(page).not.toContain('Gatehouse');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(
      new RegExp(
        `style-src 'sha256-[^']+' 'sha256-[^']+' ${house.issuer.replaceAll('.', '\\.')}/branding/style\\.css;`,
      ),
    );
    expect(policy).toContain("img-src 'self' data: https://cdn.test/dark-logo.svg;");
    expect(policy).not.toMatch(/unsafe|font-src/);
  });

  it('is the same for every page of a document: our sheet, the colours, the site’s own sheet last', async () => {
    const page = await (await get('/login')).text();
    const order = ['<style>\n:root', '<style>:root{--accent:', '<link rel="stylesheet" href="/branding/style.css?v='];
    const places = order.map((text) => page.indexOf(text));
    expect(places.toSorted((a, b) => a - b)).toEqual(places);
    expect(places[0]).toBeGreaterThan(0);
    expect(page).toMatch(/<link rel="icon" href="\/branding\/logo\?v=/);
  });

  it('keeps the page contract', async () => {
    const { page } = await house.browser().get('/login');
    for (const text of ['name="username"', 'name="password"', 'id="login-submit"', 'name="csrf"']) {
      expect(page).toContain(text);
    }
  });
});

describe('the files', () => {
  it('a logo is served with its type, and can neither run nor load anything', async () => {
    const page = await (await get('/login')).text();
    const [, path = ''] = /<img src="([^"]+)"/.exec(page)!;
    const answer = await get(path);
    expect(await answer.text()).toBe(LOGO);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await get('/branding/logo')).headers.get('cache-control')).toBe('no-cache');
  });

  it('the style sheet is one', async () => {
    const answer = await get('/branding/style.css');
    expect(await answer.text()).toBe(CSS);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
  });

  it.each([
    '/branding/logo-dark',
    '/branding/brand.css',
    '/branding/..%2f..%2fpackage.json',
    '/branding/__proto__',
    '/branding/',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe('settings that are not right stop the start', () => {
  it.each([
    ['BRAND_ACCENT', 'teal', 'must be a colour such as #0a6558'],
    ['BRAND_ACCENT', '#fff;}body{display:none', 'must be a colour'],
    ['BRAND_ACCENT_DARK', '#12', 'must be a colour'],
    ['BRAND_ACCENT_DARK', '#123456', 'needs accent as well'],
    ['BRAND_LOGO', 'nowhere.svg', 'nowhere.svg cannot be read (ENOENT)'],
    ['BRAND_LOGO', 'folder', 'folder cannot be read (EISDIR)'],
    ['BRAND_LOGO', 'page.html', 'page.html is no SVG, PNG'],
    ['BRAND_LOGO', 'http://cdn.test/logo.svg', 'must be a file or a plain https URL'],
    ['BRAND_LOGO', 'https://user@cdn.test/logo.svg', 'must be a file or a plain https URL'],
    ['BRAND_LOGO', "https://cdn.test/a;script-src 'unsafe-inline'", 'must be a file or a plain https URL'],
    ['BRAND_LOGO', 'javascript://cdn.test/%0aalert(1)', 'must be a file or a plain https URL'],
    ['BRAND_LOGO_DARK', 'logo.svg', 'needs logo as well'],
    ['BRAND_MAIL_LOGO', 'logo.svg', 'must be a plain https URL'],
    ['BRAND_CSS', 'empty.css', 'empty.css is empty'],
    ['BRAND_CSS', 'large.css', 'large.css is larger than 512 KiB'],
    ['BRAND_CSS', 'latin1.css', 'latin1.css is not UTF-8 text'],
    ['SITE_NAME', ' ', 'must have 1 to 60 characters'],
  ])('%s=%s', async (setting, value, problem) => {
    const isFile = /^[\w-]+(\.\w+)?$/.test(value) && !/ACCENT/.test(setting);
    const config = identityProviderConfig({ [setting]: isFile ? at(value) : value });
    const error: Error = await openBranding(config).then(
      () => new Error('it was taken'),
      (thrown: Error) => thrown,
    );
    expect(error.name).toBe('ConfigError');
    const expected = isFile && problem.startsWith(value) ? problem.replace(value, at(value)) : problem;
    expect(error.message).toContain(`The configuration is not right.\n  ${setting}: ${expected}`);
  });
});
