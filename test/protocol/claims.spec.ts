import {
  claimsWithin,
  parseClaimsRequest,
  presentClaims,
  scopesBehind,
  USER_CLAIMS,
  wantedValues,
} from '../../src/protocol/claims.js';

describe('parseClaimsRequest', () => {
  it('reads the example of OpenID Connect Core §5.5', () => {
    const text = `{
      "userinfo": {"given_name": {"essential": true}, "nickname": null, "email": {"essential": true}, "picture": null},
      "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}
    }`;
    expect(parseClaimsRequest(text)).toEqual({
      userinfo: { given_name: { essential: true }, nickname: null, email: { essential: true }, picture: null },
      id_token: { auth_time: { essential: true }, acr: { values: ['urn:mace:incommon:iap:silver'] } },
    });
  });

  it.each([
    ['nothing', undefined, undefined],
    ['unknown members', '{"saml": 1, "userinfo": {"name": {"weight": 3}}}', { userinfo: { name: {} } }],
    ['no member', '{}', {}],
    ['a value that is null', '{"id_token": {"sub": {"value": null}}}', { id_token: { sub: { value: null } } }],
  ])('reads %s', (_, text, request) => {
    expect(parseClaimsRequest(text)).toEqual(request);
  });

  it('keeps a claim called __proto__ a claim', () => {
    const { userinfo } = parseClaimsRequest('{"userinfo": {"__proto__": {"essential": true}}}')!;
    expect(Object.keys(userinfo!)).toEqual(['__proto__']);
    expect(userinfo!['essential']).toBeUndefined();
    expect({}).not.toHaveProperty('essential');
  });

  it.each([
    ['no JSON', 'not-json'],
    ['an array', '[]'],
    ['text', '"userinfo"'],
    ['null', 'null'],
    ['a number', '7'],
    ['a member that is an array', '{"userinfo": []}'],
    ['a member that is null', '{"userinfo": null}'],
    ['a claim that is true', '{"userinfo": {"name": true}}'],
    ['a claim that is an array', '{"userinfo": {"name": []}}'],
    ['an essential that is text', '{"userinfo": {"name": {"essential": "true"}}}'],
    ['values that are text', '{"id_token": {"acr": {"values": "a"}}}'],
    ['4097 characters', `{"userinfo": {${' '.repeat(4097)}}}`],
    [
      '101 claims',
      JSON.stringify({ userinfo: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`c${i}`, null])) }),
    ],
    ['a nest of arrays', '['.repeat(100)],
    ['a NUL', '{"userinfo": {"a\0": null}}'],
  ])('AZ-36 refuses %s', (_, text) => {
    expect(() => parseClaimsRequest(text)).toThrow(
      expect.objectContaining({ code: 'invalid_request', parameter: 'claims' }),
    );
  });
});

it.each([
  [undefined, undefined],
  [null, undefined],
  [{}, undefined],
  [{ essential: true }, undefined],
  [{ value: 'a' }, ['a']],
  [{ values: ['a', 'b'] }, ['a', 'b']],
  [{ value: 'a', values: ['b'] }, ['a']],
])('wantedValues(%j) is %j', (request, values) => {
  expect(wantedValues(request)).toEqual(values);
});

describe('claims by name and scopes', () => {
  const request = {
    userinfo: { email: null, name: { essential: true }, sub: null },
    id_token: { address: null, acr: null },
  };

  it('finds the scopes behind them', () => {
    expect(scopesBehind(request)).toEqual(['email', 'profile', 'address']);
    expect(scopesBehind({ id_token: { acr: null, constructor: null } })).toEqual([]);
    expect(scopesBehind(undefined)).toEqual([]);
  });

  it('keeps those that a scope permits, and what is not about a person', () => {
    expect(claimsWithin(request, ['openid', 'profile'])).toEqual({
      userinfo: { name: { essential: true }, sub: null },
      id_token: { acr: null },
    });
  });
});

describe('presentClaims', () => {
  it('leaves out what is not there, null, empty text and empty objects', () => {
    const from = { name: 'A', email: '', phone_number: null, address: {}, email_verified: false, updated_at: 0 };
    const names = [...Object.keys(from), 'nickname'];
    expect(presentClaims(names, from)).toEqual({ name: 'A', email_verified: false, updated_at: 0 });
  });

  it('reads nothing from the prototype', () => {
    expect(presentClaims(['constructor', 'toString', '__proto__'], {})).toEqual({});
  });
});

it('knows the twenty standard claims less sub', () => {
  expect(new Set(USER_CLAIMS).size).toBe(19);
});
