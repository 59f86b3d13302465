import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';

const page = await readFile('docs/conformance.md', 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('|') && !/^\| *(Section|Subject|-+) *\|/.test(line));
const testsIn = (text: string) => [...text.matchAll(/`([a-z0-9./-]+spec\.ts)`/g)].map(([, file]) => file!);

it('has a row for what the page is about', () => {
  expect(rows.length).toBeGreaterThan(60);
});

it.each(rows)('names a test that exists: %s', (row) => {
  const files = testsIn(row.split('|').at(-2)!);
  expect(files).not.toEqual([]);
  expect(files.filter((file) => !existsSync(`test/${file}`))).toEqual([]);
});

it('names every test of this directory that shows something on the wire', async () => {
  const files = (await readdir('test/conformance')).filter((name) => name.endsWith('.e2e-spec.ts'));
  const named = testsIn(page);
  expect(files.filter((file) => !named.includes(`conformance/${file}`))).toEqual([]);
});
