import type { JSX } from 'preact';
import { ClientName, type ClientView } from '../../platform/pages/client-view.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { linkUrl } from '../../platform/pages/web-url.js';

/** What the sign-out confirmation needs. */
export interface SignOutPageProps {
  /** URL that the form is posted to. */
  action: string;
  csrfToken: string;
  /** The application that asks for the sign-out, when it is known for certain. */
  client?: ClientView;
  /** Further values that the form brings back unchanged (for example `state`). */
  fields?: Record<string, string>;
  user?: { name: string; username: string };
  /** Where a person goes who stays signed in; the provider's start page when left out. */
  stayUrl?: string;
}

/** OpenID Connect RP-Initiated Logout §2: asks before it signs out. The button's id `logout-confirm` is a stable contract. */
export function SignOutPage({
  action,
  csrfToken,
  client,
  fields = {},
  user,
  stayUrl = '/',
}: SignOutPageProps): JSX.Element {
  return (
    <GatePage title="Sign out · Gatehouse">
      <h1>Sign out?</h1>
      {client && (
        <p>
          <strong>
            <ClientName client={client} />
          </strong>{' '}
          asks to sign you out.
        </p>
      )}
      <p class="muted">
        {user && (
          <>
            You are signed in as <Text value={user.name} fallback={user.username} /> (<Text value={user.username} />
            ).{' '}
          </>
        )}
        After this, applications in this browser will ask you to sign in again.
      </p>
      <form method="post" action={action} class="actions">
        <HiddenFields fields={{ ...fields, csrf: csrfToken }} />
        <button class="button" id="logout-confirm" type="submit">
          Sign out
        </button>
        <a class="button quiet" href={stayUrl}>
          Stay signed in
        </a>
      </form>
    </GatePage>
  );
}

/** What the page after a sign-out shows. */
export interface SignedOutPageProps {
  /** The application the person came from, when it is known for certain. */
  client?: ClientView;
  /** A registered URL of the client; shown as a link only when it is `http:`, `https:` or a path of this site. */
  returnUrl?: string;
}

/** Says that the sign-out is done. The text "signed out" is a stable contract. */
export function SignedOutPage({ client, returnUrl }: SignedOutPageProps): JSX.Element {
  const href = linkUrl(returnUrl);
  return (
    <GatePage title="Signed out · Gatehouse">
      <h1>You are signed out</h1>
      <p class="muted">The gate is closed. On a shared computer, close the browser’s windows as well.</p>
      {href && (
        <a class="button" href={href}>
          {client ? (
            <span>
              Back to <ClientName client={client} />
            </span>
          ) : (
            'Back to the application'
          )}
        </a>
      )}
    </GatePage>
  );
}
