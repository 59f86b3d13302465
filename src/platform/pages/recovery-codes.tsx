import type { JSX } from 'preact';
import { T } from './words.js';

/** The codes, shown this once. */
export function RecoveryCodeList({ codes }: { codes: readonly string[] }): JSX.Element {
  return (
    <>
      <p class="notice">
        <T s="Keep these codes where your phone is not: printed, or in a password manager. Each signs you in once when your second factor is gone. They are not shown again." />
      </p>
      <ol class="codes box" id="recovery-codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
