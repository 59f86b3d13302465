import type { ComponentChildren, JSX } from 'preact';
import { GatePage } from '../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';
import { InEnglish } from '../../platform/pages/words.js';

/** The id of why a form was refused, for `aria-describedby`. */
export const PROBLEM_ID = 'problem';

/** A page of a person's own: a heading, why the last form was refused, what there is, and the way back. */
export function AccountPage({
  title,
  error,
  back = true,
  scripts,
  children,
}: {
  title: string;
  error?: string;
  back?: boolean;
  scripts?: readonly string[];
  children: ComponentChildren;
}): JSX.Element {
  return (
    <InEnglish>
      <GatePage title={`${title} · Gatehouse`} scripts={scripts}>
        <h1>{title}</h1>
        {error !== undefined && (
          <div id={PROBLEM_ID} class="notice danger" role="alert">
            <Text value={error} longest={SENTENCE} />
          </div>
        )}
        {children}
        {back && (
          <p class="small">
            <a href="/account">Back to your account</a>
          </p>
        )}
      </GatePage>
    </InEnglish>
  );
}
