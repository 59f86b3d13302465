import type { Dressing } from '../../platform/branding/branding.js';
import { type Letter, type Said, sayIn } from '../../platform/mail/compose.js';
import type { Language } from '../../platform/languages/language.js';
import { duration } from '../../platform/languages/languages.js';
import type { Sentence } from '../../platform/languages/sentences.js';

/** To whom, and in whose name. */
export interface Envelope {
  to: string;
  /** How the person is called; absent for somebody who is new here. */
  name?: string;
  /** The name of the site. */
  service: string;
  /** The person's. */
  language: Language;
  /** The application on the way to which they asked for the mail. */
  client?: Dressing | undefined;
}

const NOT_YOU = 'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.';

/** A link that signs in, in the browser that asked for it. @param minutes how long it is good. */
export function magicLinkLetter(envelope: Envelope, url: string, minutes: number): Letter {
  const t = wordsFor(envelope, { minutes });
  return {
    ...envelope,
    subject: t('Sign in to {service}'),
    paragraphs: [
      t('Use this link to sign in. It works once, within {minutes}, in the browser in which you asked for it.'),
      t(NOT_YOU),
    ],
    action: { label: t('Sign in'), url },
  };
}

/** A code that signs in, where it was asked for. */
export function emailCodeLetter(envelope: Envelope, code: string, minutes: number): Letter {
  const t = wordsFor(envelope, { minutes });
  return {
    ...envelope,
    subject: t('Your code for {service}'),
    paragraphs: [
      t('Type this code on the page on which you asked for it. It works once, within {minutes}.'),
      t('Nobody from {service} will ever ask you for it.'),
      t(NOT_YOU),
    ],
    code,
  };
}

/** A link to a new password. */
export function passwordResetLetter(envelope: Envelope, url: string, minutes: number): Letter {
  const t = wordsFor(envelope, { minutes });
  return {
    ...envelope,
    subject: t('A new password for {service}'),
    paragraphs: [
      t(
        'Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within {minutes}.',
      ),
      t('If it was not you, do nothing: your password stays as it is.'),
    ],
    action: { label: t('Choose a new password'), url },
  };
}

/** For somebody who has no password that could be forgotten. */
export function noPasswordLetter(envelope: Envelope, url: string): Letter {
  const t = wordsFor(envelope);
  return {
    ...envelope,
    subject: t('How you sign in to {service}'),
    paragraphs: [
      t('Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.'),
      t('Open the sign-in page and choose the way you always do.'),
    ],
    action: { label: t('Sign in'), url },
  };
}

/** A link that goes on with a sign-up: the address is proved. */
export function signUpLetter(envelope: Envelope, url: string, hours: number): Letter {
  const t = wordsFor(envelope, { hours });
  return {
    ...envelope,
    subject: t('Your account at {service}'),
    paragraphs: [
      t('Somebody, hopefully you, wants to make an account with this address. Go on with this link within {hours}.'),
      t('If it was not you, do nothing, and there will be no account.'),
    ],
    action: { label: t('Make my account'), url },
  };
}

/** For somebody who signs up and has an account. */
export function alreadySignedUpLetter(envelope: Envelope, url: string): Letter {
  const t = wordsFor(envelope);
  return {
    ...envelope,
    subject: t('Your account at {service}'),
    paragraphs: [
      t(
        'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.',
      ),
      t('If it was not you, do nothing.'),
    ],
    action: { label: t('Sign in'), url },
  };
}

/** Sentences in the language of the letter, with the site's name and how long something is good. */
function wordsFor(
  { language, service }: Envelope,
  { minutes, hours }: { minutes?: number; hours?: number } = {},
): (sentence: Sentence) => Said {
  const values = {
    service,
    ...(minutes === undefined ? {} : { minutes: duration(language, minutes, 'minute') }),
    ...(hours === undefined ? {} : { hours: duration(language, hours, 'hour') }),
  };
  return (sentence) => sayIn(language, sentence, values);
}
