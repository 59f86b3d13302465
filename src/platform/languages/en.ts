import type { Language } from './language.js';
import { type Sentence, sentences } from './sentences.js';

export const english: Language = {
  tag: 'en',
  direction: 'ltr',
  // The sentence is its own key.
  words: Object.fromEntries(sentences.map((one) => [one, one])) as Record<Sentence, string>,
};
