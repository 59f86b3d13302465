import type { ComponentChild, JSX } from 'preact';
import { useWords } from '../../platform/pages/words.js';

/** The ways to go on from a step: the usual one first, the others set apart. */
export function Offers({ offers }: { offers: readonly ComponentChild[] }): JSX.Element {
  const { t } = useWords();
  const [usual, ...others] = offers;
  return (
    <>
      {usual}
      {others.length > 0 && (
        <section class="stack near" aria-label={t('Other ways')}>
          <p class="or muted small">{t('or')}</p>
          {others}
        </section>
      )}
    </>
  );
}
