import type { MailTransport } from '../../platform/mail/mail.js';
import { SmtpTransport } from '../../platform/mail/smtp-transport.js';
import type { IdentityProviderConfig } from './config.js';

/** What carries mails, by the settings. */
export function carrierOf(mail: NonNullable<IdentityProviderConfig['mail']>): MailTransport | 'outbox' {
  return mail === 'outbox' ? mail : new SmtpTransport(mail.smtpUrl, mail.from);
}
