import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STRATEGIES } from '../../src/apps/compare/strategies.js';
import { runHere } from '../apps/command-line.js';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/sessions-and-jwts.md'), 'utf8');
const pitfalls = [...page.matchAll(/^\| \*\*(.+?)\.\*\* .*\| `([^`]+\.ts)`: (.+?) +\|$/gm)].map(([, name, file, title]) => [name!, file!, title!] as const); // prettier-ignore

it('there are as many pitfalls as rows of their table', () => {
  const rows = page.split('| Pitfall')[1]!.split('\n').filter((line) => line.startsWith('| **')); // prettier-ignore
  expect(rows.length).toBeGreaterThan(12);
  expect(pitfalls.length).toBe(rows.length);
});

it.each(pitfalls)('%s: the test that closes it exists', (_, file, title) => {
  const path = join(root, 'test', file);
  expect(existsSync(path)).toBe(true);
  expect(readFileSync(path, 'utf8')).toContain(title);
});

it('the measured table names every strategy, and how it came about', () => {
  const names = [...page.matchAll(/^\| ([\w,+ ]+?) +\| +[\d,]+ +\| .* µs/gm)].map(([, name]) => name);
  expect(names).toEqual(STRATEGIES.map(({ name }) => name));
  expect(page).toMatch(/Measured on \d+ × .+, Node \d+\.\d+\.\d+, .+ with `npx nest-gatehouse compare`/);
});

it('its command lines are right', async () => {
  const examples = [...page.matchAll(/^npx nest-gatehouse (compare.*)$/gm)].map(([, text]) => text!);
  expect(examples.length).toBe(2);
  for (const text of examples) {
    // The last option is read when all others were; so nothing is measured here.
    const { code, stderr } = await runHere([...text.split(' '), '--only', 'nothing'], {});
    expect([text, code, stderr]).toEqual([text, 2, expect.stringContaining("--only: there is no 'nothing'")]);
  }
});
