import type { JSX } from 'preact';
import { TotpEnrolmentForm } from '../../platform/pages/totp-enrolment.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

/** Setting up an authenticator app. */
export function AuthenticatorPage({
  hidden,
  qrCode,
  secret,
  error,
}: {
  hidden: Record<string, string>;
  qrCode: string;
  secret: string;
  error?: string;
}): JSX.Element {
  return (
    <AccountPage title="Add an authenticator app" error={error}>
      <TotpEnrolmentForm
        action="/account/authenticator/new"
        hidden={hidden}
        qrCode={qrCode}
        secret={secret}
        describedBy={error === undefined ? undefined : PROBLEM_ID}
        submit="Add this app"
      />
    </AccountPage>
  );
}
