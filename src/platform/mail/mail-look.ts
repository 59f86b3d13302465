import { hex, parseColour } from '../branding/colour.js';
import { onFill } from '../branding/palette.js';
import type { Dressing } from '../branding/branding.js';

/** How mails look in HTML. It is its own injection token. */
export class MailLook {
  constructor(
    /** What buttons and the line at the top are filled with, as `#rrggbb`. */
    readonly fill: string,
    /** What stands on it: black or white, whichever is read better; one of them always has 4.5:1 (WCAG 2.2 AA). */
    readonly onFill: string,
    /** An https URL of a picture, which mail programs load when somebody reads the mail. Without one there is none. */
    readonly logo?: string,
    /** What stands at the top in the place of the site's name. */
    readonly name?: string,
  ) {}

  /** @param accent as `#rgb` or `#rrggbb`; ours when it is left out. */
  static of({ accent = '#0a6558', logo }: { accent?: string; logo?: string }): MailLook {
    const fill = parseColour(accent)!;
    return new MailLook(hex(fill), hex(onFill(fill)), logo);
  }

  /**
   * As it is on behalf of a client, as far as somebody decided that its pages have its look: its colour, and its name at the
   * top where they have it there. Its logo is on pages alone: no mail tells a client when it is read.
   */
  dressed(client: Dressing | undefined): MailLook {
    if (!client?.look) return this;
    const { accent, header } = client.look;
    const fill = accent === undefined ? undefined : parseColour(accent);
    const [filled, on] = fill ? [hex(fill), hex(onFill(fill))] : [this.fill, this.onFill];
    return header ? new MailLook(filled, on, undefined, client.name) : new MailLook(filled, on, this.logo, this.name);
  }
}
