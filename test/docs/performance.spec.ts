import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const latest = JSON.parse(read('bench/results/latest.json')) as { results: Record<string, unknown>[] };
const page = read('docs/performance.md');

/** What a module of the benchmarks answers; in a process of its own, as they run. */
function asked(expression: string): unknown {
  const program = `const results = await import('./bench/support/results.mjs');
    const sides = await import('./bench/support/side-by-side.mjs');
    process.stdout.write(JSON.stringify(${expression}));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' }),
  );
}

it('every benchmark that is promised is a script, and the page says how to run it', () => {
  for (const name of ['footprint', 'growth', 'revocation', 'soak', 'provider', 'guards', 'login', 'workers']) {
    expect([name, scripts[`bench:${name}`]]).toEqual([name, `node scripts/start.mjs bench/${name}`]);
    expect(page).toContain(`\`npm run bench:${name}\``);
  }
  expect(scripts['bench']).toBe('node scripts/start.mjs bench/all');
});

it('the results that are kept have one shape, unique names and every name that is promised', () => {
  expect(Object.keys(latest)).toEqual(['machine', 'versions', 'commit', 'results']);
  const names = latest.results.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(
    expect.arrayContaining([
      'sso-flow',
      'client-credentials',
      'refresh',
      'introspect',
      'userinfo',
      'jwks',
      'discovery',
      'guard-jwt-warm',
      'guard-jwt-cold',
      'guard-session-warm',
      'guard-session-cold',
      'guard-vs-passport-jwt',
    ]),
  );
  const number = expect.any(Number) as number;
  for (const { measure, ours, theirs, ratio, target, met, name, ...rest } of latest.results) {
    expect([name, rest]).toEqual([expect.any(String), {}]);
    expect([name, measure, target]).toEqual([name, expect.any(String), number]);
    if (met === null) continue;
    expect([name, ours]).toEqual([name, number]);
    expect([name, theirs, ratio]).toEqual([name, theirs === null ? null : number, theirs === null ? null : number]);
    expect([name, met]).toEqual([name, ((ratio ?? ours) as number) <= (target as number)]);
  }
});

it('a result is judged by its ratio, by itself where it stands alone, and not at all where nothing was measured', () => {
  const judged = (figures: string) => asked(`results.resultOf({ name: 'n', measure: 'm', ${figures} })`);
  const named = { name: 'n', measure: 'm' };
  expect(judged('ours: 30, theirs: 100, target: 0.3')).toEqual({
    ...named,
    ours: 30,
    theirs: 100,
    ratio: 0.3,
    target: 0.3,
    met: true,
  });
  expect(judged('ours: 31, theirs: 100, target: 0.3')).toMatchObject({ ratio: 0.31, met: false });
  expect(judged('ours: 6, target: 5')).toEqual({
    ...named,
    ours: 6,
    theirs: null,
    ratio: null,
    target: 5,
    met: false,
  });
  expect(judged('ours: NaN, theirs: NaN, target: 1')).toMatchObject({ ours: null, ratio: null, met: null });
});

it('both sides are measured in turns, five times at least, and the median counts', () => {
  expect(asked('sides.ROUNDS')).toBeGreaterThanOrEqual(5);
  expect(asked('sides.median([9, 1, 5, 3, 100])')).toBe(5);
});
