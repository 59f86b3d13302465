import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';
import { Used } from './used.js';

export const NAME_LENGTH = 60;

/** One passkey or authenticator app: its name, and the way to take it away. */
export function CredentialPage({
  csrf,
  kind,
  credential: { id, name, createdAt, lastUsedAt },
  error,
}: {
  csrf: string;
  kind: 'passkey' | 'totp';
  credential: { id: string; name: string; createdAt: number; lastUsedAt?: number };
  error?: string;
}): JSX.Element {
  const action = `/account/credential?${String(new URLSearchParams({ kind, id }))}`;
  return (
    <AccountPage title={kind === 'passkey' ? 'Your passkey' : 'Your authenticator app'} error={error}>
      <p class="muted small">
        <Used createdAt={createdAt} lastUsedAt={lastUsedAt} />
      </p>
      <form method="post" action={action} class="stack">
        <HiddenFields fields={{ csrf, act: 'rename' }} />
        <div>
          <label for="name">
            <T s="Name" />
          </label>
          <input
            class="field"
            id="name"
            name="name"
            type="text"
            value={name}
            maxlength={NAME_LENGTH}
            autocomplete="off"
            required
            aria-describedby={error === undefined ? undefined : PROBLEM_ID}
          />
        </div>
        <button class="button" id="rename-submit" type="submit">
          <T s="Save the name" />
        </button>
      </form>
      <form method="post" action={action} class="stack near">
        <HiddenFields fields={{ csrf, act: 'remove' }} />
        <p class="muted small" id="remove-means">
          <T s="You cannot sign in with it any more. If it is lost, remove it and add another one." />
        </p>
        <button class="button quiet" id="remove-submit" type="submit" aria-describedby="remove-means">
          <T s={kind === 'passkey' ? 'Remove this passkey' : 'Remove this authenticator app'} />
        </button>
      </form>
    </AccountPage>
  );
}
