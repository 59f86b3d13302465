import { composeMail } from '../platform/mail/compose.js';
import type { Mail } from '../platform/mail/mail.js';

/** To whom, and in whose name. */
export interface Envelope {
  to: string;
  /** How the person is called. */
  name: string;
  /** The name of the site. */
  service: string;
}

/** To the address that is to be a person's: only who reads it can say that it is. */
export function confirmAddressLetter(envelope: Envelope, url: string, hours: number): Mail {
  return composeMail({
    ...envelope,
    subject: `Is this your address? (${envelope.service})`,
    paragraphs: [
      `Somebody, hopefully you, says that this is the email address of their account at ${envelope.service}. Confirm it within ${hours} hours, signed in to that account.`,
      'If it was not you, do nothing.',
    ],
    action: { label: 'Confirm this address', url },
  });
}

/** To an address that has an account, when somebody wants it for another. */
export function addressIsTakenLetter(envelope: Envelope): Mail {
  return composeMail({
    ...envelope,
    subject: `Your address at ${envelope.service}`,
    paragraphs: [
      `Somebody wanted to use this email address for another account at ${envelope.service}. It is the address of your account, and stays that.`,
      'If that was you, sign in to the account that has this address, and remove or change it there first.',
    ],
  });
}

/** To the address that was a person's: there is a way back. */
export function addressChangedLetter(envelope: Envelope, newAddress: string, url: string, days: number): Mail {
  return composeMail({
    ...envelope,
    subject: `Your email address was changed (${envelope.service})`,
    paragraphs: [
      `The email address of your account is ${newAddress} now; mails go there.`,
      `If that was you, there is nothing to do. If it was not, undo it within ${days} days: your account gets this address back and is signed out everywhere. Then choose a new password.`,
    ],
    action: { label: 'That was not me: undo it', url },
  });
}
