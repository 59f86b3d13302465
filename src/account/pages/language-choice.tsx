import type { JSX } from 'preact';
import { languages } from '../../platform/languages/languages.js';
import { useWords } from '../../platform/pages/words.js';

/** Every language, by the name that it has for itself. */
export function LanguageChoice({ path }: { path: string }): JSX.Element {
  const { language, t } = useWords();
  return (
    <nav class="links small" aria-label={t('Language')}>
      {languages.map(({ tag, name }) => (
        <a
          href={`${path}?ui_locales=${tag}`}
          lang={tag}
          hreflang={tag}
          aria-current={tag === language.tag || undefined}
        >
          <bdi>{name}</bdi>
        </a>
      ))}
    </nav>
  );
}
