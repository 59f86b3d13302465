import { Parameters } from '../../src/protocol/parameters.js';

describe('Parameters.parse', () => {
  it.each([
    ['a=1', 'a', '1'],
    ['a=b+c%20d', 'a', 'b c d'],
    ['a=1=2', 'a', '1=2'],
    ['%61=1', 'a', '1'],
    ['a=%E2%9C%93', 'a', '✓'],
    ['&&a=1&', 'a', '1'],
    ['a=', 'a', undefined],
    ['a', 'a', undefined],
    ['', 'a', undefined],
    ['a[]=1', 'a', undefined],
    ['a[b]=1', 'a', undefined],
    ['__proto__=1', '__proto__', '1'],
    ['x=1', 'constructor', undefined],
    ['x=1', '__proto__', undefined],
  ])('%j: %s is %j', (text, name, value) => {
    expect(Parameters.parse(text).get(name)).toBe(value);
  });

  it.each([
    ['broken UTF-8', 'a=%ff'],
    ['an overlong NUL', 'a=%c0%80'],
    ['a lone surrogate', 'a=%ed%a0%80'],
    ['half an escape', 'a=%e'],
    ['a bad escape', 'a=%zz'],
    ['a broken name', '%ff=1'],
    ['101 parameters', 'a=1&'.repeat(101)],
    ['ten thousand parameters', Array.from({ length: 10_000 }, (_, i) => `p${i}=1`).join('&')],
  ])('IJ-19 TK-23 refuses %s', (_, text) => {
    expect(() => Parameters.parse(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('repetition', () => {
  const parameters = Parameters.parse('once=1&twice=1&twice=2&same=1&same=1&empty=&empty=1&resource=a&resource=b');

  it.each(['twice', 'same', 'empty'])('TK-05 refuses %s when it is read', (name) => {
    expect(() => parameters.get(name)).toThrow(expect.objectContaining({ code: 'invalid_request', parameter: name }));
    expect(() => parameters.require(name)).toThrow(expect.objectContaining({ parameter: name }));
  });

  it('answers all values where several are meant', () => {
    expect(parameters.all('resource')).toEqual(['a', 'b']);
    expect(parameters.all('nothing')).toEqual([]);
    expect(Parameters.parse('resource=a&resource=b').repeated(['resource'])).toBeUndefined();
    expect(parameters.repeated(['resource'])).toBe('twice');
  });
});

describe('Parameters.from', () => {
  it('takes text as sent once and an array as repeated', () => {
    const parameters = Parameters.from({ a: '1', b: ['1', '2'], c: [], d: '' });
    expect(parameters.get('a')).toBe('1');
    expect(() => parameters.get('b')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(parameters.get('c')).toBeUndefined();
    expect(parameters.get('d')).toBeUndefined();
  });

  it.each([
    ['an object', { a: { b: 'c' } }],
    ['a number', { a: 1 }],
    ['true', { a: true }],
    ['null', { a: null }],
    ['an array in an array', { a: [['1']] }],
  ])('IJ-02 leaves out %s', (_, parsed) => {
    expect(Parameters.from(parsed).get('a')).toBeUndefined();
  });

  it('TK-23 refuses more than a hundred', () => {
    const parsed = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`p${i}`, '1']));
    expect(() => Parameters.from(parsed)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => Parameters.from({ a: Array.from({ length: 101 }, () => '1') })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });
});

it('require names what is missing', () => {
  expect(() => Parameters.none.require('code')).toThrow(
    expect.objectContaining({ code: 'invalid_request', parameter: 'code' }),
  );
});
