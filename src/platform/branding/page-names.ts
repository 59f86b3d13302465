import { languages } from '../languages/languages.js';

/** What a part of a page is for a template of that page. */
type Need = 'must' | 'may';

/**
 * The pages that a template may replace, and the parts that the template may place one by one; every page has `content`, all
 * of them together. What carries a form, or says what a person must know, cannot be left out.
 */
export const PAGE_PARTS = {
  'sign-in': { heading: 'may', client: 'must', problem: 'must', form: 'must', 'sign-up': 'may', links: 'must' },
  'second-factor': { heading: 'must', problem: 'must', form: 'must', restart: 'may' },
  consent: { client: 'must', heading: 'must', account: 'must', scopes: 'must', form: 'must', links: 'must' },
  'sign-out': { heading: 'may', client: 'must', account: 'must', form: 'must' },
  'signed-out': { heading: 'may', text: 'must', receipt: 'must', onward: 'must' },
  enrol: {},
  step: {},
  device: {},
  home: {},
  account: {},
  error: {},
} as const satisfies Record<string, Record<string, Need>>;

export type PageName = keyof typeof PAGE_PARTS;
export const CONTENT = 'content';

/** Templates that stand on every page, beside those of the pages. */
export const FRAGMENTS = ['header', 'footer'] as const;
export type FragmentName = (typeof FRAGMENTS)[number];

/** What a template may say, by its kind: text, or a URL that was made by us or checked. */
export const VALUES: Readonly<Record<string, 'text' | 'url'>> = {
  'site.name': 'text',
  'site.logo': 'url',
  'site.logo-dark': 'url',
  title: 'text',
  page: 'text',
  lang: 'text',
  dir: 'text',
  'client.id': 'text',
  'client.name': 'text',
  'client.logo': 'url',
  'client.url': 'url',
};

/** What a section may ask for. */
export function conditions(): string[] {
  return [...Object.keys(VALUES), 'client', ...languages.map(({ tag }) => `language.${tag}`)];
}
