import type { JSX } from 'preact';

/** Values that a form brings back unchanged; names without a value are left out. */
export function HiddenFields({ fields }: { fields: Record<string, string | undefined> }): JSX.Element {
  return (
    <>
      {Object.entries(fields).map(
        ([name, value]) => value !== undefined && <input type="hidden" name={name} value={value} />,
      )}
    </>
  );
}
