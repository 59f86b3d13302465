import { mkdir, rm, writeFile } from 'node:fs/promises';
import { openBranding } from '../../../src/apps/identity-provider/branding.js';
import { identityProviderConfig } from '../../../src/apps/identity-provider/config.js';
import { hiddenFields } from '../../support/login-house.js';
import { type Example, openExample } from './example.js';

let example: Example;

beforeAll(async () => {
  example = await openExample();
});
afterAll(() => example?.close());

it('the page of the docs says what there is', () => {
  expect(Object.keys(example.settings)).toEqual([
    'SITE_NAME',
    'BRAND_LOGO',
    'BRAND_LOGO_DARK',
    'BRAND_ACCENT',
    'BRAND_CSS',
    'PAGES_DIR',
  ]);
});

it('a page is the template, with the form and the contract of our own', async () => {
  const { house } = example;
  const client = await house.client('shop', { client_name: '<b>"Shop"', policy_uri: 'https://shop.test/privacy' });
  const browser = house.browser();
  const { headers } = await browser.start(client);
  const signIn = await browser.get(headers.get('location')!);
  expect(signIn.page).toMatch(
    /<main class="card stack"><img class="site-garden" src="\/branding\/assets\/garden\.svg\?v=[\w-]{16}" alt\/>/,
  );
  expect(signIn.page).toContain('<p class="muted"><bdi>&lt;b>&quot;Shop&quot;</bdi> knows you by this account.</p>');
  for (const text of ['name="username"', 'name="password"', 'id="login-submit"', 'https://shop.test/privacy']) {
    expect(signIn.page).toContain(text);
  }
  expect(signIn.page).toContain('<div class="site-form"><form method="post"');
  const refused = await browser.signIn('alice', 'wrong', hiddenFields(signIn.page)['interaction']);
  expect(refused.page).toMatch(/id="sign-in-error"/);
  const done = await browser.signIn('alice', 'wonderland', hiddenFields(signIn.page)['interaction']);
  // A page without a template has ours, between the same header and footer.
  const resumed = await browser.get(done.headers.get('location')!);
  const consent = await browser.get(resumed.headers.get('location')!);
  expect(consent.page).toContain('id="consent-allow"');
  for (const { page, headers: told } of [signIn, refused, consent]) {
    expect(page).toMatch(
      /<header class="brand"><a href="https:\/\/looking-glass\.example\.com\/">\s*<picture>\s*<source srcset="\/branding\/logo-dark\?[^>]+>\s*<img src="\/branding\/logo\?/,
    );
    expect(page).toMatch(/<footer class="foot muted small"><nav aria-label="Looking Glass">.*Legal notice/s);
    const policy = told.get('content-security-policy')!;
    expect(policy).toContain(`; font-src ${house.issuer}/branding/assets/`);
    expect(policy).toContain("img-src 'self' data:;");
    expect(policy).not.toMatch(/unsafe|script-src/);
  }
});

it('speaks the person’s language', async () => {
  const { page } = await example.house.browser().send('/login?ui_locales=de');
  expect(page).toContain('Impressum');
  expect(page).not.toContain('Legal notice');
});

it('shows nothing of a client that nobody came for', async () => {
  expect((await example.house.browser().get('/login')).page).not.toContain('knows you');
});

it.each([
  ['garden.svg', 'image/svg+xml', 200],
  ['serif.woff2', 'font/woff2', 200],
  ['sign-in.html', 'text/html', 404],
  ['..%2fsign-in.html', 'text/html', 404],
])('assets/%s', async (name, type, status) => {
  const answer = await fetch(`${example.house.issuer}/branding/assets/${name}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)]);
  if (status === 200) expect(answer.headers.get('content-security-policy')).toContain('sandbox');
});

describe('a folder that is not right stops the start', () => {
  let count = 0;
  it.each([
    ['signin.html', 'x', "signin.html: there is no page 'signin'; there are header, footer, sign-in"],
    ['__proto__.html', 'x', "__proto__.html: there is no page '__proto__'"],
    ['sign-in.html', '<h1>Hi</h1>\n', 'sign-in.html:2: {{{content}}} is missing'],
    [
      'consent.html',
      '{{{client}}}{{{heading}}}{{{form}}}',
      'consent.html:1: {{{account}}}, {{{scopes}}}, {{{links}}} missing',
    ],
    ['footer.html', '<p>\n<script>1</script></p>', 'footer.html:2: <script> cannot stand here'],
    ['header.html', '{{{content}}}', 'header.html:1: there is no part {{{content}}} in this file'],
    ['error.html', ' '.repeat(65 * 1024), 'error.html is larger than 64 KiB'],
    ['assets/run.js', 'alert(1)', 'assets/run.js is neither a picture'],
    ['assets/page.svg', '<html>', 'assets/page.svg is neither a picture'],
    ['assets/a b.svg', '<svg/>', 'assets/a b.svg: a name has letters'],
  ])('%s: %j', async (name, content, problem) => {
    const folder = example.path(`wrong-${(count += 1)}`);
    await mkdir(`${folder}/assets`, { recursive: true });
    await writeFile(`${folder}/${name}`, content);
    await expect(openBranding(identityProviderConfig({ PAGES_DIR: folder }))).rejects.toThrow(
      `The configuration is not right.\n  PAGES_DIR: ${folder}/${problem}`,
    );
    await rm(folder, { recursive: true });
  });

  it('a folder that is not there', async () => {
    const folder = example.path('nowhere');
    await expect(openBranding(identityProviderConfig({ PAGES_DIR: folder }))).rejects.toThrow(
      `PAGES_DIR: ${folder} cannot be read (ENOENT)`,
    );
  });
});
