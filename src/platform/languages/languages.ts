import { LRUCache } from 'lru-cache';
import { arabic } from './ar.js';
import { english } from './en.js';
import { french } from './fr.js';
import { german } from './de.js';
import type { Language } from './language.js';
import { type Sentence, sentences } from './sentences.js';
import { spanish } from './es.js';

/** What comes with the package; the first is the default. */
export const shipped: readonly Language[] = [english, german, french, spanish, arabic];

const spoken = [...shipped];
/** What our pages and mails can be in: what comes with the package, and what an operator added. */
export const languages: readonly Language[] = spoken;

/** Adds languages, or puts them in the place of those with the same tag: for the whole process, before it answers anybody. */
export function speakAlso(more: readonly Language[]): void {
  for (const language of more) {
    const place = spoken.findIndex(({ tag }) => tag === language.tag);
    spoken.splice(place < 0 ? spoken.length : place, 1, language);
  }
  accepted.clear();
}

/** More wishes than these are not looked at. */
const MOST_WISHES = 30;
/** Nor more characters of a header than these. */
const LONGEST_HEADER = 1000;

/**
 * The first language that somebody wishes for and we have, by lookup (RFC 4647 §3.4): `de-AT` finds `de`.
 * @param wishes BCP 47 language tags, the preferred first.
 */
export function languageFor(wishes: readonly string[]): Language | undefined {
  for (const wish of wishes.slice(0, MOST_WISHES)) {
    for (let tag = wish.toLowerCase(); tag !== ''; tag = tag.slice(0, Math.max(0, tag.lastIndexOf('-')))) {
      const found = languages.find((one) => one.tag.toLowerCase() === tag);
      if (found) return found;
    }
  }
  return undefined;
}

/** The tags of an `Accept-Language` header, the preferred first (RFC 9110 §12.5.4); what is refused is left out. */
export function acceptedLanguages(header: string | undefined): string[] {
  const ranges = (header ?? '').slice(0, LONGEST_HEADER).split(',', MOST_WISHES);
  return ranges
    .flatMap((range) => {
      const [, tag, quality = '1'] = /^\s*([a-z0-9-]{1,35})\s*(?:;\s*q=([01](?:\.\d{1,3})?)\s*)?$/i.exec(range) ?? [];
      return tag !== undefined && Number(quality) > 0 ? [{ tag, quality: Number(quality) }] : [];
    })
    .toSorted((a, b) => b.quality - a.quality)
    .map(({ tag }) => tag);
}

/** What was found for the latest headers: browsers send the same few. */
const accepted = new LRUCache<string, { found: Language | undefined }>({ max: 200 });

/** The first language that an `Accept-Language` header asks for and we have. */
export function acceptedLanguage(header = ''): Language | undefined {
  const key = header.slice(0, LONGEST_HEADER);
  let answer = accepted.get(key);
  if (!answer) accepted.set(key, (answer = { found: languageFor(acceptedLanguages(key)) }));
  return answer.found;
}

const known: ReadonlySet<string> = new Set(sentences);
/** What was put together in English already, such as a refusal with a number in it: recognised by the words around the value. */
const patterns = sentences
  .filter((one) => /\{\w+\}/.test(one) && one.replace(/\{\w+\}/g, '').length > 20)
  .map((one) => ({
    sentence: one,
    pattern: new RegExp(
      `^${one
        .split(/\{\w+\}/)
        .map(escaped)
        .join('([^]{1,200}?)')}$`,
    ),
  }));

/** What is put into a sentence; a number is written as the language writes it. */
export type Values = Readonly<Record<string, unknown>>;

/** The words of a sentence in this language, its values still to be put in: those that fit the number, where there is one. */
export function wordsOf({ tag, words }: Language, sentence: Sentence, values: Values = {}): string {
  const found = words[sentence];
  if (typeof found === 'string') return found;
  return found[new Intl.PluralRules(standard(tag)).select(Number(values[found.by]))] ?? found.other;
}

/** A sentence of ours in this language, its values put in. */
export function say(
  language: Language,
  sentence: Sentence,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return wordsOf(language, sentence, values).replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? '';
    return typeof value === 'number' ? number(language, value) : value;
  });
}

/** The same for text that may be one of our sentences, with its values in it; any other text stays as it is. */
export function sayAnything(language: Language, text: string): string {
  if (known.has(text)) return say(language, text as Sentence);
  for (const { sentence, pattern } of patterns) {
    const found = pattern.exec(text);
    if (!found) continue;
    const values = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name], index): [string, string | number] => {
      const value = found[index + 1]!;
      return [name!, name === 'count' ? Number(value) : value];
    });
    return say(language, sentence, Object.fromEntries(values));
  }
  return text;
}

/** Whether a text is one of our sentences, its values put in or not. */
export function isOurs(text: string): boolean {
  return known.has(text) || patterns.some(({ pattern }) => pattern.test(text));
}

/** `15 minutes`, as people say it. */
export function duration(
  { tag }: Language,
  count: number,
  unit: 'minute' | 'hour' | 'day' | 'millisecond',
  unitDisplay: 'long' | 'short' = 'long',
): string {
  return new Intl.NumberFormat(standard(tag), { style: 'unit', unit, unitDisplay }).format(count);
}

/** A number as the language writes it. */
export function number({ tag }: Language, value: number): string {
  return new Intl.NumberFormat(standard(tag)).format(value);
}

/** Where a language has several customs. English is written as most of the world does: the day before the month. */
export function standard(tag: string): string {
  return tag === 'en' ? 'en-GB' : tag;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
