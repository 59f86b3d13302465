import { bearerToken, schemeOf } from '../../src/protocol/bearer.js';

it.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER a.b-c_d~e+f/g==', 'a.b-c_d~e+f/g=='],
  ['Basic abc', undefined],
  ['DPoP abc', undefined],
  ['', undefined],
])('%j holds %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

it.each([
  'Bearer',
  'Bearer ',
  'Bearer  abc',
  'Bearer a b',
  'Bearer a,b',
  'Bearer "a"',
  'Bearer é',
  `Bearer ${'a'.repeat(16_384)}`,
])('refuses %j', (header) => {
  expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});

it.each([
  ['Basic abc', 'basic'],
  ['Bearer', 'bearer'],
  ['', ''],
])('schemeOf(%j) is %j', (header, scheme) => {
  expect(schemeOf(header)).toBe(scheme);
});
