import type { JSX } from 'preact';
import { CodeField } from './code-field.js';
import { HiddenFields } from './hidden-fields.js';
import { T, useWords } from './words.js';

/** What setting up an authenticator app takes. */
export interface TotpEnrolmentProps {
  action: string;
  hidden: Record<string, string | undefined>;
  /** See `qrCodeUrl`. */
  qrCode: string;
  /** Base32, for whoever cannot scan. */
  secret: string;
  describedBy?: string;
  /** The text of the button. */
  submit: string;
}

/** Scan or type the key, then prove by a code that the app has it. */
export function TotpEnrolmentForm(props: TotpEnrolmentProps): JSX.Element {
  const { action, hidden, qrCode, secret, describedBy, submit } = props;
  const { t, said } = useWords();
  return (
    <form method="post" action={action} class="stack">
      <HiddenFields fields={hidden} />
      <ol class="steps">
        <li>
          <T s="Scan this code with your authenticator app." />
        </li>
        <li>
          <T s="Then type the six digits that the app shows." />
        </li>
      </ol>
      <img class="qr" src={qrCode} width={220} height={220} alt={t('QR code that holds the key below')} />
      <details>
        <summary>
          <T s="I can’t scan it" />
        </summary>
        <p class="small">
          <T
            s="Type this key into the app: {secret}"
            secret={<code id="totp-secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>}
          />
        </p>
      </details>
      <CodeField id="code" label="Code" describedBy={describedBy} />
      <button class="button" id="totp-submit" type="submit">
        {said(submit)}
      </button>
    </form>
  );
}
