import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { NewPasswordField } from '../../platform/pages/new-password-field.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

/** A new password for the person who is signed in. */
export function PasswordPage({
  csrf,
  username,
  minimumLength,
  error,
}: {
  csrf: string;
  username: string;
  minimumLength: number;
  error?: string;
}): JSX.Element {
  return (
    <AccountPage title="Change your password" error={error}>
      <p>
        <T s="You stay signed in here, and are signed out everywhere else." />
      </p>
      <form method="post" action="/account/password" class="stack">
        <HiddenFields fields={{ csrf }} />
        <NewPasswordField
          username={username}
          minimumLength={minimumLength}
          describedBy={error === undefined ? undefined : PROBLEM_ID}
        />
        <button class="button" id="password-submit" type="submit">
          <T s="Change password" />
        </button>
      </form>
    </AccountPage>
  );
}
