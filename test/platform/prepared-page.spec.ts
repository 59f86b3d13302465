import { createHash } from 'node:crypto';
import type { Brand } from '../../src/platform/branding/brand.js';
import { GATEHOUSE } from '../../src/platform/branding/brand.js';
import { paletteCss } from '../../src/platform/branding/palette.js';
import { languages } from '../../src/platform/languages/languages.js';
import { ErrorPage, type ErrorPageProps } from '../../src/platform/pages/error.page.js';
import { pageFor, type PageMaking } from '../../src/platform/pages/prepared-page.js';
import { renderPage } from '../../src/platform/pages/render.js';
import { css } from '../../src/platform/pages/theme.js';

const [english, german] = languages as [PageMaking['language'], PageMaking['language']];
const REFERENCE = 'pQ7_-x.1';

/** A brand of its own has prepared pages of its own. */
const brandOf = (change: Partial<Brand> = {}): Brand => ({ ...GATEHOUSE, ...change });
const shown = { status: 503, code: 'temporarily_unavailable', message: 'The server cannot answer right now.' };
const making = (change: Partial<PageMaking> = {}): PageMaking => ({
  brand: GATEHOUSE,
  language: english,
  name: 'unavailable',
  page: (correlationId) => ErrorPage({ ...shown, correlationId }),
  ...change,
});
const styleOf = (html: string) => /<style>([^<]*)<\/style>/.exec(html)![1]!;
const decoded = (html: string) => html.replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

const ERRORS: Record<string, Omit<ErrorPageProps, 'correlationId'>> = {
  'a refusal': shown,
  'a mistake with everything on it': {
    status: 400,
    code: 'invalid_request',
    message: 'The request is not made as it should be.',
    description: 'redirect_uri “<b>” is not 登録済み 👍 & so on $& $1',
    parameter: 'redirect_uri',
    way: { href: 'https://app.test/?a=1&b=2', text: 'Sign out and start over' },
    brand: '',
  },
};

describe.each(Object.entries(ERRORS))('%s', (_, props) => {
  it.each(languages.map(({ tag }) => tag))(
    'in %s is what would be rendered, in ASCII, with a part of our sheet',
    (tag) => {
      const language = languages.find((one) => one.tag === tag)!;
      for (const brand of [GATEHOUSE, brandOf({ name: 'Zoë', colours: paletteCss({ accent: '#fc0' }) })]) {
        const page = (correlationId: string) => ErrorPage({ ...props, correlationId });
        const { html } = pageFor(making({ brand, language, name: JSON.stringify(props), page }), REFERENCE);
        expect(html).toMatch(/^[\0-\x7f]+$/);
        const sheet = styleOf(html);
        expect(sheet.length).toBeLessThan(css.length / 2);
        expect(decoded(html.replace(sheet, ''))).toBe(renderPage(page(REFERENCE), language, brand).replace(css, ''));
      }
    },
  );
});

it('names by its hash the very sheet that it has, and the brand’s colours', () => {
  const brand = brandOf({ colours: paletteCss({ accent: '#fc0' }) });
  const { html, policy } = pageFor(making({ brand }), REFERENCE);
  const styles = [...html.matchAll(/<style>([^<]*)<\/style>/g)].map(([, style]) => style!);
  const hashes = styles.map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);
  expect(hashes).toHaveLength(2);
  expect(policy).toContain(`style-src ${hashes.join(' ')};`);
});

it('differs in nothing but the reference', () => {
  const [one, other] = ['first', 'second'].map((reference) => pageFor(making(), reference));
  expect(one!.html).toContain('<bdi>first</bdi>');
  expect(other!.html).toBe(one!.html.replace('<bdi>first</bdi>', '<bdi>second</bdi>'));
});

it('escapes a reference that whoever asked may have chosen', () => {
  const { html } = pageFor(making(), '"><script>alert(1)</script>');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script');
});

it('is rendered once for each brand, language and name, and again only when too many others came since', () => {
  let rendered = 0;
  const page = (correlationId: string) => {
    rendered += 1;
    return ErrorPage({ ...shown, correlationId });
  };
  const brand = brandOf();
  const times = (change: Partial<PageMaking>) => {
    const before = rendered;
    for (let count = 0; count < 5; count += 1) pageFor(making({ brand, page, ...change }), `reference-${count}`);
    return rendered - before;
  };
  expect([times({}), times({}), times({ language: german }), times({ name: 'another' }), times({ brand: brandOf() })]).toEqual([1, 0, 1, 1, 1]); // prettier-ignore
  // Names of strangers' making are as bounded as pages are: one too long is not kept, and many push out what nobody asks for.
  expect(times({ name: 'x'.repeat(1_000_000) })).toBe(5);
  expect(times({})).toBe(0);
  for (let count = 0; count < 100; count += 1)
    pageFor(making({ brand, page, name: `${count}${'x'.repeat(10_000)}` }), 'r');
  expect(times({})).toBe(1);
});
