import type { JSX } from 'preact';
import { AppPage, Hero, type AppLook, type AppUser, SignedOutNotice } from '../../platform/pages/app-page.js';
import type { EnforcedCounts } from '../../platform/pages/enforced.js';
import { Facts } from '../../platform/pages/facts.js';
import { Text } from '../../platform/pages/text.js';
import { Tile } from '../../platform/pages/tile.js';
import { linkUrl } from '../../platform/pages/web-url.js';

const look: AppLook = {
  name: 'Portal',
  accent: 'plum',
  iconColour: '#9a6bd0',
  mark: {
    shape:
      'M16 3a13 13 0 1 1 0 26 13 13 0 0 1 0-26zm0 5a8 8 0 1 0 0 16 8 8 0 0 0 0-16zm0 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  },
  footer: 'Portal is a sample application. It keeps a session and never sees your password.',
};

/** A place the start page points to. */
export interface Address {
  name: string;
  url: string;
  description?: string;
}

/** The public start page. Its way in is `/profile`: the guard there sends the browser to sign in and back. */
export function PortalHome({
  user,
  addresses,
  signedOut,
}: {
  user?: AppUser;
  addresses: Address[];
  /** The person has just signed out: who enforces it. */
  signedOut?: EnforcedCounts;
}): JSX.Element {
  return (
    <AppPage look={look} title="Welcome" user={user}>
      <Hero look={look}>
        <h1>
          {user ? (
            <>
              Hello, <Text value={user.name} fallback={user.username} />
            </>
          ) : (
            <>
              Sign in once.
              <br />
              Be known everywhere.
            </>
          )}
        </h1>
        <p>
          {user
            ? 'You came through the gate. The other applications below know you already: no second sign-in.'
            : 'This page is open to everyone. Your profile is not: opening it takes you through Gatehouse and back.'}
        </p>
        <div>
          <a class="button fit" href="/profile">
            {user ? 'Open my profile' : 'Sign in'}
          </a>
        </div>
      </Hero>
      <div class="width body">
        {signedOut && <SignedOutNotice {...signedOut} />}
        <h2>Where to go from here</h2>
        <ul class="pair">
          {addresses.map(({ name, url, description }) => (
            <li class="card stack tight">
              <a href={linkUrl(url)}>
                <Text value={name} />
              </a>
              {description && <p class="muted small">{description}</p>}
            </li>
          ))}
        </ul>
      </div>
    </AppPage>
  );
}

/** What the profile page shows. */
export interface PortalProfileProps {
  user: AppUser & { email?: string; picture?: string };
  /** Claims of the ID token or userinfo, label and value. */
  claims: [string, string][];
  /** The session, label and value. */
  sessionInfo: [string, string][];
  csrfToken?: string;
  /** URL that the sign-out form is posted to: `/auth/logout`. */
  signOutAction: string;
}

/** The signed-in page: who the provider says this is, what the session holds, and the way out. */
export function PortalProfile({
  user,
  claims,
  sessionInfo,
  csrfToken,
  signOutAction,
}: PortalProfileProps): JSX.Element {
  return (
    <AppPage look={look} title="Profile" user={user} signOut={{ action: signOutAction, csrfToken }}>
      <div class="width body">
        <div class="row">
          <Tile name={user.name} image={user.picture} round />
          <div>
            <h1>
              <Text value={user.name} fallback={user.username} />
            </h1>
            <p class="muted">
              <Text value={user.username} />
              {user.email && (
                <>
                  {' · '}
                  <Text value={user.email} />
                </>
              )}
            </p>
          </div>
        </div>
        <div class="pair uneven">
          <section class="card stack" aria-labelledby="claims">
            <h2 id="claims">What the provider says about you</h2>
            <Facts rows={claims} />
          </section>
          <section class="card stack" aria-labelledby="session">
            <h2 id="session">This session</h2>
            <Facts rows={sessionInfo} />
          </section>
        </div>
      </div>
    </AppPage>
  );
}
