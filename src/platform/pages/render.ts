import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { h, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { english } from '../languages/en.js';
import type { Language } from '../languages/language.js';
import { type Brand, GATEHOUSE } from '../branding/brand.js';
import { TimeZoneContext } from './moment.js';
import { css } from './theme.js';
import { BrandContext } from './brand-context.js';
import { LanguageContext } from './words.js';

/** The HTML document of a page built on `<Page>`; every text and attribute in it is escaped. @param timeZone for dates. */
export function renderPage<P>(
  page: VNode<P>,
  language: Language = english,
  brand: Brand = GATEHOUSE,
  timeZone = 'UTC',
): string {
  const dated = h(TimeZoneContext.Provider, { value: timeZone, children: page });
  const branded = h(BrandContext.Provider, { value: brand, children: dated });
  return `<!doctype html>${renderToString(h(LanguageContext.Provider, { value: language, children: branded }))}`;
}

/** The policy of a picture that was not made by us: whoever opens it by itself runs and loads nothing. */
export const NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** What a page needs beyond the common policy. URLs are reduced to their origin, so a client's registered URL may be given as it is. */
export interface ContentSecurityPolicyOptions {
  /** `form-action`: `'self'`, URLs, or schemes such as `com.example.app:`. */
  formAction?: string[];
  /** `script-src`: hashes such as `sha256-…`, with or without quotes. */
  scriptHashes?: string[];
  /** `script-src`: whole URLs of our own scripts, each allowed by itself; a page names them in its body. */
  scripts?: string[];
  /** `connect-src`: what scripts may ask, `'self'` or URLs. */
  connectSrc?: string[];
  /** `frame-src`: URLs of the front-channel logout pages. */
  frameSrc?: string[];
  /** `img-src` beyond this site and `data:`: URLs of logos and pictures. */
  imgSrc?: string[];
  /** Our style sheet as it stands in the page, where it is not the whole one. */
  sheet?: string;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');
const styleHash = hashOf(css);

/**
 * The value of the `Content-Security-Policy` header for our pages: nothing but the inlined style sheets, by their hashes, and
 * images; and what belongs to the brand, each file by its whole URL.
 *
 * `form-action` is absent unless it is given: Chrome applies it to the whole chain of redirects after a form is sent, so
 * `'self'` on the sign-in page would stop the browser on its way back to the client. Give it only where the answer stays here.
 *
 * A source that cannot be written safely (it holds a separator, or it is no URL) is left out: the policy only gets narrower,
 * and a client's URL cannot add directives of its own.
 */
export function contentSecurityPolicy(options: ContentSecurityPolicyOptions = {}, brand: Brand = GATEHOUSE): string {
  const { formAction, scriptHashes = [], scripts = [], connectSrc, frameSrc, imgSrc, sheet } = options;
  const sheetHash = sheet === undefined ? styleHash : hashOf(sheet);
  const scriptSources = [...scriptHashes.flatMap(hashSource), ...scripts.flatMap(exactSource)];
  const directives = [
    "default-src 'none'",
    ['style-src', `'sha256-${sheetHash}'`, ...coloursHash(brand), ...brand.sources.styles.flatMap(exactSource)].join(
      ' ',
    ),
    ['img-src', "'self'", 'data:', ...sources(imgSrc), ...brand.sources.images.flatMap(exactSource)].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  if (brand.sources.fonts.length > 0) {
    directives.push(directive('font-src', brand.sources.fonts.flatMap(exactSource)));
  }
  if (formAction) directives.push(directive('form-action', sources(formAction)));
  if (options.scriptHashes ?? options.scripts) directives.push(directive('script-src', scriptSources));
  if (connectSrc) directives.push(directive('connect-src', sources(connectSrc)));
  if (frameSrc) directives.push(directive('frame-src', sources(frameSrc)));
  return directives.join('; ');
}

function coloursHash({ colours }: Brand): string[] {
  return colours === undefined ? [] : [`'sha256-${hashOf(colours)}'`];
}

function directive(name: string, values: string[]): string {
  return [name, ...(values.length > 0 ? values : ["'none'"])].join(' ');
}

function sources(values: string[] = []): string[] {
  return [...new Set(values.flatMap(source))];
}

function source(value: string): string[] {
  if (value === "'self'" || /^[a-z][a-z0-9+.-]*:$/i.test(value)) return [value];
  if (!URL.canParse(value)) return [];
  const { protocol, origin } = new URL(value);
  // `;` and `,` are legal in a URL's host and separate directives and policies.
  return /^https?:$/.test(protocol) && !/[;,'"\s]/.test(origin) ? [origin] : [];
}

/** A page names the same few files each time. */
const files = new LRUCache<string, string[]>({ max: 200 });

/** One file, by its whole URL (Content Security Policy Level 3 §6.7.2.8). */
export function exactSource(value: string): string[] {
  let found = files.get(value);
  if (!found) files.set(value, (found = readSource(value)));
  return found;
}

function readSource(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { origin, pathname } = new URL(value);
  return source(origin).flatMap((site) => (/^[\w/.-]+$/.test(pathname) ? [`${site}${pathname}`] : []));
}

function hashSource(value: string): string[] {
  const hash = /^'?(sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2})'?$/.exec(value)?.[1];
  return hash ? [`'${hash}'`] : [];
}
