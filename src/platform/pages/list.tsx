import type { ComponentChild, JSX } from 'preact';
import { standard } from '../languages/languages.js';
import { useWords } from './words.js';

/** `a, b and c`, as people of the page's language enumerate. */
export function List({ items }: { items: readonly ComponentChild[] }): JSX.Element {
  const { language } = useWords();
  const parts = new Intl.ListFormat(standard(language.tag)).formatToParts(items.map((_, index) => String(index)));
  return <>{parts.map(({ type, value }) => (type === 'element' ? items[Number(value)] : value))}</>;
}
