import type { ComponentChild, JSX } from 'preact';

/** The ways to go on from a step: the usual one first, the others set apart. */
export function Offers({ offers }: { offers: readonly ComponentChild[] }): JSX.Element {
  const [usual, ...others] = offers;
  return (
    <>
      {usual}
      {others.length > 0 && (
        <section class="stack near" aria-label="Other ways">
          <p class="or muted small">or</p>
          {others}
        </section>
      )}
    </>
  );
}
