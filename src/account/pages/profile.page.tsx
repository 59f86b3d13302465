import type { JSX } from 'preact';
import type { Sentence } from '../../platform/languages/sentences.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
import type { Profile } from '../../users/users.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

export const CLAIM_LENGTH = 200;

const FIELDS: readonly (readonly [keyof Profile, Sentence, string])[] = [
  ['name', 'Full name', 'name'],
  ['given_name', 'Given name', 'given-name'],
  ['family_name', 'Family name', 'family-name'],
  ['nickname', 'Nickname', 'nickname'],
];

/** What a person calls themselves, as applications see it that may. */
export function ProfilePage({
  csrf,
  username,
  profile,
  error,
  saved = false,
}: {
  csrf: string;
  username: string;
  profile: Profile;
  error?: string;
  saved?: boolean;
}): JSX.Element {
  return (
    <AccountPage title="Your profile" error={error}>
      {saved && (
        <p class="notice" role="status">
          <T s="Saved. Applications see it when they look next." />
        </p>
      )}
      <p class="muted">
        <T
          s="You sign in as {name}. Applications that you let see your profile see this:"
          name={<Text value={username} />}
        />
      </p>
      <form method="post" action="/account/profile" class="stack">
        <HiddenFields fields={{ csrf }} />
        {FIELDS.map(([claim, label, autocomplete]) => (
          <div>
            <label for={claim}>
              <T s={label} />
            </label>
            <input
              class="field"
              id={claim}
              name={claim}
              type="text"
              value={profile[claim]}
              maxlength={CLAIM_LENGTH}
              autocomplete={autocomplete}
              dir="auto"
              aria-describedby={error === undefined ? undefined : PROBLEM_ID}
            />
          </div>
        ))}
        <button class="button" id="profile-submit" type="submit">
          <T s="Save" />
        </button>
      </form>
    </AccountPage>
  );
}
