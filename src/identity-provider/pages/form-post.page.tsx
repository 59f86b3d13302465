import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { GatePage } from '../../platform/pages/layout.js';
import { T } from '../../platform/pages/words.js';

const SCRIPT = 'document.forms[0].submit()';
/** For the page's Content-Security-Policy: this script and no other. */
export const FORM_POST_SCRIPT_HASH = `sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`;

/** What the client is told. */
export interface FormPostPageProps {
  /** The client's redirect URI. */
  action: string;
  fields: Record<string, string>;
}

/**
 * Carries an authorization response to the client in the body of a POST (Form Post Response Mode 1.0 §2): by itself where
 * scripts run, by its button elsewhere. The button's id `form-post-submit` is a stable contract.
 */
export function FormPostPage({ action, fields }: FormPostPageProps): JSX.Element {
  return (
    <GatePage title="Back to the application · Gatehouse">
      <h1>
        <T s="Back to the application" />
      </h1>
      <p class="muted">
        <T s="You are on your way. If nothing happens, press the button." />
      </p>
      <form method="post" action={action}>
        <HiddenFields fields={fields} />
        <button class="button" id="form-post-submit" type="submit">
          <T s="Continue" />
        </button>
      </form>
      {/* Raw, because escaped it would be other text than the one whose hash the policy names. */}
      <script dangerouslySetInnerHTML={{ __html: SCRIPT }} />
    </GatePage>
  );
}
