import type { ComponentChild, JSX } from 'preact';
import { ClientBadge, ClientLinks, type ClientView } from '../../platform/pages/client-view.js';
import { GatePage, Part } from '../../platform/pages/layout.js';
import { Offers } from './offers.js';
import { Refusal } from './refusal.js';
import { T } from '../../platform/pages/words.js';

/** What the sign-in page shows. */
export interface SignInPageProps {
  /** What the login methods offer, in their order. */
  offers: readonly ComponentChild[];
  /** URLs of the scripts that they need. */
  scripts?: readonly string[];
  /** Where somebody without an account makes one. */
  signUpUrl?: string;
  /** The application that asked for the sign-in, if one did. */
  client?: ClientView;
  /** Why the last attempt was refused. */
  error?: string;
  /** Shown with the error, to find the attempt in the log. */
  correlationId?: string;
}

/** The sign-in page: for whom, and the ways to prove who one is. */
export function SignInPage({ offers, scripts, signUpUrl, client, error, correlationId }: SignInPageProps): JSX.Element {
  return (
    <GatePage page="sign-in" title="Sign in" scripts={scripts}>
      <Part name="heading">
        <div class="stack tight">
          <h1>
            <T s="Sign in" />
          </h1>
          {client && (
            <p class="muted">
              <T s="to continue to" />
            </p>
          )}
        </div>
      </Part>
      <Part name="client">{client && <ClientBadge client={client} />}</Part>
      <Part name="problem">{error !== undefined && <Refusal error={error} correlationId={correlationId} />}</Part>
      <Part name="form">
        <Offers offers={offers} />
      </Part>
      <Part name="sign-up">
        {signUpUrl !== undefined && (
          <p class="small">
            <T s="New here?" />{' '}
            <a href={signUpUrl}>
              <T s="Create an account" />
            </a>
          </p>
        )}
      </Part>
      <Part name="links">{client && <ClientLinks client={client} />}</Part>
    </GatePage>
  );
}
