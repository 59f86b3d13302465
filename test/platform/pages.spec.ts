import { createHash } from 'node:crypto';
import { h } from 'preact';
import { DeskHome } from '../../src/apps/desk/pages.js';
import { PortalHome, PortalProfile } from '../../src/apps/portal/pages.js';
import { ConsentPage } from '../../src/identity-provider/pages/consent.page.js';
import { DeviceCodePage, DeviceConfirmPage, DeviceDonePage } from '../../src/identity-provider/pages/device.page.js';
import { SignedOutPage, SignOutPage } from '../../src/identity-provider/pages/sign-out.page.js';
import { HomePage } from '../../src/login/pages/home.page.js';
import { PasswordForm } from '../../src/login/pages/password-form.js';
import { SignInPage } from '../../src/login/pages/sign-in.page.js';
import { ErrorPage } from '../../src/platform/pages/error.page.js';
import { contentSecurityPolicy, renderPage } from '../../src/platform/pages/render.js';
import { displayText, initial } from '../../src/platform/pages/text.js';
import { css } from '../../src/platform/pages/theme.js';
import { imageUrl, linkUrl } from '../../src/platform/pages/web-url.js';
import { SignInFailedPage } from '../../src/relying-party/pages/sign-in-failed.page.js';

/** The sign-in page as it is by default: with name and password. */
function SignIn({
  action,
  csrfToken,
  interaction,
  username,
  ...page
}: { action: string; csrfToken: string; interaction?: string; username?: string } & Omit<
  Parameters<typeof SignInPage>[0],
  'offers'
>) {
  const hidden = { csrf: csrfToken, interaction };
  const describedBy = page.error === undefined ? undefined : 'sign-in-error';
  return SignInPage({ ...page, offers: [PasswordForm({ action, hidden, username, describedBy })] });
}

const client = {
  name: 'Acme',
  logoUrl: 'https://acme.test/logo.png',
  policyUrl: 'https://acme.test/privacy',
  termsUrl: 'https://acme.test/terms',
  clientUrl: 'https://acme.test/',
};
const user = { name: 'Alice Liddell', username: 'alice' };
const form = { action: '/here', csrfToken: 'csrf-token' };

/** Every page with everything on it, by name. `text` changes each text, `url` each stranger's URL. */
function everyPage(text = (value: string) => value, url = (value: string) => value): Record<string, string> {
  const c = {
    name: text(client.name),
    logoUrl: url(client.logoUrl),
    policyUrl: url(client.policyUrl),
    termsUrl: url(client.termsUrl),
    clientUrl: url(client.clientUrl),
  };
  const u = { name: text(user.name), username: text(user.username) };
  const f = { action: text(form.action), csrfToken: text(form.csrfToken) };
  const interaction = text('interaction-id');
  const correlationId = text('correlation-id');
  const apps = [{ name: text('Portal'), url: url('https://portal.test/') }];
  const message = text('What is wrong.');
  return {
    'sign-in': renderPage(
      h(SignIn, { ...f, interaction, client: c, username: u.username, error: message, correlationId }),
    ),
    'home, nobody': renderPage(
      h(HomePage, { csrfToken: f.csrfToken, signOutAction: f.action, signInUrl: f.action, apps }),
    ),
    home: renderPage(h(HomePage, { ...u, csrfToken: f.csrfToken, signOutAction: f.action, signInUrl: f.action, apps })),
    consent: renderPage(
      h(ConsentPage, {
        ...f,
        interaction,
        client: c,
        user: u,
        scopes: [{ scope: text('orders:read'), description: text('Read your orders') }],
        resources: [text('urn:demo:orders'), text('urn:demo:other')],
      }),
    ),
    'device code': renderPage(h(DeviceCodePage, { ...f, userCode: text('WDJB-MJHT'), error: message, correlationId })),
    'device confirmation': renderPage(
      h(DeviceConfirmPage, {
        ...f,
        interaction,
        client: c,
        user: u,
        userCode: text('WDJB-MJHT'),
        scopes: [{ scope: text('orders:read'), description: text('Read your orders') }],
        resources: [text('urn:demo:orders')],
      }),
    ),
    'device allowed': renderPage(h(DeviceDonePage, { client: c, allowed: true })),
    'device denied': renderPage(h(DeviceDonePage, { client: c, allowed: false })),
    'sign-out': renderPage(h(SignOutPage, { ...f, client: c, user: u, fields: { [text('state')]: text('xyz') } })),
    'signed out': renderPage(h(SignedOutPage, { client: c, returnUrl: url('https://acme.test/bye') })),
    error: renderPage(
      h(ErrorPage, {
        status: 400,
        code: text('invalid_request'),
        message,
        parameter: text('redirect_uri'),
        correlationId,
      }),
    ),
    'portal home': renderPage(
      h(PortalHome, { user: u, addresses: apps.map((app) => ({ ...app, description: message })) }),
    ),
    'portal profile': renderPage(
      h(PortalProfile, {
        user: { ...u, email: text('alice@example.test'), picture: url('https://acme.test/alice.png') },
        claims: [[text('Subject'), text('248289761001')]],
        sessionInfo: [[text('Signed in'), text('today')]],
        csrfToken: f.csrfToken,
        signOutAction: f.action,
      }),
    ),
    desk: renderPage(
      h(DeskHome, {
        user: u,
        orders: [{ id: text('1'), item: text('Tea'), quantity: 12, status: text('placed') }],
        ordersProblem: message,
        signOut: f,
      }),
    ),
    'desk, nobody': renderPage(h(DeskHome, { signInUrl: f.action })),
    'sign-in failed': renderPage(
      h(SignInFailedPage, { code: text('access_denied'), message, retryUrl: '/auth/login', correlationId }),
    ),
  };
}

interface Tag {
  name: string;
  attributes: Record<string, string>;
}

/** The tags of a document as a browser reads them: a value ends at its quote, a tag at its bracket outside quotes. */
function tags(html: string): Tag[] {
  const body = html.replace(/(<style>)[^<]*/, '$1');
  return [...body.matchAll(/<([a-z/!][^\s>/]*)((?:"[^"]*"|[^">])*)>/gi)].map(([, name = '', rest = '']) => ({
    name: name.toLowerCase(),
    attributes: Object.fromEntries(
      [...rest.matchAll(/([^\s"'=/]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  }));
}

const withId = (html: string, id: string) => tags(html).find((tag) => tag.attributes['id'] === id);
const withName = (html: string, name: string) => tags(html).find((tag) => tag.attributes['name'] === name);
const textOf = (html: string) => html.replace(/<style>[^<]*<\/style>/, '').replace(/<[^>]+>/g, '');

describe('every page', () => {
  const plain = everyPage();
  const pages = Object.entries(plain);

  it.each(pages)('%s is a whole document that phones, readers and robots understand', (_, html) => {
    expect(html).toMatch(/^<!doctype html><html lang="en"/);
    expect(withName(html, 'viewport')?.attributes['content']).toBe('width=device-width, initial-scale=1');
    expect(withName(html, 'color-scheme')?.attributes['content']).toBe('light dark');
    expect(withName(html, 'robots')?.attributes['content']).toBe('noindex');
    const names = tags(html).map((tag) => tag.name);
    for (const once of ['title', 'main', 'h1', 'header']) expect(names.filter((name) => name === once)).toHaveLength(1);
  });

  it.each(pages)('%s holds no script, no handler and no style attribute', (_, html) => {
    expect(html.toLowerCase()).not.toContain('<script');
    const attributes = tags(html).flatMap((tag) => Object.keys(tag.attributes));
    expect(attributes.filter((name) => /^(on.*|style|srcdoc)$/i.test(name))).toEqual([]);
  });

  it.each(pages)('%s has the one style sheet whose hash the policy names', (_, html) => {
    const styles = [...html.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style = '']) => style);
    expect(styles).toHaveLength(1);
    const hash = createHash('sha256').update(styles[0]!).digest('base64');
    expect(contentSecurityPolicy()).toContain(`style-src 'sha256-${hash}';`);
  });

  it.each(pages)('%s labels its fields, and its references lead somewhere', (_, html) => {
    const all = tags(html);
    const ids = all.flatMap((tag) => tag.attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const labelled = all.filter((tag) => tag.name === 'label').map((tag) => tag.attributes['for']);
    const fields = all.filter((tag) => tag.name === 'input' && tag.attributes['type'] !== 'hidden');
    expect(fields.map((tag) => tag.attributes['id'])).toEqual(labelled);
    for (const tag of all) {
      for (const reference of ['aria-labelledby', 'aria-describedby'])
        if (tag.attributes[reference]) expect(ids).toContain(tag.attributes[reference]);
      if (tag.name === 'img') expect(tag.attributes).toHaveProperty('alt');
      if (tag.name === 'button') expect(tag.attributes['type']).toBe('submit');
      if (tag.name === 'form') expect(tag.attributes['method']).toBe('post');
      if (tag.attributes['target']) expect(tag.attributes['rel']).toBe('noopener noreferrer');
    }
  });

  it.each([
    ['markup', '"><script>alert(1)</script>'],
    ['a handler', `" onfocus="alert(1)" x='`],
    ['an end of what surrounds it', '</title></style></bdi></form></main><img src=x onerror=alert(1)>'],
    ['an entity', '&lt;script&gt;&quot;&#34;'],
    ['a comment', '--><!--<svg/onload=alert(1)>'],
  ])('IJ-13: %s in any text stays text', (_, payload) => {
    const skeleton = (html: string) => tags(html).map((tag) => [tag.name, ...Object.keys(tag.attributes)].join(' '));
    for (const [name, html] of Object.entries(everyPage((value) => payload + value)))
      expect([name, ...skeleton(html)]).toEqual([name, ...skeleton(plain[name]!)]);
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'blob:https://acme.test/1',
    '//evil.test/',
    '/\\evil.test/',
    '/\t/evil.test/',
    'not a url',
    '',
  ])('IJ-13: a stranger’s URL %j becomes no link and no image', (url) => {
    expect([linkUrl(url), imageUrl(url)]).toEqual([undefined, undefined]);
    for (const [name, html] of Object.entries(everyPage(undefined, () => url))) {
      const links = tags(html).filter(({ name: tag }) => tag === 'a' || tag === 'img');
      const targets = links.flatMap(({ attributes }) => attributes['href'] ?? attributes['src'] ?? []);
      expect([name, ...targets.filter((target) => !/^\/[a-z/]*$/.test(target))]).toEqual([name]);
    }
  });
});

describe('the page contract', () => {
  const signIn = renderPage(h(SignIn, { ...form, interaction: 'i-1', client }));

  it('sign-in: fields, button, text', () => {
    expect(withName(signIn, 'username')?.attributes).toMatchObject({
      type: 'text',
      autocomplete: 'username webauthn',
      autocapitalize: 'none',
      spellcheck: 'false',
    });
    expect(withName(signIn, 'password')?.attributes).toMatchObject({
      type: 'password',
      autocomplete: 'current-password',
    });
    expect(withName(signIn, 'csrf')?.attributes).toMatchObject({ type: 'hidden', value: 'csrf-token' });
    expect(withName(signIn, 'interaction')?.attributes).toMatchObject({ type: 'hidden', value: 'i-1' });
    expect(withId(signIn, 'login-submit')).toMatchObject({ name: 'button', attributes: { type: 'submit' } });
    expect(tags(signIn).find((tag) => tag.name === 'form')?.attributes).toMatchObject({
      method: 'post',
      action: '/here',
    });
    expect(textOf(signIn)).toContain('Sign in');
  });

  it('sign-in: without an interaction there is no such field, without an error no alert', () => {
    const html = renderPage(h(SignIn, form));
    expect(withName(html, 'interaction')).toBeUndefined();
    expect(html).not.toContain('role="alert"');
    expect(html).not.toContain('aria-describedby');
  });

  it('sign-in: a hint fills the field and locks nothing', () => {
    const field = withName(renderPage(h(SignIn, { ...form, username: 'nobody' })), 'username');
    expect(field?.attributes).toHaveProperty('value', 'nobody');
    expect(field?.attributes).not.toHaveProperty('readonly');
    expect(field?.attributes).not.toHaveProperty('disabled');
  });

  it('sign-in: what was typed comes back unchanged', () => {
    const typed = '  a\u202Eb&"<';
    expect(renderPage(h(SignIn, { ...form, username: typed }))).toContain('value="  a\u202Eb&amp;&quot;&lt;"');
  });

  it('sign-in: an error is an alert that describes both fields', () => {
    const html = renderPage(h(SignIn, { ...form, error: 'No match.', correlationId: 'ref-1' }));
    expect(tags(html).find((tag) => tag.attributes['role'] === 'alert')?.attributes['id']).toBe('sign-in-error');
    for (const name of ['username', 'password'])
      expect(withName(html, name)?.attributes['aria-describedby']).toBe('sign-in-error');
    expect(textOf(html)).toMatch(/No match\..*ref-1/s);
  });

  const consent = renderPage(
    h(ConsentPage, { ...form, interaction: 'i-1', client, user, scopes: [{ scope: 'email', description: 'See it' }] }),
  );

  it('consent: two buttons, the answers, the interaction, who is asked for what', () => {
    expect(withId(consent, 'consent-allow')?.attributes).toMatchObject({
      type: 'submit',
      name: 'decision',
      value: 'allow',
    });
    expect(withId(consent, 'consent-deny')?.attributes).toMatchObject({
      type: 'submit',
      name: 'decision',
      value: 'deny',
    });
    expect(withName(consent, 'csrf')?.attributes['value']).toBe('csrf-token');
    expect(withName(consent, 'interaction')?.attributes['value']).toBe('i-1');
    for (const text of ['Acme', 'Alice Liddell', 'alice', 'See it', 'email']) expect(textOf(consent)).toContain(text);
  });

  it.each([
    ['sign-in', signIn],
    ['consent', consent],
  ])('%s shows the client: name, logo, policy and terms', (_, html) => {
    expect(textOf(html)).toContain('Acme');
    expect(tags(html).find((tag) => tag.name === 'img')?.attributes['src']).toBe('https://acme.test/logo.png');
    const links = tags(html).flatMap((tag) => (tag.name === 'a' ? (tag.attributes['href'] ?? []) : []));
    expect(links).toEqual(['https://acme.test/', 'https://acme.test/privacy', 'https://acme.test/terms']);
    expect(textOf(html)).toMatch(/Privacy policy.*Terms of service/s);
  });

  it('a client without logo and links is a letter and a name', () => {
    const html = renderPage(h(SignIn, { ...form, client: { name: 'zebra' } }));
    expect(textOf(html)).toContain('Z');
    expect(tags(html).filter((tag) => tag.name === 'img' || tag.name === 'a')).toEqual([]);
  });

  it('sign-out: the button, the fields, a way to stay', () => {
    const html = renderPage(h(SignOutPage, { ...form, client, user, fields: { state: 's-1', csrf: 'forged' } }));
    expect(withId(html, 'logout-confirm')).toMatchObject({ name: 'button', attributes: { type: 'submit' } });
    expect(withName(html, 'state')?.attributes).toMatchObject({ type: 'hidden', value: 's-1' });
    expect(withName(html, 'csrf')?.attributes['value']).toBe('csrf-token');
    expect(tags(html).find((tag) => tag.name === 'a')?.attributes['href']).toBe('/');
    expect(textOf(html)).toContain('Stay signed in');
  });

  it('signed out: says so, and leads back only where it was told to', () => {
    const html = renderPage(h(SignedOutPage, { client, returnUrl: 'https://acme.test/bye' }));
    expect(textOf(html)).toContain('You are signed out');
    expect(tags(html).find((tag) => tag.name === 'a')?.attributes['href']).toBe('https://acme.test/bye');
    expect(tags(renderPage(h(SignedOutPage, { client }))).some((tag) => tag.name === 'a')).toBe(false);
  });

  it('error: names the code, the parameter and the correlation id', () => {
    const html = renderPage(
      h(ErrorPage, {
        status: 400,
        code: 'invalid_request',
        message: 'Not registered.',
        parameter: 'redirect_uri',
        correlationId: 'ref-1',
      }),
    );
    for (const text of ['invalid_request', 'redirect_uri', 'ref-1', 'Not registered.', 'Go back'])
      expect(textOf(html)).toContain(text);
    expect(
      textOf(renderPage(h(ErrorPage, { status: 500, code: 'server_error', message: 'm', correlationId: 'r' }))),
    ).toContain('our fault');
  });

  it('portal: name, username and the sign-out form', () => {
    const html = renderPage(
      h(PortalProfile, {
        user,
        claims: [['Email', 'a@b.test']],
        sessionInfo: [],
        csrfToken: 't',
        signOutAction: '/auth/logout',
      }),
    );
    for (const text of ['Alice Liddell', 'alice', 'a@b.test', 'Sign out']) expect(textOf(html)).toContain(text);
    expect(tags(html).find((tag) => tag.name === 'form')?.attributes).toMatchObject({
      method: 'post',
      action: '/auth/logout',
    });
    expect(withName(html, 'csrf')?.attributes['value']).toBe('t');
  });

  it('the sample apps are told apart from the provider and from each other', () => {
    const accents = ['sign-in', 'portal home', 'desk'].map(
      (name) => tags(everyPage()[name]!).find((tag) => tag.name === 'html')?.attributes['data-accent'],
    );
    expect(new Set(accents).size).toBe(3);
  });
});

describe('text of strangers', () => {
  it.each([
    ['is left alone', 'Zoë’s café – 東京 👩‍👩‍👧', 'Zoë’s café – 東京 👩‍👩‍👧'],
    ['in another direction is left alone', 'متجر علی', 'متجر علی'],
    ['loses overrides and isolates', 'a\u202Eb\u2066c\u2069\u200F\u061Cd', 'abcd'],
    ['loses invisible characters', 'Pay\u200BPal\uFEFF\u2060', 'PayPal'],
    ['becomes one line', ' one\r\ntwo\u2028three\u0000\u0085four\t', 'one two three four'],
    [
      'keeps a space that does not break, but not several',
      '\u00a0Ajoutez\u00a0: ceci\u202f; \u00a0x',
      'Ajoutez\u00a0: ceci\u202f; x',
    ],
    ['loses towers of marks', `Z${'\u0301'.repeat(50)}y`, `Z${'\u0301'.repeat(4)}y`],
    ['is cut', 'x'.repeat(10_000), `${'x'.repeat(159)}…`],
    ['is not cut within a character', '👍'.repeat(200), `${'👍'.repeat(159)}…`],
    ['may be nothing', '\u202E\u200B', ''],
  ])('%s', (_, value, shown) => {
    expect(displayText(value)).toBe(shown);
  });

  it('may be a sentence where a page says what is wrong', () => {
    const message = 'word '.repeat(100).trim();
    expect(textOf(renderPage(h(ErrorPage, { code: 'c', message, correlationId: 'r' })))).toContain(message);
  });

  it('stands in an isolate of its own', () => {
    expect(renderPage(h(SignIn, { ...form, client: { name: 'a\u202Eb' } }))).toContain('<bdi>ab</bdi>');
    expect(css).toContain('unicode-bidi: isolate');
  });

  it('has a stand-in when there is nothing to show', () => {
    expect(textOf(renderPage(h(SignIn, { ...form, client: { name: '\u202E' } })))).toContain('Unnamed application');
  });

  it.each([
    ['orders', 'O'],
    ['  "élan"', 'É'],
    ['𝒜lice', '𝒜'],
    ['!!!', '?'],
    ['', '?'],
  ])('%j begins with %s', (name, letter) => {
    expect(initial(name)).toBe(letter);
  });
});

describe('contentSecurityPolicy', () => {
  const directives = (policy: string) =>
    Object.fromEntries(
      policy.split('; ').map((directive) => [directive.split(' ')[0]!, directive.split(' ').slice(1).join(' ')]),
    );
  const common = {
    'default-src': "'none'",
    'style-src': expect.stringMatching(/^'sha256-[\w+/]{43}='$/) as string,
    'img-src': "'self' data:",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  };

  it('lets nothing in, and leaves form-action to those who know where a form ends', () => {
    expect(directives(contentSecurityPolicy())).toEqual(common);
  });

  it.each([
    [
      'formAction',
      ["'self'", 'https://rp.test/cb?a=1', 'com.example.app:'],
      'form-action',
      "'self' https://rp.test com.example.app:",
    ],
    ['formAction', [], 'form-action', "'none'"],
    ['scriptHashes', ['sha256-abc=', "'sha384-def'"], 'script-src', "'sha256-abc=' 'sha384-def'"],
    ['scriptHashes', ["'unsafe-inline'", "sha256-a' 'unsafe-inline"], 'script-src', "'none'"],
    [
      'frameSrc',
      ['https://a.test/out', 'https://a.test/other', 'https://b.test:8443/'],
      'frame-src',
      'https://a.test https://b.test:8443',
    ],
    ['imgSrc', ['https://cdn.test/logo.png'], 'img-src', "'self' data: https://cdn.test"],
    [
      'imgSrc',
      ['https://a;script-src/x', 'https://a,b/x', "x; script-src 'unsafe-inline'", '*', 'javascript:alert(1)'],
      'img-src',
      "'self' data:",
    ],
  ] as const)('%s %j', (option, values, name, expected) => {
    expect(directives(contentSecurityPolicy({ [option]: values }))).toEqual({ ...common, [name]: expected });
  });
});

describe('the theme', () => {
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const tokens = (scheme: string, accent: string) => {
    const block = (text: string, selector: string) => text.split(`${selector} {`)[1]?.split('}')[0] ?? '';
    const read = (text: string) =>
      Object.fromEntries([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})\b/g)].map(([, k, v]) => [k, v!]));
    const base = { ...read(block(light, ':root')), ...read(block(light, `[data-accent=${accent}]`)) };
    if (scheme === 'light') return base;
    return { ...base, ...read(block(dark, ':root')), ...read(block(dark, `[data-accent=${accent}]`)) };
  };
  const luminance = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string) => {
    const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  describe.each(['light', 'dark'])('%s', (scheme) => {
    it.each(['verdigris', 'plum', 'rust'])('%s keeps WCAG AA', (accent) => {
      const token = tokens(scheme, accent);
      const pairs: [string, string, number][] = [
        ...['card', 'ground', 'soft'].flatMap((under): [string, string, number][] => [
          ['ink', under, 4.5],
          ['muted', under, 4.5],
          ['accent', under, 4.5],
        ]),
        ['ink', 'inside', 4.5],
        ['ink', 'glow', 4.5],
        ['danger', 'danger-soft', 4.5],
        ['on-accent', 'accent', 4.5],
        ['edge', 'card', 3],
      ];
      const failing = pairs.filter(([over, under, ratio]) => !(contrast(token[over]!, token[under]!) >= ratio));
      expect(failing).toEqual([]);
    });
  });

  it('stays small, since every page carries it', () => {
    expect(Buffer.byteLength(css)).toBeLessThan(12 * 1024);
  });
});
