import type { JSX } from 'preact';
import { Text } from '../../platform/pages/text.js';
import type { Passkey } from '../../users/credentials/passkeys.js';
import type { Authenticator } from '../../users/credentials/totp.js';
import { AccountPage } from './account-page.js';

/** What a person signs in with. */
export interface SecurityPageProps {
  username: string;
  passkeys: readonly Passkey[];
  /** There can be passkeys here. */
  canAddPasskey: boolean;
  authenticators: readonly Authenticator[];
  /** How many are left. */
  recoveryCodes: number;
  /** There are other sites to sign in with. */
  upstream: boolean;
  /** Passwords are kept here. */
  password: boolean;
  /** People may remove their own account. */
  removal: boolean;
  /** Profiles are kept here. */
  profile: boolean;
  /** Addresses are kept here, and mails are sent. */
  email: boolean;
}

/** How a person signs in, and where to add to it. */
export function SecurityPage(props: SecurityPageProps): JSX.Element {
  const {
    username,
    passkeys,
    canAddPasskey,
    authenticators,
    recoveryCodes,
    password,
    profile,
    email,
    removal,
    upstream,
  } = props;
  return (
    <AccountPage title="How you sign in" back={false}>
      <p class="muted">
        You are signed in as <Text value={username} />.
      </p>
      {(canAddPasskey || passkeys.length > 0) && (
        <section class="stack near" aria-labelledby="passkeys-title">
          <h2 id="passkeys-title">Passkeys</h2>
          <Entries id="passkeys" kind="passkey" credentials={passkeys} none="None yet." />
        </section>
      )}
      <section class="stack near" aria-labelledby="authenticators-title">
        <h2 id="authenticators-title">Authenticator apps</h2>
        <Entries
          id="authenticators"
          kind="totp"
          credentials={authenticators}
          none="None. An app on your phone makes your account much harder to steal."
        />
        {recoveryCodes > 0 && <p class="muted small">{recoveryCodes} recovery codes left.</p>}
      </section>
      <nav aria-label="Change how you sign in" class="stack near">
        <ul class="doors">
          {canAddPasskey && (
            <li>
              <a href="/account/passkey/new">Add a passkey</a>
            </li>
          )}
          <li>
            <a href="/account/authenticator/new">Add an authenticator app</a>
          </li>
          {authenticators.length + passkeys.length > 0 && (
            <li>
              <a href="/account/recovery-codes">New recovery codes</a>
            </li>
          )}
          {upstream && (
            <li>
              <a href="/account/upstream">Accounts of other sites</a>
            </li>
          )}
          {email && (
            <li>
              <a href="/account/email">Your email address</a>
            </li>
          )}
          {password && (
            <li>
              <a href="/account/password">Change your password</a>
            </li>
          )}
        </ul>
      </nav>
      <nav aria-labelledby="more-title" class="stack near">
        <h2 id="more-title">Your account</h2>
        <ul class="doors">
          {profile && (
            <li>
              <a href="/account/profile">Profile</a>
            </li>
          )}
          <li>
            <a href="/account/sessions">Where you are signed in</a>
          </li>
          <li>
            <a href="/account/applications">Connected applications</a>
          </li>
          <li>
            <a href="/account/events">Recent security events</a>
          </li>
          <li>
            <a href="/account/data">Your data</a>
          </li>
          {removal && (
            <li>
              <a href="/account/removal">Remove your account</a>
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

function Entries({
  id,
  kind,
  credentials,
  none,
}: {
  id: string;
  kind: 'passkey' | 'totp';
  credentials: readonly { id: string; name: string }[];
  none: string;
}): JSX.Element {
  if (credentials.length === 0) return <p class="muted">{none}</p>;
  return (
    <ul class="doors" id={id}>
      {credentials.map((credential) => (
        <li>
          <a href={`/account/credential?${String(new URLSearchParams({ kind, id: credential.id }))}`}>
            <Text value={credential.name} />
            <span class="muted small">Change</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
