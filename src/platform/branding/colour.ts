/** Red, green and blue, each from 0 to 255. */
export type Colour = readonly [number, number, number];

export const BLACK: Colour = [0, 0, 0];
export const WHITE: Colour = [255, 255, 255];

/** A colour as `#rgb` or `#rrggbb`; undefined for anything else. */
export function parseColour(text: string): Colour | undefined {
  const [, digits] = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const part = (index: number) => parseInt(full.slice(2 * index, 2 * index + 2), 16);
  return [part(0), part(1), part(2)];
}

/** As `#rrggbb`. */
export function hex(colour: Colour): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** So much of `other` in `colour`, from 0 to 1. */
export function mix(colour: Colour, other: Colour, share: number): Colour {
  const part = (index: 0 | 1 | 2) => colour[index] + (other[index] - colour[index]) * share;
  return [part(0), part(1), part(2)];
}

/** WCAG 2.2, contrast ratio: from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour itself where it can be read on all of these; else the nearest to it, toward `end`, that can. */
export function readable(colour: Colour, surfaces: readonly Colour[], end: Colour, ratio: number): Colour {
  for (let share = 0; share < 1; share += 0.02) {
    // Rounded, because that is what a browser is told.
    const candidate = parseColour(hex(mix(colour, end, share)))!;
    if (surfaces.every((surface) => contrast(candidate, surface) >= ratio)) return candidate;
  }
  return end;
}
