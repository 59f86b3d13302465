import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { T } from '../../platform/pages/words.js';
import { UsernameField } from './username-field.js';

/** What the form of name and password needs. */
export interface PasswordFormProps {
  /** URL that the form is posted to. */
  action: string;
  hidden: Record<string, string | undefined>;
  /** Fills the field in (a `login_hint`, or what was typed before); the person may always change it. */
  username?: string;
  /** The id of the element that says why the last attempt was refused. */
  describedBy?: string;
  /** Where a forgotten password leads. */
  forgotUrl?: string;
}

/** Name and password. Names and ids are a stable contract: `username`, `password`, `csrf`, `interaction`, `login-submit`. */
export function PasswordForm({ action, hidden, username, describedBy, forgotUrl }: PasswordFormProps): JSX.Element {
  return (
    <form method="post" action={action} class="stack">
      <HiddenFields fields={hidden} />
      <UsernameField value={username} describedBy={describedBy} autofocus={!username} known />
      <div>
        <label for="password">
          <T s="Password" />
        </label>
        <input
          class="field"
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autofocus={!!username}
          aria-describedby={describedBy}
        />
      </div>
      <button class="button" id="login-submit" type="submit">
        <T s="Sign in" />
      </button>
      {forgotUrl !== undefined && (
        <p class="small">
          <a href={forgotUrl}>
            <T s="Forgot your password?" />
          </a>
        </p>
      )}
    </form>
  );
}
