import type { JSX } from 'preact';
import { SENTENCE, Text } from './text.js';

/** Labelled values, one beside the other; values are strangers' text. `code` sets them in the fixed-width face. */
export function Facts({
  rows,
  code = false,
}: {
  rows: readonly (readonly [string, string])[];
  code?: boolean;
}): JSX.Element {
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <>
          <dt>{label}</dt>
          <dd>
            {code ? (
              <code>
                <Text value={value} longest={SENTENCE} />
              </code>
            ) : (
              <Text value={value} longest={SENTENCE} />
            )}
          </dd>
        </>
      ))}
    </dl>
  );
}
