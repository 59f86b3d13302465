import { hex, parseColour } from '../branding/colour.js';
import { onFill } from '../branding/palette.js';

/** How mails look in HTML. It is its own injection token. */
export class MailLook {
  constructor(
    /** What buttons and the line at the top are filled with, as `#rrggbb`. */
    readonly fill: string,
    /** What stands on it: black or white, whichever is read better; one of them always has 4.5:1 (WCAG 2.2 AA). */
    readonly onFill: string,
    /** An https URL of a picture, which mail programs load when somebody reads the mail. Without one there is none. */
    readonly logo?: string,
  ) {}

  /** @param accent as `#rgb` or `#rrggbb`; ours when it is left out. */
  static of({ accent = '#0a6558', logo }: { accent?: string; logo?: string }): MailLook {
    const fill = parseColour(accent)!;
    return new MailLook(hex(fill), hex(onFill(fill)), logo);
  }
}
