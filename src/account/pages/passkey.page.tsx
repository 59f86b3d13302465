import type { JSX } from 'preact';
import { WebAuthnForm } from '../../platform/pages/webauthn-form.js';
import { T, useWords } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';

/** Adding a passkey or a security key. */
export function PasskeyPage({
  csrf,
  options,
  script,
  error,
}: {
  csrf: string;
  /** What `navigator.credentials.create` is given. */
  options: object;
  script: string;
  error?: string;
}): JSX.Element {
  return (
    <AccountPage title="Add a passkey" error={error} scripts={[script]}>
      <p>
        <T s="A passkey signs you in with the lock of this device, or with a security key. It works on this site alone, so nobody can talk you out of it." />
      </p>
      <noscript>
        <p class="notice">
          <T s="Passkeys need JavaScript. Turn it on for this page, or use an authenticator app instead." />
        </p>
      </noscript>
      <WebAuthnForm
        ceremony="create"
        id="passkey-form"
        action="/account/passkey/new"
        hidden={{ csrf }}
        options={options}
        problem="No passkey was made. Try again."
        known="This device or security key is one of your passkeys already."
      >
        <div>
          <label for="name">
            <T s="Name" />
          </label>
          <NameField />
        </div>
        <button class="button" id="passkey-submit" type="submit">
          <T s="Add a passkey" />
        </button>
      </WebAuthnForm>
    </AccountPage>
  );
}

function NameField(): JSX.Element {
  return (
    <input
      class="field"
      id="name"
      name="name"
      type="text"
      maxlength={60}
      placeholder={useWords().t('For example: laptop')}
      autocomplete="off"
    />
  );
}
