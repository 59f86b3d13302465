import fc from 'fast-check';
import { readCookie, readCookies } from '../../src/platform/http/cookies.js';

const read = (header: string | undefined) => Object.fromEntries(readCookies(header));

it.each<[string, string | undefined, Record<string, string>]>([
  ['no header', undefined, {}],
  ['one', '__Host-app=1', { '__Host-app': '1' }],
  [
    'several, with spaces and tabs around them',
    ' a = 1 ;\t__Host-app=x=y\t; b',
    { a: '1', '__Host-app': 'x=y', b: '' },
  ],
  ['one name twice: nobody can tell which is ours', '__Host-app=1; a=2; __Host-app=3', { a: '2' }],
  ['more than anybody sends', `a=${'x'.repeat(16_384)}`, {}],
])('%s', (_, header, cookies) => {
  expect(read(header)).toEqual(cookies);
});

// Browsers keep siblings from setting a name that begins with `__Host-`; these begin with something else, for them.
it.each(['\u00a0', '\ufeff', '\u2003', '\u3000', '\v', '\f', '\u0085'])(
  'SE-07 what a browser takes for another name stays another name: %j before it',
  (blank) => {
    expect(readCookies(`${blank}__Host-app=theirs`).has('__Host-app')).toBe(false);
    expect(read(`__Host-app=ours; ${blank}__Host-app=theirs`)['__Host-app']).toBe('ours');
    expect(read(`__Host-app${blank}=theirs; __Host-app=ours`)['__Host-app']).toBe('ours');
  },
);

it('reads one cookie as it reads them all', () => {
  const part = fc.constantFrom('a', '__Host-a', '__Host-a-b', '=', ';', ' ', '\t', '\u00a0', '1', '');
  const headers = fc.oneof(
    fc.array(part, { maxLength: 24 }).map((parts) => parts.join('')),
    fc.constant(undefined),
  );
  const name = fc.constantFrom('a', '__Host-a', '__Host-a-b', 'b');
  fc.assert(
    fc.property(headers, name, (header, wanted) => {
      expect(readCookie(header, wanted)).toBe(readCookies(header).get(wanted));
    }),
    { numRuns: 2000 },
  );
  expect(readCookie(`a=1; b=${'x'.repeat(16_384)}`, 'a')).toBeUndefined();
});
