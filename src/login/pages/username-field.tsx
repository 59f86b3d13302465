import type { JSX } from 'preact';
import { LONGEST_USERNAME } from '../../users/canonical-username.js';
import { T } from '../../platform/pages/words.js';

export interface UsernameFieldProps {
  value: string | undefined;
  /** The element that says what was wrong with it. */
  describedBy: string | undefined;
  autofocus?: boolean;
  /** Of somebody who signs in: their browser may offer a passkey. Otherwise it is chosen for a new account. */
  known?: boolean;
}

/** Where somebody types their username, or chooses one. Its id and name, `username`, are a stable contract. */
export function UsernameField({
  value,
  describedBy,
  autofocus = false,
  known = false,
}: UsernameFieldProps): JSX.Element {
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
        autocomplete={known ? 'username webauthn' : 'username'}
        autocapitalize="none"
        spellcheck={false}
        maxlength={known ? undefined : LONGEST_USERNAME}
        required
        autofocus={autofocus}
        aria-describedby={describedBy}
      />
    </div>
  );
}
