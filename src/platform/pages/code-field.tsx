import type { JSX } from 'preact';
import { Said } from './words.js';

/** A field for a short code of digits, which phones and password managers fill in. */
export function CodeField({
  id,
  label,
  describedBy,
  autofocus = true,
}: {
  id: string;
  label: string;
  describedBy?: string;
  autofocus?: boolean;
}): JSX.Element {
  return (
    <div>
      <label for={id}>
        <Said text={label} />
      </label>
      <input
        class="field code"
        id={id}
        name="code"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxlength={32}
        required
        autofocus={autofocus}
        aria-describedby={describedBy}
      />
    </div>
  );
}
