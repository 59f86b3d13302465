import type { ComponentChildren, JSX } from 'preact';
import { Enforced, type EnforcedCounts } from './enforced.js';
import { HiddenFields } from './hidden-fields.js';
import { iconUrl, MarkImage, type Mark } from './icon.js';
import { Page } from './layout.js';
import { Text } from './text.js';
import type { Accent } from './theme.js';
import { InEnglish } from './words.js';

/** What makes an application recognisable. */
export interface AppLook {
  name: string;
  mark: Mark;
  accent: Accent;
  /** Colour of the icon in the browser's tab. */
  iconColour: string;
  /** One line at the foot of each page. */
  footer: string;
}

/** A sign-out form: `csrf` is left out of it when there is no token. */
export interface SignOutForm {
  action: string;
  csrfToken?: string;
}

/** The person an application shows as signed in. */
export interface AppUser {
  name: string;
  username: string;
}

/** The frame of an application's page: bar with name and person, main part, foot. */
export function AppPage(props: {
  look: AppLook;
  title: string;
  user?: AppUser;
  signOut?: SignOutForm;
  /** Where the page goes by itself. */
  refresh?: { seconds: number; url: string };
  children: ComponentChildren;
}): JSX.Element {
  const { look, title, user, signOut, refresh, children } = props;
  return (
    <InEnglish>
      <Page
        title={`${title} · ${look.name}`}
        accent={look.accent}
        icon={iconUrl(look.mark, look.iconColour)}
        {...(refresh ? { refresh } : {})}
      >
        <div class="app">
          <header class="bar">
            <div class="width">
              <a class="row name" href="/">
                <span class="icon">
                  <MarkImage mark={look.mark} size={24} />
                </span>
                <span>{look.name}</span>
              </a>
              {user && (
                <div class="row">
                  <span class="who small muted">
                    <span class="sr">Signed in as </span>
                    <Text value={user.name} fallback={user.username} />
                  </span>
                  {signOut && (
                    <form method="post" action={signOut.action}>
                      <HiddenFields fields={{ csrf: signOut.csrfToken }} />
                      <button class="button quiet fit" type="submit">
                        Sign out
                      </button>
                    </form>
                  )}
                </div>
              )}
            </div>
          </header>
          <main>{children}</main>
          <footer class="width small muted">{look.footer}</footer>
        </div>
      </Page>
    </InEnglish>
  );
}

/** Says to somebody who comes back from the provider that they are signed out, and who enforces it. */
export function SignedOutNotice(receipt: EnforcedCounts): JSX.Element {
  return (
    <p class="notice" id="receipt" role="status">
      You are signed out. <Enforced {...receipt} />
    </p>
  );
}

/** The band at the head of a start page, with the application's mark at its side. */
export function Hero({ look, children }: { look: AppLook; children: ComponentChildren }): JSX.Element {
  return (
    <div class="hero">
      <MarkImage mark={look.mark} size={320} />
      <div class="width stack">{children}</div>
    </div>
  );
}
