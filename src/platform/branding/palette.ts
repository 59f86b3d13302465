import { LRUCache } from 'lru-cache';
import { SURFACES } from '../pages/theme.js';
import { BLACK, type Colour, contrast, hex, mix, parseColour, readable, WHITE } from './colour.js';

/** What text needs on what it stands on (WCAG 2.2 §1.4.3, AA). */
const TEXT = 4.5;
/** How much of a colour is in the ground of a notice. */
const TINT = { light: 0.1, dark: 0.16 };

/** A brand's colours, as `#rgb` or `#rrggbb`. */
export interface Accents {
  accent: string;
  /** For dark pages. Default: as `accent`. */
  accentDark?: string;
}

/** A page asks each time, and there are few. */
const known = new LRUCache<string, string>({ max: 200 });

/**
 * The colour tokens of our style sheet for a brand. Buttons are filled with the very colour, and what stands on them is
 * black or white, whichever is read better (one of them always has 4.5:1). Text, lines and the focus ring take the colour
 * too, darker on light pages and lighter on dark ones as far as that is needed for AA: no colour makes a page unreadable.
 */
export function paletteCss({ accent, accentDark = accent }: Accents): string {
  const key = `${accent} ${accentDark}`;
  let css = known.get(key);
  if (css === undefined) known.set(key, (css = computed(accent, accentDark)));
  return css;
}

function computed(accent: string, accentDark: string): string {
  const light = tokens(parseColour(accent)!, 'light');
  const dark = tokens(parseColour(accentDark)!, 'dark');
  return `:root{${light}}@media (prefers-color-scheme:dark){:root{${dark}}}`;
}

function tokens(fill: Colour, scheme: 'light' | 'dark'): string {
  const surfaces = SURFACES[scheme].map((surface) => parseColour(surface)!);
  const end = scheme === 'light' ? BLACK : WHITE;
  const soft = parseColour(hex(mix(surfaces[0]!, fill, TINT[scheme])))!;
  const text = readable(fill, [...surfaces, soft], end, TEXT);
  return `--accent:${hex(text)};--fill:${hex(fill)};--on-accent:${hex(onFill(fill))};--soft:${hex(soft)}`;
}

/** What is read best on a ground of this colour. */
export function onFill(fill: Colour): Colour {
  return contrast(WHITE, fill) >= contrast(BLACK, fill) ? WHITE : BLACK;
}
