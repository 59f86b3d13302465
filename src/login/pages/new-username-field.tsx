import type { JSX } from 'preact';
import { LONGEST_USERNAME } from '../../users/canonical-username.js';
import { T } from '../../platform/pages/words.js';

export interface NewUsernameFieldProps {
  value: string | undefined;
  /** The element that says what was wrong with it. */
  describedBy: string | undefined;
  autofocus?: boolean;
}

/** Where somebody chooses the username of a new account. */
export function NewUsernameField({ value, describedBy, autofocus = false }: NewUsernameFieldProps): JSX.Element {
  return (
    <div>
      <label for="username">
        <T s="Username" />
      </label>
      <input
        class="field"
        id="username"
        name="username"
        type="text"
        value={value}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxlength={LONGEST_USERNAME}
        required
        autofocus={autofocus}
        aria-describedby={describedBy}
      />
    </div>
  );
}
