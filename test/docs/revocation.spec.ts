import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RelyingPartyOptions } from '../../src/relying-party/index.js';
import { Settings } from '../../src/relying-party/relying-party.options.js';
import { FIXED_OPTIONS } from './revocation-options.js';

const page = readFileSync(join(import.meta.dirname, '../../docs/revocation.md'), 'utf8');
const rowsOf = (heading: RegExp) =>
  page
    .split(heading)[1]!
    .split('\n\n')
    .find((part) => part.startsWith('| '))!;

it('the options, and their defaults, are the ones that the page tells', () => {
  const told = [...rowsOf(/## Switch it on[^]*?(?=\| Option)/).matchAll(/^\| `revocation\.(\w+)` /gm)];
  expect(told.map(([, name]) => name).sort()).toEqual(Object.keys(FIXED_OPTIONS.revocation!).sort());
  expect(() => new Settings(FIXED_OPTIONS)).not.toThrow();
  const { feed, revocation, versionClaim } = new Settings({ ...FIXED_OPTIONS, revocation: {} });
  expect([revocation, feed.maxStalenessMilliseconds, feed.onStale, feed.maxRules, versionClaim]).toEqual([
    'feed',
    10_000,
    'introspect',
    2_000_000,
    'token_version',
  ]);
});

it('the five modes are the ones that the guard knows', () => {
  const told = [...rowsOf(/## The five modes/).matchAll(/^\| `([\w-]+)` /gm)].map(([, mode]) => mode!);
  expect(told).toHaveLength(5);
  const revocation = (mode: string): RelyingPartyOptions => ({
    ...FIXED_OPTIONS,
    revocation: { mode, redis: 'redis://localhost/' } as NonNullable<RelyingPartyOptions['revocation']>,
  });
  for (const mode of told) expect(new Settings(revocation(mode)).revocation).toBe(mode);
  expect(() => new Settings(revocation('hope'))).toThrow('revocation.mode');
});
