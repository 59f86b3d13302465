import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const test = join(import.meta.dirname, '..');
const model = readFileSync(join(test, '../docs/threat-model.md'), 'utf8');
const cases = [...model.matchAll(/^\| ([A-Z]{2}-\d{2}) \| (P[01]) \| (.+?) \| (.+) \|$/gm)];

it('every case has a test that exists, or is marked later', () => {
  expect(cases.length).toBeGreaterThan(300);
  for (const [, id, , , where] of cases) {
    const files = [...where!.matchAll(/`([^`]+\.ts)`/g)].map(([, file]) => file!);
    const missing = files.filter((file) => !existsSync(join(test, file)));
    expect([id, missing, files.length > 0 || where!.startsWith('later')]).toEqual([id, [], true]);
  }
});

it('no case comes twice', () => {
  const ids = cases.map(([, id]) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
