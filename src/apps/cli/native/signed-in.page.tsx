import type { JSX } from 'preact';
import { GatePage } from '../../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../../platform/pages/text.js';
import { InEnglish } from '../../../platform/pages/words.js';

/** The last page of a sign-in from the terminal. */
export function SignedInPage({ problem }: { problem?: string }): JSX.Element {
  return (
    <InEnglish>
      <GatePage title={problem === undefined ? 'Signed in' : 'Not signed in'}>
        <h1>{problem === undefined ? 'You are signed in' : 'You are not signed in'}</h1>
        <p>{problem === undefined ? 'Go back to the terminal.' : <Text value={problem} longest={SENTENCE} />}</p>
        <p class="muted">You can close this window.</p>
      </GatePage>
    </InEnglish>
  );
}
