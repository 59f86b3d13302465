import type { JSX } from 'preact';
import { Text } from '../../platform/pages/text.js';
import type { Authenticator } from '../../users/credentials/totp.js';
import { AccountPage } from './account-page.js';

/** What a person signs in with. */
export interface SecurityPageProps {
  username: string;
  authenticators: readonly Authenticator[];
  /** How many are left. */
  recoveryCodes: number;
  /** Passwords are kept here. */
  password: boolean;
}

/** How a person signs in, and where to add to it. */
export function SecurityPage({ username, authenticators, recoveryCodes, password }: SecurityPageProps): JSX.Element {
  return (
    <AccountPage title="How you sign in" back={false}>
      <p class="muted">
        You are signed in as <Text value={username} />.
      </p>
      <section class="stack near" aria-labelledby="apps">
        <h2 id="apps">Authenticator apps</h2>
        {authenticators.length === 0 ? (
          <p class="muted">None. An app on your phone makes your account much harder to steal.</p>
        ) : (
          <ul class="doors" id="authenticators">
            {authenticators.map(({ name }) => (
              <li class="entry">
                <Text value={name} />
              </li>
            ))}
          </ul>
        )}
        {recoveryCodes > 0 && <p class="muted small">{recoveryCodes} recovery codes left.</p>}
      </section>
      <nav aria-label="Change how you sign in">
        <ul class="doors">
          <li>
            <a href="/account/authenticator/new">Add an authenticator app</a>
          </li>
          {authenticators.length > 0 && (
            <li>
              <a href="/account/recovery-codes">New recovery codes</a>
            </li>
          )}
          {password && (
            <li>
              <a href="/account/password">Change your password</a>
            </li>
          )}
        </ul>
      </nav>
      <p class="small">
        <a href="/">Start page</a>
      </p>
    </AccountPage>
  );
}
