import type { JSX } from 'preact';
import type { Sentence } from '../../platform/languages/sentences.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { displayText, Text } from '../../platform/pages/text.js';
import type { Profile } from '../../users/users.js';
import { languages, standard } from '../../platform/languages/languages.js';
import { T, useWords } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

export const CLAIM_LENGTH = 200;

const FIELDS: readonly (readonly [Exclude<keyof Profile, 'locale'>, Sentence, string])[] = [
  ['name', 'Full name', 'name'],
  ['given_name', 'Given name', 'given-name'],
  ['family_name', 'Family name', 'family-name'],
  ['nickname', 'Nickname', 'nickname'],
];

/** What a person calls themselves, and the language that they want, as applications see it that may. */
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
        <LanguageField locale={profile.locale} />
        <button class="button" id="profile-submit" type="submit">
          <T s="Save" />
        </button>
      </form>
    </AccountPage>
  );
}

/** Every language, by the name that it has for itself; and one that somebody else has set, although our pages lack it. */
function LanguageField({ locale }: { locale: string | undefined }): JSX.Element {
  const { language } = useWords();
  const isOther = locale !== undefined && !languages.some(({ tag }) => tag === locale);
  return (
    <div>
      <label for="locale">
        <T s="Language" />
      </label>
      <select class="field" id="locale" name="locale" autocomplete="language" aria-describedby="locale-hint">
        <option value="" selected={locale === undefined}>
          <T s="As the browser asks" />
        </option>
        {languages.map(({ tag, name }) => (
          <option value={tag} lang={tag} selected={tag === locale}>
            {name}
          </option>
        ))}
        {isOther && (
          <option value={locale} selected>
            {nameOf(locale, language.tag)}
          </option>
        )}
      </select>
      <p class="muted small hint" id="locale-hint">
        <T s="Of our pages when you are signed in, and of the mails that we write to you." />
      </p>
    </div>
  );
}

/** What a language tag is called in a language; the tag itself where it is none. */
function nameOf(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames(standard(language), { type: 'language' }).of(tag) ?? tag;
  } catch {
    return displayText(tag);
  }
}
