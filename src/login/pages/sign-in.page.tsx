import type { JSX } from 'preact';
import { ClientBadge, ClientLinks, type ClientView } from '../../platform/pages/client-view.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';

/** What the sign-in form needs. */
export interface SignInPageProps {
  /** URL that the form is posted to. */
  action: string;
  csrfToken: string;
  /** The opaque id of the interaction that waits for this sign-in. */
  interaction?: string;
  /** Fills the field in (a `login_hint`, or what was typed before); the person may always change it. */
  username?: string;
  /** The application that asked for the sign-in, if one did. */
  client?: ClientView;
  /** Why the last attempt was refused, in the one wording that fits every cause. */
  error?: string;
  /** Shown with the error, to find the attempt in the log. */
  correlationId?: string;
}

/** The sign-in form. Names and ids are a stable contract: `username`, `password`, `csrf`, `interaction`, `login-submit`. */
export function SignInPage({
  action,
  csrfToken,
  interaction,
  username,
  client,
  error,
  correlationId,
}: SignInPageProps): JSX.Element {
  const describedBy = error === undefined ? undefined : 'sign-in-error';
  return (
    <GatePage title="Sign in · Gatehouse">
      <div class="stack tight">
        <h1>Sign in</h1>
        {client && <p class="muted">to continue to</p>}
      </div>
      {client && <ClientBadge client={client} />}
      {error !== undefined && (
        <div id="sign-in-error" class="notice danger" role="alert">
          <Text value={error} longest={SENTENCE} />
          {correlationId && (
            <div class="small">
              Reference <code>{correlationId}</code>
            </div>
          )}
        </div>
      )}
      <form method="post" action={action} class="stack">
        <HiddenFields fields={{ csrf: csrfToken, interaction }} />
        <div>
          <label for="username">Username</label>
          <input
            class="field"
            id="username"
            name="username"
            type="text"
            value={username}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            autofocus={!username}
            aria-describedby={describedBy}
          />
        </div>
        <div>
          <label for="password">Password</label>
          <input
            class="field"
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            autofocus={!!username}
            aria-describedby={describedBy}
          />
        </div>
        <button class="button" id="login-submit" type="submit">
          Sign in
        </button>
      </form>
      {client && <ClientLinks client={client} />}
    </GatePage>
  );
}
