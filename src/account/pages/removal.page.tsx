import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

/** Asks before an account is gone for good. */
export function RemovalPage({
  csrf,
  username,
  error,
}: {
  csrf: string;
  username: string;
  error?: string;
}): JSX.Element {
  return (
    <AccountPage title="Remove your account" error={error}>
      <p>
        <T s="Your account is gone for good, with your profile, all you sign in with, and what applications may do for you. You are signed out everywhere. What applications keep about you themselves, only they can remove." />
      </p>
      <p>
        <a href="/account/data">
          <T s="Download your data first, if you want to keep it." />
        </a>
      </p>
      <form method="post" action="/account/removal" class="stack">
        <HiddenFields fields={{ csrf }} />
        <div>
          <label for="username">
            <T s="Type your username, {username}, to confirm" username={<Text value={username} />} />
          </label>
          <input
            class="field"
            id="username"
            name="username"
            type="text"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            dir="auto"
            required
            aria-describedby={error === undefined ? undefined : PROBLEM_ID}
          />
        </div>
        <button class="button" id="removal-submit" type="submit">
          <T s="Remove my account for good" />
        </button>
      </form>
    </AccountPage>
  );
}

/** There is nobody any more. */
export function RemovedPage(): JSX.Element {
  return (
    <GatePage page="account" title="Account removed">
      <h1>
        <T s="Your account is removed" />
      </h1>
      <p class="muted">
        <T s="You are signed out everywhere, and nothing that was given in your name is worth anything now." />
      </p>
      <a class="button" id="continue" href="/">
        <T s="Start page" />
      </a>
    </GatePage>
  );
}
