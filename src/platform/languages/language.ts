import type { Sentence } from './sentences.js';

/**
 * A sentence whose words depend on a number: one text for each category that the language has (CLDR, as `Intl.PluralRules`
 * tells them: English has `one` and `other`, Arabic all six). `other` stands for a category that is left out.
 */
export interface Forms extends Partial<Record<Intl.LDMLPluralRule, string>> {
  /** The value that decides, such as `count`. */
  by: string;
  other: string;
}

/** A language of our pages and mails: one file beside this one, listed in `languages.ts`. */
export interface Language {
  /** BCP 47, as pages and `ui_locales_supported` name it. */
  tag: string;
  /** What the language calls itself. */
  name: string;
  direction: 'ltr' | 'rtl';
  /** Each sentence in this language; the values in braces are put in where they stand. */
  words: Readonly<Record<Sentence, string | Forms>>;
}
