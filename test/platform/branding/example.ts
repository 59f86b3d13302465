import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../../apps/front-door.js';
import { type House, openHouse } from '../../support/house.js';

const circle = (fill: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><circle cx="80" cy="20" r="18" fill="${fill}"/></svg>`;

/** A provider that is branded as docs/branding.md tells, and the folder with its files. */
export interface Example {
  house: House;
  settings: Record<string, string>;
  /** A file in the folder. */
  path(name: string): string;
  close(): Promise<void>;
}

export async function openExample(): Promise<Example> {
  const page = await readFile(join(import.meta.dirname, '../../../docs/branding.md'), 'utf8');
  const directory = await temporaryDirectory();
  const path = (name: string) => join(directory.path, name);
  const blocks = [...page.matchAll(/^`(brand\/[\w./-]+)`:[^\n]*\n\n```(?:html|css)\n([^]*?)^```/gm)];
  const files = new Map(blocks.map(([, name, content]) => [name!, content!]));
  files.set('brand/logo.svg', circle('#333'));
  files.set('brand/logo-dark.svg', circle('#eee'));
  files.set('brand/pages/assets/garden.svg', circle('#2a8f7e'));
  files.set('brand/pages/assets/serif.woff2', 'wOF2…');
  files.set('brand/pages/README.md', 'Not ours.');
  for (const [name, content] of files) {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
  }
  const [, assignments = ''] = /^```sh\n(SITE_NAME[^]*?)^```/m.exec(page)!;
  const settings = Object.fromEntries(
    [...assignments.matchAll(/^(\w+)='?([^'\n]*)'?$/gm)].map(([, name, value]) => [
      name!,
      value!.replace(/^\.\//, `${directory.path}/`),
    ]),
  );
  try {
    const house = await openHouse({ settings });
    const close = async () => {
      await house.close();
      await directory.remove();
    };
    return { house, settings, path, close };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}
