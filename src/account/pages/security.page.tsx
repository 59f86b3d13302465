import type { ComponentChildren, JSX } from 'preact';
import type { Sentence } from '../../platform/languages/sentences.js';
import { Text } from '../../platform/pages/text.js';
import type { Passkey } from '../../users/credentials/passkeys.js';
import type { Authenticator } from '../../users/credentials/totp.js';
import { T, useWords } from '../../platform/pages/words.js';
import { AccountPage } from './account-page.js';
import { LanguageChoice } from './language-choice.js';

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
        <T s="You are signed in as {name}." name={<Text value={username} />} />
      </p>
      {(canAddPasskey || passkeys.length > 0) && (
        <section class="stack near" aria-labelledby="passkeys-title">
          <h2 id="passkeys-title">
            <T s="Passkeys" />
          </h2>
          <Entries id="passkeys" kind="passkey" credentials={passkeys} none="No passkeys yet." />
        </section>
      )}
      <section class="stack near" aria-labelledby="authenticators-title">
        <h2 id="authenticators-title">
          <T s="Authenticator apps" />
        </h2>
        <Entries
          id="authenticators"
          kind="totp"
          credentials={authenticators}
          none="None. An app on your phone makes your account much harder to steal."
        />
        {recoveryCodes > 0 && (
          <p class="muted small">
            <T s="{count} recovery codes left." count={recoveryCodes} />
          </p>
        )}
      </section>
      <ChangeNavigation>
        <ul class="doors">
          {canAddPasskey && <Door to="/account/passkey/new" s="Add a passkey" />}
          <Door to="/account/authenticator/new" s="Add an authenticator app" />
          {authenticators.length + passkeys.length > 0 && <Door to="/account/recovery-codes" s="New recovery codes" />}
          {upstream && <Door to="/account/upstream" s="Accounts of other sites" />}
          {email && <Door to="/account/email" s="Your email address" />}
          {password && <Door to="/account/password" s="Change your password" />}
        </ul>
      </ChangeNavigation>
      <nav aria-labelledby="more-title" class="stack near">
        <h2 id="more-title">
          <T s="Your account" />
        </h2>
        <ul class="doors">
          {profile && <Door to="/account/profile" s="Profile" />}
          <Door to="/account/sessions" s="Where you are signed in" />
          <Door to="/account/applications" s="Connected applications" />
          <Door to="/account/events" s="Recent security events" />
          <Door to="/account/data" s="Your data" />
          {removal && <Door to="/account/removal" s="Remove your account" />}
        </ul>
      </nav>
      <p class="small">
        <a href="/">
          <T s="Start page" />
        </a>
      </p>
      <LanguageChoice path="/account" />
    </AccountPage>
  );
}

function ChangeNavigation({ children }: { children: ComponentChildren }): JSX.Element {
  return (
    <nav aria-label={useWords().t('Change how you sign in')} class="stack near">
      {children}
    </nav>
  );
}

function Door({ to, s }: { to: string; s: Sentence }): JSX.Element {
  return (
    <li>
      <a href={to}>
        <T s={s} />
      </a>
    </li>
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
  none: Sentence;
}): JSX.Element {
  if (credentials.length === 0)
    return (
      <p class="muted">
        <T s={none} />
      </p>
    );
  return (
    <ul class="doors" id={id}>
      {credentials.map((credential) => (
        <li>
          <a href={`/account/credential?${String(new URLSearchParams({ kind, id: credential.id }))}`}>
            <Text value={credential.name} />
            <span class="muted small">
              <T s="Change" />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
