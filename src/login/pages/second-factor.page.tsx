import type { ComponentChild, JSX } from 'preact';
import type { ClientView } from '../../platform/pages/client-view.js';
import { ClientName } from '../../platform/pages/client-view.js';
import { GatePage, Part } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { Offers } from './offers.js';
import { Refusal } from './refusal.js';
import { T } from '../../platform/pages/words.js';

/** What the second step shows. */
export interface SecondFactorPageProps {
  username: string;
  /** Where to begin again, as somebody else. */
  restartUrl: string;
  /** What the login methods offer to this person, in their order. */
  offers: readonly ComponentChild[];
  /** URLs of the scripts that they need. */
  scripts?: readonly string[];
  client?: ClientView;
  error?: string;
  correlationId?: string;
}

/** The step after the first factor: one more proof, by whatever the person has. */
export function SecondFactorPage({
  username,
  restartUrl,
  offers,
  scripts,
  client,
  error,
  correlationId,
}: SecondFactorPageProps): JSX.Element {
  return (
    <GatePage page="second-factor" title="Confirm it’s you" scripts={scripts}>
      <Part name="heading">
        <div class="stack tight">
          <h1>
            <T s="Confirm it’s you" />
          </h1>
          <p class="muted">
            {client ? (
              <T
                s="One more step to sign in as {name} to {client}."
                name={<Text value={username} />}
                client={<ClientName client={client} />}
              />
            ) : (
              <T s="One more step to sign in as {name}." name={<Text value={username} />} />
            )}
          </p>
        </div>
      </Part>
      <Part name="problem">{error !== undefined && <Refusal error={error} correlationId={correlationId} />}</Part>
      <Part name="form">
        <Offers offers={offers} />
      </Part>
      <Part name="restart">
        <p class="small">
          <a href={restartUrl}>
            <T s="Sign in as somebody else" />
          </a>
        </p>
      </Part>
    </GatePage>
  );
}
