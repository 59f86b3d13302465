import type { Templates } from './template.js';

/** What pages show of whose they are. */
export interface Brand {
  name: string;
  /** URLs; without one the gatehouse is drawn. */
  logo?: BrandLogo;
  /** What the colour tokens are instead of our own: a style sheet, see `paletteCss`. */
  colours?: string;
  /** Path of the site's own style sheet. */
  styleSheet?: string;
  /** What the policy of a page must let through for these, as URLs. */
  sources: BrandSources;
  /** The client whose look the page has, by its id. */
  client?: string;
  /** What templates may say of that client. */
  clientValues?: { name: string; logo?: string; url?: string };
  /** What stands in the place of our own pages, or parts of them. */
  templates?: Templates;
}

/** What an operator decided of the pages that people see on behalf of a client. */
export interface ClientLook {
  /** Its id. */
  client: string;
  /** As `#rgb` or `#rrggbb`, in the place of the site's. */
  accent?: string;
  /** The same on dark pages; without it, `accent`. */
  accentDark?: string;
  /** Its name and logo stand over the page, in the place of the site's. */
  header?: boolean;
}

export interface BrandLogo {
  url: string;
  /** For dark pages. */
  darkUrl?: string;
}

/** Whole URLs; one that ends with a slash stands for everything below it. */
export interface BrandSources {
  images: readonly string[];
  styles: readonly string[];
  fonts: readonly string[];
}

const NOTHING: BrandSources = { images: [], styles: [], fonts: [] };

/** What there is when nobody says otherwise. */
export const GATEHOUSE: Brand = { name: 'Gatehouse', sources: NOTHING };
