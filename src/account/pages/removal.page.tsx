import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';
import { InEnglish } from '../../platform/pages/words.js';

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
        Your account is gone for good, with your profile, all you sign in with, and what applications may do for you.
        You are signed out everywhere. What applications keep about you themselves, only they can remove.
      </p>
      <p>
        <a href="/account/data">Download your data</a> first, if you want to keep it.
      </p>
      <form method="post" action="/account/removal" class="stack">
        <HiddenFields fields={{ csrf }} />
        <div>
          <label for="username">
            Type your username, <Text value={username} />, to confirm
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
          Remove my account for good
        </button>
      </form>
    </AccountPage>
  );
}

/** There is nobody any more. */
export function RemovedPage(): JSX.Element {
  return (
    <InEnglish>
      <GatePage title="Account removed · Gatehouse">
        <h1>Your account is removed</h1>
        <p class="muted">
          You are signed out everywhere, and nothing that was given in your name is worth anything now.
        </p>
        <a class="button" id="continue" href="/">
          Start page
        </a>
      </GatePage>
    </InEnglish>
  );
}
