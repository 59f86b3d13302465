import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { withPackages } from '../optional-package.js';
import { exactSource } from '../pages/render.js';
import { displayText } from '../pages/text.js';
import { linkUrl } from '../pages/web-url.js';
import type { Language } from '../languages/language.js';
import { speakAlso } from '../languages/languages.js';
import { MailLook } from '../mail/mail-look.js';
import { type Brand, type BrandLogo, type ClientLook, GATEHOUSE } from './brand.js';
import { parseColour } from './colour.js';
import { imageType } from './image-type.js';
import { paletteCss } from './palette.js';
import type { Templates } from './template.js';

/** How the provider's pages look. Files are read once, at the start. */
export interface BrandingOptions {
  /** The provider's issuer: its origin is where the pages and these files are. */
  issuer: string;
  /** Over every page, and in the browser's tab. Default `Gatehouse`. */
  name?: string;
  /** Of buttons and links: `#rgb` or `#rrggbb`. */
  accent?: string;
  /** The same on dark pages. Default: as `accent`. */
  accentDark?: string;
  /** A file (SVG, PNG, JPEG, GIF, WebP, AVIF), which the provider serves itself, or an https URL. */
  logo?: string;
  /** The same for dark pages. */
  logoDark?: string;
  /**
   * Over mails: an https URL of a PNG, JPEG or GIF, which mail programs load when somebody reads the mail, so that whoever
   * serves it learns of that. Without it a mail has the name, and loads nothing.
   */
  mailLogo?: string;
  /** A style sheet of your own, after ours: a file. */
  css?: string;
  /** A folder of templates, in the place of our own pages or parts of them. Needs the package `parse5`. */
  pages?: string;
  /** A folder of languages, beside ours or in their place: for every page and mail of the process. */
  languages?: string;
}

/** A part of the branding is not as it must be; `option` names which. */
export class BrandingError extends Error {
  override readonly name = 'BrandingError';

  constructor(
    readonly option: Exclude<keyof BrandingOptions, 'issuer'>,
    readonly problem: string,
  ) {
    super(`branding.${option}: ${problem}`);
  }
}

/** A file that is served under `/branding/`. */
export interface BrandFile {
  type: string;
  octets: Buffer;
}

export const BRANDING_PATH = '/branding';
/** In bytes: people wait for them before they can sign in. */
const LARGEST = 512 * 1024;
const LONGEST_NAME = 60;

/** The look of a provider, read and checked. It is its own injection token. */
export class Branding {
  /** Nobody said anything. */
  static readonly none = new Branding(GATEHOUSE, new Map());

  constructor(
    readonly brand: Brand,
    /** What is served, by its name below `/branding/`. */
    readonly files: ReadonlyMap<string, BrandFile>,
    readonly mails = MailLook.of({}),
  ) {}

  /** Whether somebody said whose the pages are. */
  get isChosen(): boolean {
    return this !== Branding.none;
  }

  /** The brand of pages on behalf of a client, as far as somebody decided that they have its look. */
  dressed({ name, logoUrl, clientUrl, look }: Dressing): Brand {
    if (!look) return this.brand;
    const { client, accent, accentDark = accent, header } = look;
    // Also what was written into the database by hand is shown, or left out, never a page that breaks.
    const isColour = accent !== undefined && parseColour(accent) && parseColour(accentDark!);
    const { logo, ...nameless } = this.brand;
    return {
      ...nameless,
      client,
      clientValues: {
        name,
        ...(logoUrl ? { logo: logoUrl } : {}),
        ...(linkUrl(clientUrl) ? { url: clientUrl! } : {}),
      },
      ...(isColour ? { colours: paletteCss({ accent, accentDark }) } : {}),
      ...(header ? { name: displayText(name), ...(logoUrl ? { logo: { url: logoUrl } } : {}) } : logo ? { logo } : {}),
    };
  }
}

/** A client as far as pages take its look. */
export interface Dressing {
  name: string;
  /** A path of this site. */
  logoUrl?: string;
  clientUrl?: string;
  look?: ClientLook;
}

/** Reads the files, and checks everything. @throws BrandingError */
export async function readBranding(options: BrandingOptions): Promise<Branding> {
  const { issuer, name = 'Gatehouse', accent, accentDark } = options;
  const files = new Map<string, BrandFile>();
  const { origin } = new URL(issuer);
  if (name.trim() === '' || name.length > LONGEST_NAME) {
    throw new BrandingError('name', `must have 1 to ${LONGEST_NAME} characters`);
  }
  for (const option of ['accent', 'accentDark'] as const) {
    const value = options[option];
    if (value !== undefined && !parseColour(value)) {
      throw new BrandingError(option, 'must be a colour such as #0a6558');
    }
  }
  if (accentDark !== undefined && accent === undefined) throw new BrandingError('accentDark', 'needs accent as well');
  if (options.languages !== undefined) speakAlso(await openLanguages(options.languages));
  const { mailLogo } = options;
  if (mailLogo !== undefined && !isPublicImage(mailLogo))
    throw new BrandingError('mailLogo', `must be ${PUBLIC_IMAGE}`);
  const logo = await readLogo(options, files);
  const styleSheet = options.css === undefined ? undefined : await readCss(options.css, files);
  const templates = options.pages === undefined ? undefined : await openPages(options.pages, files);
  const hasFonts = [...files.values()].some(({ type }) => type.startsWith('font/'));
  const brand: Brand = {
    name,
    ...(logo ? { logo } : {}),
    ...(accent === undefined ? {} : { colours: paletteCss({ accent, ...(accentDark ? { accentDark } : {}) }) }),
    ...(styleSheet ? { styleSheet } : {}),
    ...(templates ? { templates } : {}),
    sources: {
      images: [logo?.url, logo?.darkUrl].filter((url) => url !== undefined && url.startsWith('https:')) as string[],
      styles: styleSheet ? [`${origin}${BRANDING_PATH}/style.css`] : [],
      fonts: hasFonts ? [`${origin}${BRANDING_PATH}/assets/`] : [],
    },
  };
  return new Branding(brand, files, mailLookOf(options));
}

/** The look of mails, as far as it is set and right. */
export function mailLookOf({ accent, mailLogo }: Pick<BrandingOptions, 'accent' | 'mailLogo'>): MailLook {
  const logo = mailLogo !== undefined && isPublicImage(mailLogo) ? new URL(mailLogo).href : undefined;
  return MailLook.of({ ...(accent && parseColour(accent) ? { accent } : {}), ...(logo ? { logo } : {}) });
}

async function openLanguages(folder: string): Promise<Language[]> {
  // Loaded for whoever has such a folder.
  const { LanguagesError, readLanguages } = await import('../languages/read-languages.js');
  try {
    return await readLanguages(folder);
  } catch (error) {
    if (!(error instanceof LanguagesError)) throw error;
    throw new BrandingError('languages', error.message);
  }
}

async function openPages(folder: string, files: Map<string, BrandFile>): Promise<Templates> {
  // Loaded for whoever has templates.
  const { PagesError, readPages } = await withPackages('branding.pages', ['parse5'], () => import('./read-pages.js'));
  try {
    const { templates, assets } = await readPages(folder, (name, file) => serve(files, `assets/${name}`, file));
    for (const [name, file] of assets) serve(files, `assets/${name}`, file);
    return templates;
  } catch (error) {
    if (!(error instanceof PagesError)) throw error;
    throw new BrandingError('pages', error.message);
  }
}

async function readLogo(options: BrandingOptions, files: Map<string, BrandFile>): Promise<BrandLogo | undefined> {
  const { logo, logoDark } = options;
  if (logo === undefined) {
    if (logoDark !== undefined) throw new BrandingError('logoDark', 'needs logo as well');
    return undefined;
  }
  return {
    url: await readImage('logo', logo, files),
    ...(logoDark === undefined ? {} : { darkUrl: await readImage('logoDark', logoDark, files) }),
  };
}

const PUBLIC_IMAGE = 'a plain https URL, without a user and without spaces';

/** What could not be written into the policy of a page would not be shown there. */
function isPublicImage(url: string): boolean {
  return url.startsWith('https:') && exactSource(url).length > 0 && new URL(url).username === '';
}

/** The URL of an image, where it is after this. */
async function readImage(option: 'logo' | 'logoDark', value: string, files: Map<string, BrandFile>): Promise<string> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    if (!isPublicImage(value)) throw new BrandingError(option, `must be a file or ${PUBLIC_IMAGE}`);
    return new URL(value).href;
  }
  const octets = await read(option, value);
  const type = imageType(octets);
  if (!type) throw new BrandingError(option, `${value} is no SVG, PNG, JPEG, GIF, WebP or AVIF image`);
  return serve(files, option === 'logo' ? 'logo' : 'logo-dark', { type, octets });
}

async function readCss(file: string, files: Map<string, BrandFile>): Promise<string> {
  const octets = await read('css', file);
  if (!isUtf8(octets)) throw new BrandingError('css', `${file} is not UTF-8 text`);
  return serve(files, 'style.css', { type: 'text/css; charset=utf-8', octets });
}

async function read(option: BrandingError['option'], file: string): Promise<Buffer> {
  let octets: Buffer;
  try {
    octets = await readFile(file);
  } catch (error) {
    throw new BrandingError(option, `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (octets.length === 0) throw new BrandingError(option, `${file} is empty`);
  if (octets.length > LARGEST) throw new BrandingError(option, `${file} is larger than ${LARGEST / 1024} KiB`);
  return octets;
}

function isUtf8(octets: Buffer): boolean {
  return Buffer.from(octets.toString()).equals(octets);
}

/** Its URL changes with it, so that browsers may keep it for ever. */
function serve(files: Map<string, BrandFile>, name: string, file: BrandFile): string {
  files.set(name, file);
  const version = createHash('sha256').update(file.octets).digest('base64url').slice(0, 16);
  return `${BRANDING_PATH}/${name}?v=${version}`;
}
