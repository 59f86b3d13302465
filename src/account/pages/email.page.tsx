import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
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
        <p>You have none here yet. Without one nobody can help you back in when you forget your password.</p>
      ) : (
        <p>
          It is{' '}
          <strong>
            <Text value={current} longest={LONGEST} />
          </strong>
          {verified ? '.' : ', and not confirmed yet: send yourself the mail below.'}
        </p>
      )}
      <form method="post" action="/account/email" class="stack">
        <HiddenFields fields={{ csrf }} />
        <div>
          <label for="email">{verified ? 'New email address' : 'Email address'}</label>
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
          Send a mail to confirm it
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
        A mail is on its way to <Text value={email} longest={LONGEST} />. Open its link while you are signed in here;
        until then everything stays as it is.
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
        {undo
          ? 'Your account gets this address back, and is signed out everywhere: '
          : 'This becomes the address of your account: '}
        <strong>
          <Text value={email} longest={LONGEST} />
        </strong>
      </p>
      <form method="post" action={action}>
        <HiddenFields fields={{ csrf }} />
        <button class="button" id="email-confirm" type="submit">
          {undo ? 'Undo the change' : 'Confirm'}
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
        Your account was signed out everywhere. Somebody knew enough to change it, so choose a new password now: we send
        a link to this address.
      </p>
      <a class="button" id="continue" href="/login/forgot-password">
        Choose a new password
      </a>
    </AccountPage>
  );
}
