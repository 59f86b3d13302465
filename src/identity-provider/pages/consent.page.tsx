import type { JSX } from 'preact';
import { ClientBadge, ClientLinks, ClientName, type ClientView } from '../../platform/pages/client-view.js';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';

/** What the consent form needs. */
export interface ConsentPageProps {
  /** URL that the form is posted to. */
  action: string;
  csrfToken: string;
  /** The opaque id of the interaction that waits for this answer. */
  interaction: string;
  client: ClientView;
  /** Whose account the client asks for. */
  user: { name: string; username: string };
  /** What is asked for, each with a sentence a person understands. */
  scopes: { scope: string; description: string }[];
  /** Audiences of the access token (RFC 8707), when they are not the provider itself. */
  resources?: string[];
}

/** Asks whether the client may. Names and ids are a stable contract: `decision` is `allow` (`consent-allow`) or `deny` (`consent-deny`). */
export function ConsentPage({
  action,
  csrfToken,
  interaction,
  client,
  user,
  scopes,
  resources = [],
}: ConsentPageProps): JSX.Element {
  return (
    <GatePage title="Allow access · Gatehouse">
      <ClientBadge client={client} />
      <h1>
        Allow <ClientName client={client} /> to use your account?
      </h1>
      <p class="muted">
        You are signed in as <Text value={user.name} fallback={user.username} /> (<Text value={user.username} />
        ).
      </p>
      <section class="box stack near" aria-labelledby="asks">
        <h2 id="asks">It will be able to</h2>
        <ul class="list">
          {scopes.length === 0 && (
            <li>
              <Check />
              <span>Know that it is you, and nothing else about you</span>
            </li>
          )}
          {scopes.map(({ scope, description }) => (
            <li>
              <Check />
              <span>
                <Text value={description} fallback={scope} />{' '}
                <code class="muted">
                  <Text value={scope} />
                </code>
              </span>
            </li>
          ))}
        </ul>
        {resources.length > 0 && (
          <p class="muted">
            Used at{' '}
            {resources.map((resource, index) => (
              <>
                {index > 0 && ', '}
                <code>
                  <Text value={resource} />
                </code>
              </>
            ))}
          </p>
        )}
      </section>
      <form method="post" action={action} class="actions">
        <HiddenFields fields={{ csrf: csrfToken, interaction }} />
        <button class="button" id="consent-allow" type="submit" name="decision" value="allow">
          Allow
        </button>
        <button class="button quiet" id="consent-deny" type="submit" name="decision" value="deny">
          Deny
        </button>
      </form>
      <ClientLinks client={client} />
    </GatePage>
  );
}

function Check(): JSX.Element {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">
      <path
        d="M3.5 9.5l3.5 3.5 7.5-8"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
