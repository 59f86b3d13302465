import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { NewPasswordField } from '../../platform/pages/new-password-field.js';
import { REFUSAL_ID } from './refusal.js';
import { StepPage } from './step.page.js';
import { T } from '../../platform/pages/words.js';

/** A new password for somebody who forgot theirs. */
export function NewPasswordPage({
  hidden,
  username,
  minimumLength,
  error,
}: {
  hidden: Record<string, string>;
  username: string;
  minimumLength: number;
  error?: string;
}): JSX.Element {
  return (
    <StepPage title="Choose a new password" error={error}>
      <p>
        <T s="You are signed out everywhere, and sign in with the new password then." />
      </p>
      <form method="post" action="/login/reset-password" class="stack">
        <HiddenFields fields={hidden} />
        <NewPasswordField
          username={username}
          minimumLength={minimumLength}
          describedBy={error === undefined ? undefined : REFUSAL_ID}
        />
        <button class="button" id="password-submit" type="submit">
          <T s="Set the new password" />
        </button>
      </form>
    </StepPage>
  );
}

/** It is done; nobody is signed in by it. */
export function PasswordIsNewPage(): JSX.Element {
  return (
    <StepPage title="Your password is new">
      <p>
        <T s="You were signed out everywhere. Sign in with the new password." />
      </p>
      <a class="button" id="continue" href="/login">
        <T s="Sign in" />
      </a>
    </StepPage>
  );
}
