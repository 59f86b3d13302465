import { composeMail } from '../../platform/mail/compose.js';
import type { Mail } from '../../platform/mail/mail.js';

/** To whom, and in whose name. */
export interface Envelope {
  to: string;
  /** How the person is called. */
  name: string;
  /** The name of the site. */
  service: string;
}

const NOT_YOU = 'If you did not ask for this, do nothing: it is good for nobody but whoever reads this mail.';

/** A link that signs in, in the browser that asked for it. @param minutes how long it is good. */
export function magicLinkLetter(envelope: Envelope, url: string, minutes: number): Mail {
  return composeMail({
    ...envelope,
    subject: `Sign in to ${envelope.service}`,
    paragraphs: [
      `Use this link to sign in. It works once, within ${minutes} minutes, in the browser in which you asked for it.`,
      NOT_YOU,
    ],
    action: { label: 'Sign in', url },
  });
}

/** A code that signs in, where it was asked for. */
export function emailCodeLetter(envelope: Envelope, code: string, minutes: number): Mail {
  return composeMail({
    ...envelope,
    subject: `Your code for ${envelope.service}`,
    paragraphs: [
      `Type this code on the page on which you asked for it. It works once, within ${minutes} minutes.`,
      `Nobody from ${envelope.service} will ever ask you for it. ${NOT_YOU}`,
    ],
    code,
  });
}

/** A link to a new password. */
export function passwordResetLetter(envelope: Envelope, url: string, minutes: number): Mail {
  return composeMail({
    ...envelope,
    subject: `A new password for ${envelope.service}`,
    paragraphs: [
      `Somebody, hopefully you, forgot the password of your account. Choose a new one with this link within ${minutes} minutes.`,
      'If it was not you, do nothing: your password stays as it is.',
    ],
    action: { label: 'Choose a new password', url },
  });
}

/** For somebody who has no password that could be forgotten. */
export function noPasswordLetter(envelope: Envelope, url: string): Mail {
  return composeMail({
    ...envelope,
    subject: `How you sign in to ${envelope.service}`,
    paragraphs: [
      'Somebody, hopefully you, forgot the password of your account. It has none: you sign in another way.',
      'Open the sign-in page and choose the way you always do.',
    ],
    action: { label: 'Sign in', url },
  });
}

/** A link that goes on with a sign-up: the address is proved. */
export function signUpLetter(envelope: Envelope, url: string, hours: number): Mail {
  return composeMail({
    ...envelope,
    subject: `Your account at ${envelope.service}`,
    paragraphs: [
      `Somebody, hopefully you, wants to make an account with this address. Go on with this link within ${hours} hours.`,
      'If it was not you, do nothing, and there will be no account.',
    ],
    action: { label: 'Make my account', url },
  });
}

/** For somebody who signs up and has an account. */
export function alreadySignedUpLetter(envelope: Envelope, url: string): Mail {
  return composeMail({
    ...envelope,
    subject: `Your account at ${envelope.service}`,
    paragraphs: [
      'Somebody, hopefully you, wanted to make an account with this address. There is one already: sign in, or choose a new password if you forgot yours.',
      'If it was not you, do nothing.',
    ],
    action: { label: 'Sign in', url },
  });
}
