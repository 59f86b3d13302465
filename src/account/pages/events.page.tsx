import type { JSX } from 'preact';
import type { AuditRecord } from '../../audit/audit-event.js';
import { Moment } from '../../platform/pages/moment.js';
import { Text } from '../../platform/pages/text.js';
import { deviceName } from '../device-name.js';
import { AccountPage } from './account-page.js';

const WORDS: Record<AuditRecord['event'], string> = {
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

const KINDS: Readonly<Record<string, string>> = {
  password: 'password',
  passkey: 'passkey',
  totp: 'authenticator app',
  recovery_codes: 'recovery codes',
  federated: 'account of another site',
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
      <p class="muted">Is there something that was not you? Change your password, and sign out everywhere.</p>
      <ul class="doors" id="events">
        {events.map(({ at, event, detail, ip, userAgent }) => (
          <li class="entry">
            <strong>{WORDS[event]}</strong>
            <About detail={detail} applications={applications} />
            <div class="small muted">
              <Moment at={at} />
              {ip === '' ? (
                <>, by the operator</>
              ) : (
                <>
                  , from <Text value={ip} />, {deviceName(userAgent)}
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </AccountPage>
  );
}

/** Which credential, or which application, by what names it. */
function About({
  detail: { kind, client },
  applications,
}: {
  detail: AuditRecord['detail'];
  applications: ReadonlyMap<string, string>;
}): JSX.Element | null {
  const value =
    typeof kind === 'string' && Object.hasOwn(KINDS, kind)
      ? KINDS[kind]
      : typeof client === 'string'
        ? (applications.get(client) ?? client)
        : undefined;
  if (value === undefined) return null;
  return (
    <div class="small">
      <Text value={value} />
    </div>
  );
}
