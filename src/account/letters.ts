import type { Language } from '../platform/languages/language.js';
import { duration, say } from '../platform/languages/languages.js';
import { type Letter, sayIn } from '../platform/mail/compose.js';

/** To whom, and in whose name. */
export interface Envelope {
  to: string;
  /** How the person is called. */
  name: string;
  /** The name of the site. */
  service: string;
  /** The person's. */
  language: Language;
}

/** To the address that is to be a person's: only who reads it can say that it is. */
export function confirmAddressLetter(envelope: Envelope, url: string, hours: number): Letter {
  const { language, service } = envelope;
  return {
    ...envelope,
    subject: `${say(language, 'Is this your address?')} (${service})`,
    paragraphs: [
      sayIn(
        language,
        'Somebody, hopefully you, says that this is the email address of their account at {service}. Confirm it within {hours}, signed in to that account.',
        { service, hours: duration(language, hours, 'hour') },
      ),
      sayIn(language, 'If it was not you, do nothing.'),
    ],
    action: { label: say(language, 'Confirm this address'), url },
  };
}

/** To an address that has an account, when somebody wants it for another. */
export function addressIsTakenLetter(envelope: Envelope): Letter {
  const { language, service } = envelope;
  return {
    ...envelope,
    subject: say(language, 'Your address at {service}', { service }),
    paragraphs: [
      sayIn(
        language,
        'Somebody wanted to use this email address for another account at {service}. It is the address of your account, and stays that.',
        { service },
      ),
      sayIn(
        language,
        'If that was you, sign in to the account that has this address, and remove or change it there first.',
      ),
    ],
  };
}

/** To the address that was a person's: there is a way back. */
export function addressChangedLetter(envelope: Envelope, newAddress: string, url: string, days: number): Letter {
  const { language, service } = envelope;
  return {
    ...envelope,
    subject: `${say(language, 'Your email address was changed')} (${service})`,
    paragraphs: [
      sayIn(language, 'The email address of your account is {email} now; mails go there.', { email: newAddress }),
      sayIn(
        language,
        'If that was you, there is nothing to do. If it was not, undo it within {days}: your account gets this address back and is signed out everywhere. Then choose a new password.',
        { days: duration(language, days, 'day') },
      ),
    ],
    action: { label: say(language, 'That was not me: undo it'), url },
  };
}
