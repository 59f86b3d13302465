import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { NewPasswordField } from '../../platform/pages/new-password-field.js';
import { Text } from '../../platform/pages/text.js';
import { REFUSAL_ID } from './refusal.js';
import { StepPage } from './step.page.js';
import { T } from '../../platform/pages/words.js';
import { UsernameField } from './username-field.js';

/** The rest of a sign-up: the address is proved; a name and a password are chosen. */
export function NewAccountPage({
  hidden,
  email,
  minimumLength,
  username,
  name,
  error,
}: {
  hidden: Record<string, string>;
  email: string;
  minimumLength: number;
  username?: string;
  name?: string;
  error?: string;
}): JSX.Element {
  const describedBy = error === undefined ? undefined : REFUSAL_ID;
  return (
    <StepPage title="Your account" error={error}>
      <p class="muted">
        <T s="Your address is {email}." email={<Text value={email} longest={254} />} />
      </p>
      <form method="post" action="/login/sign-up/complete" class="stack">
        <HiddenFields fields={hidden} />
        <UsernameField value={username} describedBy={describedBy} autofocus />
        <div>
          <label for="name">
            <T s="Your name (if you like)" />
          </label>
          <input class="field" id="name" name="name" type="text" value={name} autocomplete="name" maxlength={200} />
        </div>
        <NewPasswordField minimumLength={minimumLength} describedBy={describedBy} />
        <button class="button" id="sign-up-submit" type="submit">
          <T s="Make my account" />
        </button>
      </form>
    </StepPage>
  );
}
