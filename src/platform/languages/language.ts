import type { Sentence } from './sentences.js';

/** A language of our pages and mails: one file beside this one, listed in `languages.ts`. */
export interface Language {
  /** BCP 47, as pages and `ui_locales_supported` name it. */
  tag: string;
  direction: 'ltr' | 'rtl';
  /** Each sentence in this language; the values in braces are put in where they stand. */
  words: Readonly<Record<Sentence, string>>;
}
