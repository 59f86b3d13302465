import type { JSX } from 'preact';
import { CodeField } from '../../platform/pages/code-field.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
import { REFUSAL_ID } from './refusal.js';
import { StepPage } from './step.page.js';
import { Said, T } from '../../platform/pages/words.js';

type Hidden = Record<string, string | undefined>;

/** Asks for the name or the address that a mail is to go to. */
export function MailRequestPage({
  title,
  intro,
  action,
  hidden,
  submit,
  backUrl,
  field = { label: 'Username or email address', name: 'username' },
  value,
  error,
}: {
  title: string;
  intro: string;
  action: string;
  hidden: Hidden;
  submit: string;
  backUrl: string;
  field?: { label: string; name: 'username' | 'email' };
  value?: string;
  error?: string;
}): JSX.Element {
  return (
    <StepPage title={title} error={error} back={{ label: 'Back to sign-in', url: backUrl }}>
      <p class="muted">
        <Said text={intro} />
      </p>
      <form method="post" action={action} class="stack">
        <HiddenFields fields={hidden} />
        <div>
          <label for={field.name}>
            <Said text={field.label} />
          </label>
          <input
            class="field"
            id={field.name}
            name={field.name}
            type="text"
            inputmode="email"
            value={value}
            autocomplete={field.name}
            autocapitalize="none"
            spellcheck={false}
            maxlength={254}
            required
            autofocus
            aria-describedby={error === undefined ? undefined : REFUSAL_ID}
          />
        </div>
        <button class="button" id="mail-submit" type="submit">
          <Said text={submit} />
        </button>
      </form>
    </StepPage>
  );
}

/** The same for everybody: whether a mail was sent is told by the mailbox alone. */
export function MailSentPage({ intro, backUrl }: { intro: string; backUrl: string }): JSX.Element {
  return (
    <StepPage title="Look into your mail" back={{ label: 'Back to sign-in', url: backUrl }}>
      <p>
        <Said text={intro} />
      </p>
      <p class="muted">
        <T s="Nothing there? Look into the folder for unwanted mail. We write only to an address that is known to be yours, and not more than a few times in a quarter of an hour." />
      </p>
    </StepPage>
  );
}

/** Where the code of a mail is typed. */
export function EmailCodePage({
  action,
  hidden,
  againUrl,
  error,
  correlationId,
}: {
  action: string;
  hidden: Hidden;
  againUrl: string;
  error?: string;
  correlationId?: string;
}): JSX.Element {
  return (
    <StepPage
      title="Type the code"
      error={error}
      correlationId={correlationId}
      back={{ label: 'Send another code', url: againUrl }}
    >
      <p class="muted">
        <T s="If there is such an account, a code is on its way to its email address." />
      </p>
      <form method="post" action={action} class="stack">
        <HiddenFields fields={hidden} />
        <CodeField
          id="email-code"
          label="Code from the mail"
          describedBy={error === undefined ? undefined : REFUSAL_ID}
        />
        <button class="button" id="email-code-submit" type="submit">
          <T s="Sign in" />
        </button>
      </form>
    </StepPage>
  );
}

/** What a link of a mail leads to: nothing happens before the button is pressed, so a scanner of mails does nothing. */
export function MagicLinkPage({
  action,
  hidden,
  username,
  againUrl,
}: {
  action: string;
  hidden: Hidden;
  username: string;
  againUrl: string;
}): JSX.Element {
  return (
    <StepPage title="Sign in" back={{ label: 'Sign in another way', url: againUrl }}>
      <p>
        <T s="You asked for this link to sign in as {name}." name={<Text value={username} />} />
      </p>
      <form method="post" action={action}>
        <HiddenFields fields={hidden} />
        <button class="button" id="magic-link-submit" type="submit" autofocus>
          <T s="Sign in" />
        </button>
      </form>
    </StepPage>
  );
}
