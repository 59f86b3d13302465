import type { JSX } from 'preact';

/** Characters that a sentence may have where a name may have only 160. */
export const SENTENCE = 600;

/**
 * Text of strangers (a client's name, a user's name, a scope's description) made fit to be shown in one place of one line:
 * control characters, line breaks and several spaces become one space (one that does not break stays: French has it before
 * a colon); bidirectional controls and invisible characters, which would let a name
 * rewrite the sentence it stands in, are removed; towers of combining marks are cut to four; and what is longer than
 * `longest` characters ends in an ellipsis. Not for values that must come back unchanged (form fields).
 */
export function displayText(value: string, longest = 160): string {
  const text = value
    .slice(0, 10 * longest)
    .replace(/[\p{Bidi_Control}\u200B\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu, '')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\p{Cc}\s]+/gu, (space) => (/^[\u00a0\u202f]$/.test(space) ? space : ' '))
    .trim();
  const characters = Array.from(text);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}

/** A stranger's text in its own bidirectional isolate; `fallback` when nothing visible is left of it. */
export function Text({
  value,
  fallback = '',
  longest,
}: {
  value: string;
  fallback?: string;
  longest?: number;
}): JSX.Element {
  return <bdi>{displayText(value, longest) || fallback}</bdi>;
}

/** The first letter of a name, for a tile that stands where a picture is missing. */
export function initial(name: string): string {
  return /[\p{L}\p{N}]/u.exec(displayText(name))?.[0].toUpperCase() ?? '?';
}
