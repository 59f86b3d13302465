import { LRUCache } from 'lru-cache';
import type { JSX } from 'preact';
import type { Brand } from '../branding/brand.js';
import type { Language } from '../languages/language.js';
import { randomToken } from '../secret.js';
import { contentSecurityPolicy, renderPage } from './render.js';
import { StyleRules } from './style-rules.js';
import { css } from './theme.js';

/** Stands in a prepared page where the reference will: drawn anew by every process, so that no text of a stranger can hold it. */
const PLACE = randomToken(12);
/** What needs no escaping. An application's own server may take a request's name from whoever sent it. */
const PLAIN = /^[\w.-]{1,100}$/;
/** Characters of prepared pages that are kept for each look and language; the least used go first. */
const MOST_CHARACTERS = 512 * 1024;
const rules = new StyleRules(css);

/** A page in which nothing but the reference differs from one person to the next. */
class PreparedPage {
  readonly policy: string;
  private readonly pieces: readonly string[];

  constructor(page: JSX.Element, language: Language, brand: Brand) {
    const html = renderPage(page, language, brand);
    const sheet = rules.usedIn(html.replace(css, ''));
    this.policy = contentSecurityPolicy({ sheet }, brand);
    this.pieces = inAscii(html.replace(css, () => sheet)).split(PLACE);
  }

  get size(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }

  textFor(reference: string): string {
    return this.pieces.join(reference);
  }
}

/** Node sends such a text with the head of the answer, in one write, which is the dearest part of a refusal. */
function inAscii(html: string): string {
  return html.replace(/[\u0080-\u{10ffff}]/gu, (character) => `&#${character.codePointAt(0)};`);
}

const prepared = new WeakMap<Brand, WeakMap<Language, LRUCache<string, PreparedPage>>>();

/** What a page is made of: whose it is, in which language, and what tells it apart from others of the same. */
export interface PageMaking {
  brand: Brand;
  language: Language;
  name: string;
  page: (reference: string) => JSX.Element;
}

/**
 * A page as it is sent, with the policy that goes with it. It is rendered the first time and kept, because who is refused must
 * cost less than who is served, and has only those rules of the style sheet that it can use.
 */
export function pageFor(
  { brand, language, name, page }: PageMaking,
  reference: string,
): { policy: string; html: string } {
  if (!PLAIN.test(reference)) {
    const made = new PreparedPage(page(reference), language, brand);
    return { policy: made.policy, html: made.textFor('') };
  }
  const kept = keptFor(brand, language);
  let found = kept.get(name);
  if (!found) kept.set(name, (found = new PreparedPage(page(PLACE), language, brand)));
  return { policy: found.policy, html: found.textFor(reference) };
}

function keptFor(brand: Brand, language: Language): LRUCache<string, PreparedPage> {
  let byLanguage = prepared.get(brand);
  if (!byLanguage) prepared.set(brand, (byLanguage = new WeakMap()));
  let kept = byLanguage.get(language);
  if (!kept) {
    kept = new LRUCache({ maxSize: MOST_CHARACTERS, sizeCalculation: ({ size }, name) => size + name.length });
    byLanguage.set(language, kept);
  }
  return kept;
}
