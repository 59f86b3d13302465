import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { Text } from '../../platform/pages/text.js';
import { REFUSAL_ID } from './refusal.js';
import { StepPage } from './step.page.js';
import { T } from '../../platform/pages/words.js';
import { UsernameField } from './username-field.js';

/** What somebody decides whom another provider vouched for, and who is nobody here. */
export interface UnlinkedPageProps {
  hidden: Record<string, string | undefined>;
  /** The other provider's name. */
  upstream: string;
  backUrl: string;
  /** Accounts may be made here; with the name to begin with. */
  signUp?: { username: string };
  error?: string;
}

/** The account there belongs to nobody here yet: it is linked with an account that the person proves, or with a new one. */
export function UnlinkedPage({ hidden, upstream, backUrl, signUp, error }: UnlinkedPageProps): JSX.Element {
  return (
    <StepPage title="Not linked yet" error={error} back={{ label: 'Sign in another way', url: backUrl }}>
      <p>
        <T s="Your account at {name} is not linked with an account here." name={<Text value={upstream} />} />
      </p>
      <form method="post" action="/login/upstream/link" class="stack near">
        <HiddenFields fields={hidden} />
        <p class="muted small" id="link-means">
          <T s="Do you have an account here? Sign in to it once, as you always do. From then on you can use either." />
        </p>
        <button class="button" id="upstream-link" type="submit" aria-describedby="link-means">
          <T s="Link my account" />
        </button>
      </form>
      {signUp && (
        <form method="post" action="/login/upstream/new" class="stack">
          <HiddenFields fields={hidden} />
          <p class="or muted small">
            <T s="or" />
          </p>
          <UsernameField value={signUp.username} describedBy={error === undefined ? undefined : REFUSAL_ID} />
          <button class="button quiet" id="upstream-new" type="submit">
            <T s="Make a new account" />
          </button>
        </form>
      )}
    </StepPage>
  );
}
