import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { ClientName, type ClientView } from '../../platform/pages/client-view.js';
import { Enforced } from '../../platform/pages/enforced.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage, Part } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { linkUrl } from '../../platform/pages/web-url.js';
import { T, useWords } from '../../platform/pages/words.js';

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
    <GatePage page="sign-out" title="Sign out · Gatehouse">
      <Part name="heading">
        <h1>
          <T s="Sign out?" />
        </h1>
      </Part>
      <Part name="client">
        {client && (
          <p>
            <T
              s="{client} asks to sign you out."
              client={
                <strong>
                  <ClientName client={client} />
                </strong>
              }
            />
          </p>
        )}
      </Part>
      <Part name="account">
        <p class="muted">
          {user && (
            <>
              <T
                s="You are signed in as {name} ({username})."
                name={<Text value={user.name} fallback={user.username} />}
                username={<Text value={user.username} />}
              />{' '}
            </>
          )}
          <T s="After this, applications in this browser will ask you to sign in again." />
        </p>
      </Part>
      <Part name="form">
        <form method="post" action={action} class="actions">
          <HiddenFields fields={{ ...fields, csrf: csrfToken }} />
          <button class="button" id="logout-confirm" type="submit">
            <T s="Sign out" />
          </button>
          <a class="button quiet" href={stayUrl}>
            <T s="Stay signed in" />
          </a>
        </form>
      </Part>
    </GatePage>
  );
}

/** Goes on as soon as every frame has loaded, and does not wait for one that hangs. ES5, for whatever browser comes. */
const ONWARD_SCRIPT =
  "(function(){function go(){location.replace(document.getElementById('logout-continue').href)}" +
  "window.addEventListener('load',go);setTimeout(go,3000)})()";
/** For the page's Content-Security-Policy: this script and no other. */
export const ONWARD_SCRIPT_HASH = `sha256-${createHash('sha256').update(ONWARD_SCRIPT).digest('base64')}`;

/** What the page after a sign-out shows. */
export interface SignedOutPageProps {
  /** The application the person came from, when it is known for certain. */
  client?: ClientView;
  /** A registered URL of the client, or a path of this site. */
  returnUrl?: string;
  /** Pages of applications that sign the browser out there (Front-Channel Logout 1.0 §3). */
  frames?: readonly string[];
  /** The client asked for the browser to come back: it goes by itself, to `returnUrl`. */
  goOn?: boolean;
  /** How many applications follow the provider's revocation feed, and how many have confirmed that they enforce this. */
  receipt?: { enforced: number; applications: number; milliseconds?: number };
}

/**
 * Says that the sign-out is done, and lets applications know in frames. The text "signed out" is a stable contract, and so is
 * the id `logout-continue` of the way back. Without scripts it goes on by the page's own refresh, or by that link.
 */
export function SignedOutPage({
  client,
  returnUrl,
  frames = [],
  goOn = false,
  receipt,
}: SignedOutPageProps): JSX.Element {
  const { t } = useWords();
  const href = onwardUrl(returnUrl);
  const onward = goOn && href !== undefined;
  return (
    <GatePage
      page="signed-out"
      title="Signed out · Gatehouse"
      {...(onward ? { refresh: { seconds: 2, url: href } } : {})}
    >
      <Part name="heading">
        <h1>
          <T s="You are signed out" />
        </h1>
      </Part>
      <Part name="text">
        <p class="muted">
          <T s={frames.length > 0 ? 'The applications in this browser are being told.' : 'The gate is closed.'} />{' '}
          <T s="On a shared computer, close the browser’s windows as well." />
        </p>
      </Part>
      <Part name="receipt">
        {receipt && (
          <p id="receipt">
            <Enforced {...receipt} />
          </p>
        )}
      </Part>
      <Part name="onward">
        {href && (
          <a class="button" id="logout-continue" href={href}>
            {client ? (
              <span>
                <T s="Back to {client}" client={<ClientName client={client} />} />
              </span>
            ) : (
              <T s="To the start page" />
            )}
          </a>
        )}
        {/* What is in the frame may sign its own application out, and nothing else: it cannot move this page. */}
        {frames.map((url) => (
          <iframe
            src={url}
            hidden
            title={t('Signing out of an application')}
            sandbox="allow-scripts allow-same-origin allow-forms"
          />
        ))}
        {/* Raw, because escaped it would be other text than the one whose hash the policy names. */}
        {onward && <script dangerouslySetInnerHTML={{ __html: ONWARD_SCRIPT }} />}
      </Part>
    </GatePage>
  );
}

/** A link, or the private scheme of a native application (RFC 8252 §7.1). */
function onwardUrl(url: string | undefined): string | undefined {
  return linkUrl(url) ?? (url !== undefined && /^[a-z][a-z0-9+-]*\.[a-z0-9.+-]*:/i.test(url) ? url : undefined);
}
