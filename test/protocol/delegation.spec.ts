import { actingFor, actorsIn, lineage, mayAct, parentsOf } from '../../src/protocol/delegation.js';
import { earliest } from '../../src/protocol/position.js';

const desk = { sub: 'desk', client_id: 'desk' };
const agent = { sub: 'usr_agent', client_id: 'office' };

describe('act', () => {
  it('names the one who acts now outermost', () => {
    const second = actingFor(agent, actingFor(desk, undefined));
    expect(second).toEqual({ ...agent, act: desk });
    expect(actorsIn(second)).toBe(2);
  });

  it('names nobody twice in a row', () => {
    expect(actingFor(desk, actingFor(desk, undefined))).toEqual(desk);
    expect(actorsIn(actingFor(desk, actingFor(agent, actingFor(desk, undefined))))).toBe(3);
  });

  it('is nobody when nobody acts', () => {
    expect(actorsIn(undefined)).toBe(0);
  });
});

it('a lineage begins with the token itself', () => {
  const grandparent = { jti: 'a', client_id: 'web', authorization_id: 'z' };
  expect(lineage({ jti: 'b', client_id: 'desk', authorization_id: 'z', parents: [grandparent], sub: 's' })).toEqual([
    { jti: 'b', client_id: 'desk', authorization_id: 'z' },
    grandparent,
  ]);
  expect(lineage({ jti: 'd', client_id: 'web', sid: 's' })).toEqual([{ jti: 'd', client_id: 'web', sid: 's' }]);
  expect(lineage({ jti: 'c', client_id: 'service' })).toEqual([{ jti: 'c', client_id: 'service' }]);
});

it('knows its own `parents` from something that another provider calls so', () => {
  expect(parentsOf({})).toEqual([]);
  expect(parentsOf({ parents: 'mum and dad' })).toEqual([]);
  expect(parentsOf({ parents: [null, 'mum', { jti: 7 }, { jti: 'a', client_id: 'b' }] })).toEqual([
    { jti: 'a', client_id: 'b' },
  ]);
});

describe('may_act', () => {
  const actor = { ...desk, iss: 'https://id.test' };
  it.each<[string, unknown, boolean]>([
    ['absent', undefined, true],
    ['the actor', { sub: 'desk' }, true],
    ['the actor with all there is', { sub: 'desk', client_id: 'desk', iss: 'https://id.test' }, true],
    ['another', { sub: 'office' }, false],
    ['the actor elsewhere', { sub: 'desk', iss: 'https://other.test' }, false],
    ['something we do not know of the actor', { sub: 'desk', email: 'desk@test' }, false],
    ['nobody', {}, false],
    ['null', null, false],
    ['text', 'desk', false],
    ['a list', ['desk'], false],
    ['what every object has', { constructor: Object }, false],
  ])('%s', (_, claim, expected) => {
    expect(mayAct(claim === undefined ? {} : { may_act: claim }, actor)).toBe(expected);
  });
});

it.each<[(string | undefined)[], string | undefined]>([
  [[], undefined],
  [['1.5'], '1.5'],
  [['1.10', '1.9'], '1.9'],
  [['2.1', '1.9'], '1.9'],
  [['1.9', undefined], '0.0'],
  [['1.9', 'nonsense'], '0.0'],
])('the earliest of %j is %s', (written, expected) => {
  expect(earliest(written)).toBe(expected);
});
