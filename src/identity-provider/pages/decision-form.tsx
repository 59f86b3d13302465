import type { JSX } from 'preact';
import { HiddenFields } from '../../platform/pages/hidden-fields.js';
import { T } from '../../platform/pages/words.js';

/** Yes or no to what a client asks for. The ids `consent-allow` and `consent-deny` and the field `decision` are a stable contract. */
export function DecisionForm({ action, fields }: { action: string; fields: Record<string, string> }): JSX.Element {
  return (
    <form method="post" action={action} class="actions">
      <HiddenFields fields={fields} />
      <button class="button" id="consent-allow" type="submit" name="decision" value="allow">
        <T s="Allow" />
      </button>
      <button class="button quiet" id="consent-deny" type="submit" name="decision" value="deny">
        <T s="Deny" />
      </button>
    </form>
  );
}
