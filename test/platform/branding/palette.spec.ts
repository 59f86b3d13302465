import { type Colour, contrast, parseColour } from '../../../src/platform/branding/colour.js';
import { paletteCss } from '../../../src/platform/branding/palette.js';
import { imageType } from '../../../src/platform/branding/image-type.js';
import { css } from '../../../src/platform/pages/theme.js';

/** The tokens of a scheme in one or more style sheets, the later over the earlier. */
function tokens(scheme: 'light' | 'dark', ...sheets: string[]): Record<string, Colour> {
  const found: Record<string, Colour> = {};
  for (const sheet of sheets) {
    const [before = '', after = ''] = sheet.split(/@media \(prefers-color-scheme: ?dark\)/);
    for (const part of scheme === 'light' ? [before] : [before, after]) {
      const [, root = ''] = /:root ?\{([^}]*)\}/.exec(part) ?? [];
      for (const [, name, value] of root.matchAll(/--([\w-]+): ?(#[0-9a-f]{6});?/g))
        found[name!] = parseColour(value!)!;
    }
  }
  return found;
}

const LEVELS = ['00', '33', '66', '99', 'cc', 'ff'];
const COLOURS = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => `#${red}${green}${blue}`)));

it.each(['light', 'dark'] as const)('no brand’s colour makes a %s page unreadable (WCAG AA)', (scheme) => {
  const failing: unknown[] = [];
  for (const accent of COLOURS) {
    const token = tokens(scheme, css, paletteCss({ accent }));
    const pairs = [
      ...['card', 'ground', 'inside', 'soft'].flatMap((under) => [
        ['accent', under],
        ['ink', under],
      ]),
      ['muted', 'soft'],
      ['on-accent', 'fill'],
    ];
    for (const [over, under] of pairs as [string, string][]) {
      if (!(contrast(token[over]!, token[under]!) >= 4.5)) failing.push([accent, over, under]);
    }
  }
  expect(failing).toEqual([]);
});

it('a colour that can be read stays as it is, and the button has the very colour in any case', () => {
  expect(paletteCss({ accent: '#6a3a9c' })).toMatch(/^:root\{--accent:#6a3a9c;--fill:#6a3a9c;--on-accent:#ffffff;/);
  expect(paletteCss({ accent: '#fc0', accentDark: '#ABCDEF' })).toMatch(
    /^:root\{--accent:#(?!ffcc00)[0-9a-f]{6};--fill:#ffcc00;--on-accent:#000000;.*dark\)\{:root\{--accent:#abcdef;/,
  );
});

it.each([
  ['#0a6558', [10, 101, 88]],
  ['#FC0', [255, 204, 0]],
  ['red', undefined],
  ['#12345', undefined],
  ['#0a6558;}', undefined],
  ['rgb(1,2,3)', undefined],
  ['', undefined],
])('%j as a colour', (text, colour) => {
  expect(parseColour(text)).toEqual(colour);
});

it.each([
  ['\x89PNG\r\n\x1a\n…', 'image/png'],
  ['\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF89a', 'image/gif'],
  ['RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x20ftypavif', 'image/avif'],
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand -->\n<svg>', 'image/svg+xml'],
  ['<!doctype html><svg>', undefined],
  ['<html>', undefined],
  ['BM', undefined],
])('%j is %s', (start, type) => {
  expect(imageType(Buffer.from(start, 'latin1'))).toBe(type);
});
