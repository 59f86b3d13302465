import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
import { T } from '../../platform/pages/words.js';
import { AccountPage, PROBLEM_ID } from './account-page.js';

const LONGEST = 254;

/** A person's address, and another one for it. */
export function EmailPage({
  csrf,
  current,
  verified,
  value = current,
  error,
}: {
  csrf: string;
  current?: string;
  verified: boolean;
  value?: string;
  error?: string;
}): JSX.Element {
  return (
    <AccountPage title="Your email address" error={error}>
      {current === undefined ? (
        <p>
          <T s="You have none here yet. Without one nobody can help you back in when you forget your password." />
        </p>
      ) : (
        <p>
          <T
            s={verified ? 'It is {email}.' : 'It is {email}, and not confirmed yet: send yourself the mail below.'}
            email={<Address email={current} />}
          />
        </p>
      )}
      <form method="post" action="/account/email" class="stack">
        <HiddenFields fields={{ csrf }} />
        <div>
          <label for="email">
            <T s={verified ? 'New email address' : 'Email address'} />
          </label>
          <input
            class="field"
            id="email"
            name="email"
            type="text"
            inputmode="email"
            value={verified && error === undefined ? undefined : value}
            autocomplete="email"
            autocapitalize="none"
            spellcheck={false}
            maxlength={LONGEST}
            required
            aria-describedby={error === undefined ? undefined : PROBLEM_ID}
          />
        </div>
        <button class="button" id="email-submit" type="submit">
          <T s="Send a mail to confirm it" />
        </button>
      </form>
    </AccountPage>
  );
}

/** A mail went out, and nothing has changed before its link is opened. */
export function MailOnItsWayPage({ email }: { email: string }): JSX.Element {
  return (
    <AccountPage title="Look into your mail">
      <p>
        <T
          s="A mail is on its way to {email}. Open its link while you are signed in here; until then everything stays as it is."
          email={<Text value={email} longest={LONGEST} />}
        />
      </p>
    </AccountPage>
  );
}

/** What a link of a mail leads to: nothing happens before the button is pressed. */
export function ConfirmEmailPage({
  csrf,
  action,
  email,
  undo,
}: {
  csrf: string;
  action: string;
  email: string;
  /** The old address is given back. */
  undo: boolean;
}): JSX.Element {
  return (
    <AccountPage title={undo ? 'Undo the change' : 'Confirm your email address'} back={!undo}>
      <p>
        <T
          s={
            undo
              ? 'Your account gets this address back, and is signed out everywhere: {email}'
              : 'This becomes the address of your account: {email}'
          }
          email={<Address email={email} />}
        />
      </p>
      <form method="post" action={action}>
        <HiddenFields fields={{ csrf }} />
        <button class="button" id="email-confirm" type="submit">
          <T s={undo ? 'Undo the change' : 'Confirm'} />
        </button>
      </form>
    </AccountPage>
  );
}

/** The change is undone; the account may still be open to somebody else. */
export function EmailUndonePage(): JSX.Element {
  return (
    <AccountPage title="Your address is back" back={false}>
      <p>
        <T s="Your account was signed out everywhere, and what was added since then to sign in with is gone. Somebody knew enough to change it, so choose a new password now: we send a link to this address." />
      </p>
      <a class="button" id="continue" href="/login/forgot-password">
        <T s="Choose a new password" />
      </a>
    </AccountPage>
  );
}

function Address({ email }: { email: string }): JSX.Element {
  return (
    <strong>
      <Text value={email} longest={LONGEST} />
    </strong>
  );
}
