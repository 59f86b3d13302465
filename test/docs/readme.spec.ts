import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment as ofProvider } from '../../src/apps/identity-provider/config.js';
import { environment as ofApplications } from '../../src/apps/support/app-config.js';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const configuration = read('README.md').split('## Configuration')[1]!.split('\n## ')[0]!;
/** The first two columns of the configuration table. */
const rows = [...configuration.matchAll(/^\| +(`[A-Z_`, ]+`) +\| +([^|]+?) +\|/gm)].flatMap(([, names, whose]) =>
  [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => ({ name: name!, whose: whose! })),
);
const namesOf = (pattern: RegExp) => rows.filter(({ whose }) => pattern.test(whose)).map(({ name }) => name);

it('the configuration table names the provider’s settings, all of them and no other', () => {
  expect(namesOf(/all|provider/).sort()).toEqual(Object.keys(ofProvider.shape).sort());
});

it('and those of the sample applications', () => {
  expect(namesOf(/all|portal|desk|orders/).sort()).toEqual(Object.keys(ofApplications.shape).sort());
});

it('every setting that the front doors read is in the table', () => {
  const sources = [
    'src/apps/demo/main.ts',
    'scripts/browser.mjs',
    'test/support/global-setup.mjs',
    'test/browser/pages.browser-spec.ts',
  ]
    .map(read)
    .join('\n');
  for (const { name } of rows.filter(({ whose }) => /demo|tests/.test(whose))) expect(sources).toContain(name);
});

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const appPages = ['portal', 'orders', 'desk'].map((name) => `src/apps/${name}/README.md`);

it.each([...pages, ...appPages])('%s: what it links to exists', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link]) => link!);
  const missing = links.filter((link) => !existsSync(join(root, dirname(page), link)));
  expect(missing).toEqual([]);
});

it('every npm script that the README names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...read('README.md').matchAll(/npm run ([\w:-]+)|`(start:[\w-]+)`/g)].map(([, a, b]) => a ?? b!);
  expect(named.length).toBeGreaterThan(3);
  for (const name of named) expect(Object.keys(scripts)).toContain(name);
});

it('its pictures are light', () => {
  for (const name of readdirSync(join(root, 'docs/images'))) {
    expect([name, statSync(join(root, 'docs/images', name)).size]).toEqual([name, expect.any(Number)]);
    expect(statSync(join(root, 'docs/images', name)).size).toBeLessThan(200_000);
  }
});
