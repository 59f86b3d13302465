import type { Assurance } from '../interactions/assurance.js';
import type { WaysIn } from '../users/credentials/credential-removal.js';

/** What may begin a sign-in here. */
export function waysIn(assurance: Assurance): WaysIn {
  return {
    password: assurance.uses('password'),
    mail: assurance.uses('magic-link') || assurance.uses('email-code'),
    passkey: assurance.uses('passkey'),
    upstream: assurance.uses('upstream'),
  };
}
