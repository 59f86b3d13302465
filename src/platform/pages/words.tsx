import { type ComponentChild, type ComponentChildren, createContext, type JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { english } from '../languages/en.js';
import type { Language } from '../languages/language.js';
import { number, say, sayAnything, wordsOf } from '../languages/languages.js';
import type { Sentence } from '../languages/sentences.js';

/** The language of the page that is rendered. */
export const LanguageContext = createContext<Language>(english);

/** A sentence in the page's language; values may be elements, and a number chooses the form where the sentence has several. */
export function T({ s, ...values }: { s: Sentence } & Record<string, ComponentChild>): JSX.Element {
  const language = useContext(LanguageContext);
  const words = wordsOf(language, s as Sentence, values);
  if (!words.includes('{')) return <>{words}</>;
  const parts = words.split(/\{(\w+)\}/);
  const shown = (value: ComponentChild) => (typeof value === 'number' ? number(language, value) : value);
  return <>{parts.map((part, index) => (index % 2 === 0 ? part : shown(values[part])))}</>;
}

/** Text that may be a sentence of ours: what a form was refused for, a heading that was handed over. */
export function Said({ text }: { text: string }): JSX.Element {
  return <>{sayAnything(useContext(LanguageContext), text)}</>;
}

/** For attributes: what says a sentence in the page's language. Inside components only. */
export function useWords(): { language: Language; t: (sentence: Sentence) => string; said: (text: string) => string } {
  const language = useContext(LanguageContext);
  return {
    language,
    t: (sentence) => say(language, sentence),
    said: (text) => sayAnything(language, text),
  };
}

/** Around a page whose own words are English alone: what we add to it is no other language then, and it says so. */
export function InEnglish({ children }: { children: ComponentChildren }): JSX.Element {
  return <LanguageContext.Provider value={english}>{children}</LanguageContext.Provider>;
}
