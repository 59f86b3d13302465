import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/scale.md'), 'utf8');
const simulated = execFileSync(process.execPath, [join(root, 'bench/simulate.mjs')], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});

it('the page of scale holds what `npm run simulate` prints', () => {
  expect(simulated.split('\n').length).toBeGreaterThan(60);
  const held = /<!-- simulation -->\n([^]*?)\n<!-- end of simulation -->/.exec(page)?.[1];
  expect(held?.trim()).toBe(simulated.trim());
});

it('each number that the simulation takes for given says what it rests on', () => {
  const assumptions = [...simulated.matchAll(/^\| `\w+\.\w+` \| (.*) \| (.*) \| (.*) \|$/gm)];
  expect(assumptions.length).toBeGreaterThan(35);
  for (const [line, , source, why] of assumptions) {
    expect([line, source]).toEqual([line, expect.stringMatching(/^(measured, \d{4}-\d\d-\d\d|assumed|ours)$/)]);
    expect([line, why?.length]).not.toEqual([line, 0]);
    if (source!.startsWith('measured')) expect(line).toMatch(/`npm run bench:\w+`: /);
  }
});

it('what was measured is a result that is kept', () => {
  const { results } = JSON.parse(readFileSync(join(root, 'bench/results/latest.json'), 'utf8')) as {
    results: { name: string }[];
  };
  const names = new Set(results.map(({ name }) => name));
  const measured = [...simulated.matchAll(/\| `npm run bench:(?:provider|revocation)`: ([\w-]+), /g)];
  expect(measured.length).toBeGreaterThan(5);
  for (const [, name] of measured) expect(names).toContain(name);
});
