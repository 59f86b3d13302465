import { narrowResources, narrowScopes } from '../../src/identity-provider/token/narrow.js';

it.each([
  [undefined, ['a', 'b'], ['a', 'b']],
  ['a', ['a', 'b'], ['a']],
  ['b a', ['a', 'b'], ['b', 'a']],
])('narrowScopes(%j, %j) is %j', (wanted, granted, scopes) => {
  expect(narrowScopes(wanted, granted)).toEqual(scopes);
});

it.each(['c', 'a c', 'A', '"'])('TK-14 RT-11 narrowScopes refuses %j', (wanted) => {
  expect(() => narrowScopes(wanted, ['a', 'b'])).toThrow(expect.objectContaining({ code: 'invalid_scope' }));
});

it.each([
  [[], ['urn:a', 'urn:b'], ['urn:a', 'urn:b']],
  [['urn:b', 'urn:b'], ['urn:a', 'urn:b'], ['urn:b']],
  [[], [], []],
])('narrowResources(%j, %j) is %j', (wanted, granted, resources) => {
  expect(narrowResources(wanted, granted)).toEqual(resources);
});

it.each([[['urn:c']], [['urn:a', 'urn:c']]])('TK-15 RT-12 narrowResources refuses %j', (wanted) => {
  expect(() => narrowResources(wanted, ['urn:a'])).toThrow(expect.objectContaining({ code: 'invalid_target' }));
});
