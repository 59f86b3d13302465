import type { JSX } from 'preact';
import { SENTENCE, Text } from '../../platform/pages/text.js';
import { T, useWords } from '../../platform/pages/words.js';

/** What fields name with `aria-describedby`. */
export const REFUSAL_ID = 'sign-in-error';

/** Why the last attempt was refused, in the one wording that fits every cause. */
export function Refusal({ error, correlationId }: { error: string; correlationId?: string }): JSX.Element {
  const { said } = useWords();
  return (
    <div id={REFUSAL_ID} class="notice danger" role="alert">
      <Text value={said(error)} longest={SENTENCE} />
      {correlationId && (
        <div class="small">
          <T s="Reference {code}" code={<code>{correlationId}</code>} />
        </div>
      )}
    </div>
  );
}
