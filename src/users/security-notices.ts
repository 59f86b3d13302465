import { Injectable } from '@nestjs/common';
import type { Queryable } from '../platform/database/database.js';
import type { Language } from '../platform/languages/language.js';
import { say } from '../platform/languages/languages.js';
import type { Sentence } from '../platform/languages/sentences.js';
import { type Letter, sayIn } from '../platform/mail/compose.js';
import { Mails } from '../platform/mail/mails.js';
import { verifiedEmail } from './canonical-email.js';
import { PersonLanguages } from './person-languages.js';
import type { User } from './users.js';

/** What happened to an account, as its owner is told. */
export type SecurityNotice =
  | 'password_changed'
  | 'passkey_added'
  | 'authenticator_added'
  | 'passkey_removed'
  | 'authenticator_removed'
  | 'recovery_codes_made'
  | 'recovery_code_used'
  | 'federated_added'
  | 'factors_reset'
  | 'federated_removed'
  | 'account_removed';

const WORDS: Record<SecurityNotice, { subject: Sentence; sentence: Sentence }> = {
  password_changed: {
    subject: 'Your password was changed',
    sentence: 'The password of your account was changed, and it was signed out everywhere else.',
  },
  passkey_added: { subject: 'A passkey was added', sentence: 'A passkey was added to your account.' },
  authenticator_added: {
    subject: 'An authenticator app was added',
    sentence: 'An authenticator app was added to your account.',
  },
  passkey_removed: { subject: 'A passkey was removed', sentence: 'A passkey was removed from your account.' },
  authenticator_removed: {
    subject: 'An authenticator app was removed',
    sentence: 'An authenticator app was removed from your account.',
  },
  recovery_codes_made: {
    subject: 'New recovery codes were made',
    sentence: 'New recovery codes were made for your account; the old ones are worthless.',
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    sentence: 'Somebody signed in to your account with one of its recovery codes.',
  },
  federated_added: {
    subject: 'A way to sign in was added',
    sentence: 'Your account can now be signed in to with an account of another site.',
  },
  factors_reset: {
    subject: 'Your ways to sign in were reset',
    sentence:
      'All passkeys, authenticator apps and recovery codes of your account were removed by whoever runs this site, and you were signed out everywhere.',
  },
  federated_removed: {
    subject: 'A way to sign in was removed',
    sentence: 'An account of another site was unlinked from your account.',
  },
  account_removed: { subject: 'Your account was removed', sentence: 'Your account was removed, with all it held.' },
};

const WITH_ACCOUNT: Sentence =
  'If that was you, there is nothing to do. If it was not, change your password at once: it signs everybody out.';
/** Nobody can sign in to it any more, to change anything. */
const WITHOUT_ACCOUNT: Sentence =
  'If that was you, there is nothing to do. If it was not, write to whoever runs this site at once.';

/** Where a person can go when it was not them. It is its own injection token. */
export class NoticeSettings {
  constructor(
    /** The issuer's origin, from which all links are made. */
    readonly origin: string,
    /** The name of the site. */
    readonly serviceName: string,
  ) {}
}

/** Tells people by mail what happened to their account, so that whoever did not do it themselves finds out. */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly mails: Mails,
    private readonly settings: NoticeSettings,
    private readonly languages: PersonLanguages,
  ) {}

  /**
   * Writes to the person's proved address, if there is one, in their own language.
   * @param page the language of the page on which it happened: for somebody of whom no language is known.
   * @param queryable the transaction of what happened.
   */
  async tell(user: User, notice: SecurityNotice, page: Language | undefined, queryable?: Queryable): Promise<void> {
    const to = verifiedEmail(user);
    if (to === undefined || !this.mails.configured) return;
    const language = await this.languages.of(user, page, queryable);
    const { subject, sentence } = WORDS[notice];
    const isGone = notice === 'account_removed';
    const { origin, serviceName } = this.settings;
    const letter: Letter = {
      to,
      subject: `${say(language, subject)} (${serviceName})`,
      service: serviceName,
      name: nameOf(user),
      language,
      paragraphs: [sayIn(language, sentence), sayIn(language, isGone ? WITHOUT_ACCOUNT : WITH_ACCOUNT)],
      ...(isGone ? {} : { action: { label: say(language, 'Your account'), url: `${origin}/account` } }),
    };
    await this.mails.enqueue(letter, queryable);
  }
}

/** How a person is called in a mail. */
export function nameOf({ username, claims }: User): string {
  return typeof claims['name'] === 'string' ? claims['name'] : username;
}
