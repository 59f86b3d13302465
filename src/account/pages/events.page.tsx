import type { JSX } from 'preact';
import type { AuditRecord } from '../../audit/audit-event.js';
import type { Sentence } from '../../platform/languages/sentences.js';
import { Moment } from '../../platform/pages/moment.js';
import { Text } from '../../platform/pages/text.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';
import { Device } from './device.js';

const WORDS: Record<AuditRecord['event'], Sentence> = {
  sign_in: 'Signed in',
  sign_in_refused: 'A sign-in was refused',
  signed_out: 'Signed out',
  signed_out_everywhere: 'Signed out everywhere',
  consent_given: 'An application was given access',
  consent_withdrawn: 'Access was taken back from an application',
  profile_changed: 'The profile was changed',
  data_downloaded: 'The data of the account was downloaded',
  credential_added: 'A way to sign in was added',
  credential_renamed: 'A way to sign in was renamed',
  credential_removed: 'A way to sign in was removed',
  credentials_reset: 'All passkeys, apps and codes were removed',
  password_changed: 'The password was changed',
  password_reset_requested: 'A link for a new password was asked for',
  mail_sign_in_requested: 'A mail to sign in was asked for',
  email_change_requested: 'A new email address was entered',
  email_changed: 'The email address was changed',
  email_change_undone: 'The change of the email address was undone',
  email_verified: 'The email address was confirmed',
  user_added: 'The account was made',
  roles_changed: 'The roles of the account were changed',
  user_suspended: 'The account was suspended',
  user_restored: 'The account was restored',
  user_removed: 'The account was removed',
};

const KINDS: Readonly<Record<string, Sentence>> = {
  password: 'Password',
  passkey: 'Passkey',
  totp: 'Authenticator app',
  recovery_codes: 'Recovery codes',
  federated: 'Account of another site',
};

/** What happened to a person's account, latest first. */
export function EventsPage({
  events,
  applications,
}: {
  events: readonly AuditRecord[];
  /** What clients are called, by their ids. */
  applications: ReadonlyMap<string, string>;
}): JSX.Element {
  return (
    <AccountPage title="Recent security events">
      <p class="muted">
        <T s="Is there something that was not you? Change your password, and sign out everywhere." />
      </p>
      <ul class="doors" id="events">
        {events.map(({ at, event, detail, ip, userAgent }) => (
          <li class="entry">
            <strong>
              <T s={wordsFor(event)} />
            </strong>
            <About detail={detail} applications={applications} />
            <div class="small muted">
              {ip === '' ? (
                <T s="{date}, by the operator" date={<Moment at={at} />} />
              ) : (
                <T
                  s="{date}, from {address}, {device}"
                  date={<Moment at={at} />}
                  address={<Text value={ip} />}
                  device={<Device userAgent={userAgent} />}
                />
              )}
            </div>
          </li>
        ))}
      </ul>
    </AccountPage>
  );
}

/** Of something that only a newer version knows, too: while both run, each shows what the other recorded. */
function wordsFor(event: AuditRecord['event']): Sentence {
  return (WORDS as Partial<Record<string, Sentence>>)[event] ?? 'Something about the account changed';
}

/** Which credential, or which application, by what names it. */
function About({
  detail: { kind, client },
  applications,
}: {
  detail: AuditRecord['detail'];
  applications: ReadonlyMap<string, string>;
}): JSX.Element | null {
  if (typeof kind === 'string' && Object.hasOwn(KINDS, kind)) {
    return (
      <div class="small">
        <T s={KINDS[kind]!} />
      </div>
    );
  }
  if (typeof client !== 'string') return null;
  return (
    <div class="small">
      <Text value={applications.get(client) ?? client} />
    </div>
  );
}
