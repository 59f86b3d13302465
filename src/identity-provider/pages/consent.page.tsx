import type { JSX } from 'preact';
import { ClientBadge, ClientLinks, ClientName, type ClientView } from '../../platform/pages/client-view.js';
import { GatePage, Part } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { AskedScopes, type AskedScopesProps } from './asked-scopes.js';
import { DecisionForm } from './decision-form.js';
import { T } from '../../platform/pages/words.js';

/** What the consent form needs. */
export interface ConsentPageProps extends AskedScopesProps {
  /** URL that the form is posted to. */
  action: string;
  csrfToken: string;
  /** The opaque id of the interaction that waits for this answer. */
  interaction: string;
  client: ClientView;
  /** Whose account the client asks for. */
  user: { name: string; username: string };
}

/** Asks whether the client may. Names and ids are a stable contract: `decision` is `allow` (`consent-allow`) or `deny` (`consent-deny`). */
export function ConsentPage({
  action,
  csrfToken,
  interaction,
  client,
  user,
  scopes,
  resources,
}: ConsentPageProps): JSX.Element {
  return (
    <GatePage page="consent" title="Allow access · Gatehouse">
      <Part name="client">
        <ClientBadge client={client} />
      </Part>
      <Part name="heading">
        <h1>
          <T s="Allow {client} to use your account?" client={<ClientName client={client} />} />
        </h1>
      </Part>
      <Part name="account">
        <p class="muted">
          <T
            s="You are signed in as {name} ({username})."
            name={<Text value={user.name} fallback={user.username} />}
            username={<Text value={user.username} />}
          />
        </p>
      </Part>
      <Part name="scopes">
        <AskedScopes scopes={scopes} resources={resources} />
      </Part>
      <Part name="form">
        <DecisionForm action={action} fields={{ csrf: csrfToken, interaction }} />
      </Part>
      <Part name="links">
        <ClientLinks client={client} />
      </Part>
    </GatePage>
  );
}
