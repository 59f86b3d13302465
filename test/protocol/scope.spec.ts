import { isCovered, parseScope } from '../../src/protocol/scope.js';

describe('parseScope', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['openid', ['openid']],
    ['openid  profile ', ['openid', 'profile']],
    ['b a b', ['b', 'a']],
    ['orders:read https://api.test/x!#[]~', ['orders:read', 'https://api.test/x!#[]~']],
    ['__proto__ constructor', ['__proto__', 'constructor']],
  ])('reads %j', (scope, tokens) => {
    expect(parseScope(scope)).toEqual(tokens);
  });

  it.each([
    ['a quote', 'open"id'],
    ['a backslash', 'a\\b'],
    ['a tab', 'openid\tprofile'],
    ['a line feed', 'openid\nprofile'],
    ['a NUL', 'openid\0'],
    ['DEL', 'a\x7f'],
    ['a letter beyond ASCII', 'profilé'],
    ['a no-break space', 'a\u00a0b'],
    ['4097 characters', 'a'.repeat(4097)],
    ['ten thousand words', 'ab '.repeat(10_000)],
  ])('AZ-11 AZ-12 refuses %s', (_, scope) => {
    expect(() => parseScope(scope)).toThrow(expect.objectContaining({ code: 'invalid_scope', parameter: 'scope' }));
  });
});

it.each([
  [[], [], true],
  [[], ['a'], true],
  [['a'], ['a', 'b'], true],
  [['a', 'c'], ['a', 'b'], false],
  [['A'], ['a'], false],
])('isCovered(%j, %j) is %s', (wanted, granted, covered) => {
  expect(isCovered(wanted, granted)).toBe(covered);
});
