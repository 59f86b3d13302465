import type { JSX } from 'preact';
import { T } from './words.js';

/** A field for a password that a person chooses, with what it must be; the hidden username is for password managers. */
export function NewPasswordField({
  username,
  minimumLength,
  describedBy,
}: {
  username?: string;
  /** In characters. */
  minimumLength: number;
  describedBy?: string;
}): JSX.Element {
  return (
    <div>
      {username !== undefined && (
        <input
          type="text"
          class="sr"
          autocomplete="username"
          value={username}
          readonly
          tabindex={-1}
          aria-hidden="true"
        />
      )}
      <label for="new-password">
        <T s="New password" />
      </label>
      <input
        class="field"
        id="new-password"
        name="new-password"
        type="password"
        autocomplete="new-password"
        required
        aria-describedby={describedBy === undefined ? 'password-rules' : `password-rules ${describedBy}`}
      />
      <p class="muted small hint" id="password-rules">
        <T
          s="At least {count} characters, any you like. A few words that do not belong together are easy to remember."
          count={minimumLength}
        />
      </p>
    </div>
  );
}
