import { audienceOf, checkResources } from '../../src/authorizations/audience.js';
import type { Resource } from '../../src/clients/resources.js';

const ISSUER = 'https://id.test';
const ORDERS: Resource = {
  audience: 'urn:orders',
  scopes: ['orders:read', 'orders:write'],
  tokenFormat: 'jwt',
  accessTokenSeconds: 120,
};
const BILLS: Resource = {
  audience: 'https://bills.test/',
  scopes: ['bills:read'],
  tokenFormat: 'opaque',
  accessTokenSeconds: 60,
};
const ALL = [ORDERS, BILLS]; // prettier-ignore

describe('checkResources', () => {
  it.each([
    ['none', [], []],
    ['one', ['urn:orders'], ['urn:orders']],
    ['one twice', ['urn:orders', 'urn:orders'], ['urn:orders']],
    ['two', ['https://bills.test/', 'urn:orders'], ['https://bills.test/', 'urn:orders']],
  ])('takes %s', (_, wanted, resources) => {
    expect(checkResources(wanted, ALL)).toEqual(resources);
  });

  it.each([
    ['a fragment', ['urn:orders#x']],
    ['a relative URI', ['/orders']],
    ['no URI', ['orders']],
    ['one that is not registered', ['urn:other']],
    ['another spelling', ['https://bills.test']],
    ['twenty', Array.from({ length: 20 }, (_, i) => `urn:r${i}`)],
  ])('AZ-38 refuses %s', (_, wanted) => {
    expect(() => checkResources(wanted, ALL)).toThrow(expect.objectContaining({ code: 'invalid_target' }));
  });
});

describe('audienceOf', () => {
  it.each([
    ['only standard scopes', ['openid', 'email'], [], { audience: [ISSUER], scopes: ['openid', 'email'] }],
    ['no scope', [], [], { audience: [ISSUER], scopes: [] }],
    [
      'the scopes of one resource',
      ['openid', 'orders:read'],
      [],
      { audience: ['urn:orders'], scopes: ['openid', 'orders:read'], format: 'jwt', accessTokenSeconds: 120 },
    ],
    [
      'scopes of two resources, one named',
      ['openid', 'orders:read', 'bills:read'],
      ['urn:orders'],
      { audience: ['urn:orders'], scopes: ['openid', 'orders:read'], format: 'jwt', accessTokenSeconds: 120 },
    ],
    [
      'scopes of two resources, both named: the strictest of both',
      ['orders:read', 'bills:read'],
      ['urn:orders', 'https://bills.test/'],
      {
        audience: ['urn:orders', 'https://bills.test/'],
        scopes: ['orders:read', 'bills:read'],
        format: 'opaque',
        accessTokenSeconds: 60,
      },
    ],
    [
      'a resource without its scopes',
      ['openid'],
      ['urn:orders'],
      { audience: ['urn:orders'], scopes: ['openid'], format: 'jwt', accessTokenSeconds: 120 },
    ],
  ])('%s', (_, scopes, requested, target) => {
    expect(audienceOf(scopes, requested, ALL, ISSUER)).toEqual(target);
  });

  it.each<[string, Partial<Resource>, Partial<Resource>, string | undefined]>([
    ['nobody wants one of their own', {}, {}, undefined],
    ['both want the same', { tokenSigningAlg: 'PS256' }, { tokenSigningAlg: 'PS256' }, 'PS256'],
    ['they differ: the one that everybody must know', { tokenSigningAlg: 'EdDSA' }, {}, 'RS256'],
  ])('the signature of two resources when %s', (_, orders, bills, algorithm) => {
    const resources = [
      { ...ORDERS, ...orders },
      { ...BILLS, ...bills },
    ];
    const both = resources.map(({ audience }) => audience);
    expect(audienceOf(['orders:read'], both, resources, ISSUER).algorithm).toBe(algorithm);
  });

  it('refuses the scopes of two resources when none is named', () => {
    expect(() => audienceOf(['orders:read', 'bills:read'], [], ALL, ISSUER)).toThrow(
      expect.objectContaining({ code: 'invalid_target', parameter: 'resource' }),
    );
  });
});
