import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';

/** Everything that is kept about a person, to take along. */
export function DataPage({ csrf }: { csrf: string }): JSX.Element {
  return (
    <AccountPage title="Your data">
      <p>
        <T s="One file, in JSON, with everything that is kept about you here: your profile, how you sign in, where you are signed in, the applications you let in, and what happened to your account. It holds no secrets: no password, no key." />
      </p>
      <form method="post" action="/account/data">
        <HiddenFields fields={{ csrf }} />
        <button class="button" id="data-download" type="submit">
          <T s="Download your data" />
        </button>
      </form>
    </AccountPage>
  );
}
