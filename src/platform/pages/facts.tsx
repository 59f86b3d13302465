import type { ComponentChildren, JSX } from 'preact';
import { SENTENCE, Text } from './text.js';
import { useWords } from './words.js';

/** Labelled values, one beside the other; values are strangers' text. `code` sets them in the fixed-width face. */
export function Facts({
  rows,
  code = false,
}: {
  rows: readonly (readonly [string, string])[];
  code?: boolean;
}): JSX.Element {
  const { said } = useWords();
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <>
          <dt>{breakable(said(label))}</dt>
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

/** A name such as `phone_number_verified` ends a line between its words. */
function breakable(label: string): ComponentChildren {
  return label.split(/(?<=_)(?=[^_])/).map((part, index) => (
    <>
      {index > 0 && <wbr />}
      {part}
    </>
  ));
}
