import type { JSX } from 'preact';

/** A mark of 32 by 32 units that is drawn in a page and, as the same text, becomes the page's icon in the browser's tab. */
export interface Mark {
  /** Path data filled with the text's colour. */
  readonly shape: string;
  /** Path data filled with the light of the lamp. */
  readonly light?: string;
}

/** The gatehouse: a battlement, and a lit arch to go through. */
export const gatehouse: Mark = {
  shape: 'M3 30V4h5.5v4H13V4h6v4h4.5V4H29v26h-5v-9a8 8 0 0 0-16 0v9z',
  light: 'M11 30v-9a5 5 0 0 1 10 0v9z',
};

/** The mark as an inline image; decoration, since a name always stands beside it. */
export function MarkImage({ mark, size = 40 }: { mark: Mark; size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d={mark.shape} fill="currentColor" />
      {mark.light && <path d={mark.light} fill="#f5b54d" />}
    </svg>
  );
}

/** The mark as a `data:` URL for `<link rel="icon">`; its colour is one that shows on light and on dark tabs. */
export function iconUrl(mark: Mark, colour: string): string {
  const light = mark.light ? `<path d='${mark.light}' fill='#f5b54d'/>` : '';
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><path d='${mark.shape}' fill='${colour}'/>${light}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
