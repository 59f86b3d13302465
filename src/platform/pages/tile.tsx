import type { JSX } from 'preact';
import { initial } from './text.js';
import { imageUrl } from './web-url.js';

/**
 * The picture of a client or a person, decoration beside its name. A letter stands for a picture that is missing, and
 * for one that does not load (`data-initial`: without it some browsers draw their broken-image sign over the letter).
 */
export function Tile({ name, image, round = false }: { name: string; image?: string; round?: boolean }): JSX.Element {
  const src = imageUrl(image);
  return (
    <span class={round ? 'tile round' : 'tile'} aria-hidden="true">
      {initial(name)}
      {src && <img src={src} alt="" data-initial={initial(name)} referrerpolicy="no-referrer" />}
    </span>
  );
}
