import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { Text } from '../../platform/pages/text.js';
import { Tile } from '../../platform/pages/tile.js';
import { linkUrl } from '../../platform/pages/web-url.js';
import { T } from '../../platform/pages/words.js';

/** What the provider's start page shows. */
export interface HomePageProps {
  /** The signed-in person; nobody is signed in when `username` is left out. */
  name?: string;
  username?: string;
  csrfToken: string;
  /** URL that the sign-out form is posted to. */
  signOutAction: string;
  /** Applications to go to. */
  apps?: { name: string; url: string }[];
  signInUrl: string;
  /** The person's own pages. */
  accountUrl?: string;
}

/** The provider's start page: who is signed in, where to go from here, and the way out. */
export function HomePage({
  name,
  username,
  csrfToken,
  signOutAction,
  apps = [],
  signInUrl,
  accountUrl,
}: HomePageProps): JSX.Element {
  return (
    <GatePage page="home" title="">
      {username === undefined ? (
        <>
          <h1>
            <T s={'One sign\u2011in, every app'} />
          </h1>
          <p class="muted">
            <T s="You are not signed in. Sign in here once and every application behind the gate knows you." />
          </p>
          <a class="button" href={signInUrl}>
            <T s="Sign in" />
          </a>
        </>
      ) : (
        <>
          <h1>
            <T s="You are signed in" />
          </h1>
          <div class="row">
            <Tile name={name ?? username} round />
            <div>
              <strong>
                <Text value={name ?? username} />
              </strong>
              <div class="small muted">
                <Text value={username} />
              </div>
            </div>
          </div>
          {accountUrl !== undefined && (
            <p class="small">
              <a href={linkUrl(accountUrl)}>
                <T s="Your account" />
              </a>
            </p>
          )}
        </>
      )}
      {apps.length > 0 && (
        <section class="stack near" aria-labelledby="apps">
          <h2 id="apps">
            <T s="Your applications" />
          </h2>
          <ul class="doors">
            {apps.map((app) => (
              <li>
                <a href={linkUrl(app.url)}>
                  <Text value={app.name} />
                  <span aria-hidden="true">→</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {username !== undefined && (
        <form method="post" action={signOutAction}>
          <HiddenFields fields={{ csrf: csrfToken }} />
          <button class="button quiet" type="submit">
            <T s="Sign out" />
          </button>
        </form>
      )}
    </GatePage>
  );
}
