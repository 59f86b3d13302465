import type { Language } from './language.js';
import { type Sentence, sentences } from './sentences.js';

export const english: Language = {
  tag: 'en',
  name: 'English',
  direction: 'ltr',
  words: {
    // The sentence is its own key.
    ...(Object.fromEntries(sentences.map((one) => [one, one])) as Record<Sentence, string>),
    '{count} recovery codes left.': {
      by: 'count',
      one: '{count} recovery code left.',
      other: '{count} recovery codes left.',
    },
    'You have {count} codes left. A new set makes them worthless.': {
      by: 'count',
      one: 'You have {count} code left. A new set makes it worthless.',
      other: 'You have {count} codes left. A new set makes them worthless.',
    },
    '{enforced} of {applications} applications enforced it.': {
      by: 'applications',
      one: '{enforced} of {applications} application enforced it.',
      other: '{enforced} of {applications} applications enforced it.',
    },
    '{enforced} of {applications} applications enforced it, in {time}.': {
      by: 'applications',
      one: '{enforced} of {applications} application enforced it, in {time}.',
      other: '{enforced} of {applications} applications enforced it, in {time}.',
    },
  },
};
