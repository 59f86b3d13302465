import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrandFile } from './branding.js';
import { imageType } from './image-type.js';
import { CONTENT, FRAGMENTS, PAGE_PARTS, type PageName } from './page-names.js';
import { readTemplate, TemplateProblem } from './read-template.js';
import type { Template, Templates } from './template.js';

/** In bytes. */
const LARGEST = { template: 64 * 1024, asset: 512 * 1024 };
const MOST_ASSETS = 100;
const ASSET_NAME = /^[\w][\w.-]*$/;
const FONTS: readonly (readonly [type: string, start: string])[] = [
  ['font/woff2', 'wOF2'],
  ['font/woff', 'wOFF'],
];

/** The folder is not as it must be: the message begins with the file, and its line where there is one. */
export class PagesError extends Error {
  override readonly name = 'PagesError';
}

/** What a folder of templates holds. */
export interface Pages {
  templates: Templates;
  /** By their names, without the folder. */
  assets: ReadonlyMap<string, BrandFile>;
}

/**
 * Reads a folder: `header.html`, `footer.html`, `<page>.html`, and pictures and fonts in `assets/`. Other kinds of files, such
 * as a README, are none of ours.
 * @param urlOf where an asset will be
 * @throws PagesError
 */
export async function readPages(folder: string, urlOf: (name: string, file: BrandFile) => string): Promise<Pages> {
  const names = await list(folder);
  const assets = names.includes('assets') ? await readAssets(join(folder, 'assets')) : new Map<string, BrandFile>();
  const asset = (name: string) => {
    const file = assets.get(name);
    return file && urlOf(name, file);
  };
  const templates = new Map<string, Template>();
  for (const file of names.filter((name) => name.endsWith('.html'))) {
    const name = file.slice(0, -'.html'.length);
    const path = join(folder, file);
    const slots = slotsOf(name);
    if (!slots) {
      const there = [...FRAGMENTS, ...Object.keys(PAGE_PARTS)].join(', ');
      throw new PagesError(`${path}: there is no page '${name}'; there are ${there}`);
    }
    const source = (await read(path, LARGEST.template)).toString();
    try {
      templates.set(name, readTemplate(source, { slots, asset }));
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      throw new PagesError(`${path}:${error.line}: ${error.message}`);
    }
  }
  return { templates, assets };
}

function slotsOf(name: string): Record<string, 'must' | 'may'> | undefined {
  if (FRAGMENTS.some((fragment) => fragment === name)) return {};
  return Object.hasOwn(PAGE_PARTS, name) ? { [CONTENT]: 'may', ...PAGE_PARTS[name as PageName] } : undefined;
}

async function readAssets(folder: string): Promise<Map<string, BrandFile>> {
  const assets = new Map<string, BrandFile>();
  const names = (await list(folder)).filter((name) => !name.startsWith('.'));
  if (names.length > MOST_ASSETS) throw new PagesError(`${folder} holds more than ${MOST_ASSETS} files`);
  for (const name of names) {
    const path = join(folder, name);
    if (!ASSET_NAME.test(name))
      throw new PagesError(`${path}: a name has letters, digits, dots, dashes and underscores`);
    const octets = await read(path, LARGEST.asset);
    const type = imageType(octets) ?? fontType(octets);
    if (!type)
      throw new PagesError(`${path} is neither a picture (SVG, PNG, JPEG, GIF, WebP, AVIF) nor a font (WOFF2, WOFF)`);
    assets.set(name, { type, octets });
  }
  return assets;
}

function fontType(octets: Buffer): string | undefined {
  const start = octets.subarray(0, 4).toString('latin1');
  return FONTS.find(([, one]) => one === start)?.[0];
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    throw new PagesError(`${folder} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function read(path: string, largest: number): Promise<Buffer> {
  let octets: Buffer;
  try {
    octets = await readFile(path);
  } catch (error) {
    throw new PagesError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  if (octets.length > largest) throw new PagesError(`${path} is larger than ${largest / 1024} KiB`);
  return octets;
}
