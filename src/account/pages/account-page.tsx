import type { ComponentChildren, JSX } from 'preact';
import type { Sentence } from '../../platform/languages/sentences.js';
import { GatePage } from '../../platform/pages/layout.js';
import { SENTENCE, Text } from '../../platform/pages/text.js';
import { T, useWords } from '../../platform/pages/words.js';

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
  title: Sentence;
  /** In English; it is said in the person's language. */
  error?: string;
  back?: boolean;
  scripts?: readonly string[];
  children: ComponentChildren;
}): JSX.Element {
  return (
    <GatePage page="account" title={title} scripts={scripts}>
      <h1>
        <T s={title} />
      </h1>
      {error !== undefined && <Problem error={error} />}
      {children}
      {back && (
        <p class="small">
          <a href="/account">
            <T s="Back to your account" />
          </a>
        </p>
      )}
    </GatePage>
  );
}

function Problem({ error }: { error: string }): JSX.Element {
  return (
    <div id={PROBLEM_ID} class="notice danger" role="alert">
      <Text value={useWords().said(error)} longest={SENTENCE} />
    </div>
  );
}
