import type { JSX } from 'preact';
import { SENTENCE, Text } from '../../platform/pages/text.js';

/** What fields name with `aria-describedby`. */
export const REFUSAL_ID = 'sign-in-error';

/** Why the last attempt was refused, in the one wording that fits every cause. */
export function Refusal({ error, correlationId }: { error: string; correlationId?: string }): JSX.Element {
  return (
    <div id={REFUSAL_ID} class="notice danger" role="alert">
      <Text value={error} longest={SENTENCE} />
      {correlationId && (
        <div class="small">
          Reference <code>{correlationId}</code>
        </div>
      )}
    </div>
  );
}
