import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type RelyingPartyOptions, Settings } from '../../src/relying-party/relying-party.options.js';
import { returnPath } from '../../src/relying-party/return-to.js';

const secret = 'Q3Vib2lkcyBhcmUgbm90IHJhbmRvbSBlbm91Z2g';
const session: RelyingPartyOptions['session'] = { store: 'memory', secret, cookie: { name: '__Host-app' } };
const good: RelyingPartyOptions = {
  issuer: 'http://localhost:3000',
  clientId: 'app',
  redirectUri: 'http://localhost:3001/auth/callback',
  session,
};
const production = { issuer: 'https://id.example.test', redirectUri: 'https://app.example.test/auth/callback' };

describe('the options', () => {
  it('have defaults', () => {
    expect(new Settings(good)).toMatchObject({
      revocation: 'expiry',
      scope: 'openid profile email',
      skewSeconds: 5,
      session: { origin: 'http://localhost:3001', loginPath: '/auth/login', idleMilliseconds: 1_800_000 },
    });
    const prefixed = { ...good, redirectUri: 'http://localhost:3001/api/auth/callback' };
    expect(new Settings(prefixed).session?.loginPath).toBe('/api/auth/login');
  });

  it.each([
    ['issuer', 'must be https', { issuer: 'http://id.example.test' }],
    ['issuer', 'full URL', { issuer: 'id.example.test' }],
    ['issuer', 'query', { issuer: 'https://id.example.test?x' }],
    ['clientId', 'is needed', { clientId: undefined }],
    ['redirectUri', '/auth/callback', { redirectUri: 'http://localhost:3001/' }],
    ['redirectUri', 'https', { redirectUri: 'http://app.example.test/auth/callback' }],
    ['session.store', "'memory' forgets", production],
    ['session.store', 'SessionStore', { session: { ...session, store: 'files' } }],
    ['session.secret', '32', { session: { ...session, secret: 'changeme' } }],
    ['session.secret', '', { session: { ...session, secret: '' } }],
    ['session.secret', '', { session: { ...session, secret: undefined } }],
    ['session.secret', '', { session: { ...session, secret: [] } }],
    ['session.secret', '', { session: { ...session, secret: 'a'.repeat(64) } }],
    ['session.cookie.name', '__Host-', { session: { ...session, cookie: { name: 'app' } } }],
    ['session.cookie.name', 'provider', { session: { ...session, cookie: { name: '__Host-gatehouse-session' } } }],
    ['session.url', 'is needed', { session: { ...session, store: 'postgres' } }],
    ['session.idle', 'duration', { session: { ...session, idle: '30 minutes' } }],
    ['bearer.audience', 'must not be the client id', { bearer: { audience: 'app' } }],
    ['bearer.audience', 'audience', { bearer: {} }],
    ['bearer.profile', 'keycloak', { bearer: { audience: 'x', profile: 'okta' } }],
    ['bearer.resource', 'is needed', { bearer: { audience: 'x', dpop: {} } }],
    ['bearer.resource', 'is needed', { bearer: { audience: 'x', metadata: true } }],
    ['bearer.resource', 'https', { bearer: { audience: 'x', resource: 'http://api.example.test' } }],
    ['bearer.resource', 'query', { bearer: { audience: 'x', resource: 'https://api.example.test?x' } }],
    ['bearer.maxTokenLifetime', 'duration', { bearer: { audience: 'x', maxTokenLifetime: 'a week' } }],
    ['bearer.maxTokenLifetime', 'duration', { bearer: { audience: 'x', maxTokenLifetime: 0 } }],
    ['bearer.opaqueTokens', 'clientSecret', { bearer: { audience: 'x', opaqueTokens: true } }],
    [
      'bearer.issuers.0.issuer',
      'twice',
      { bearer: { audience: 'x', issuers: [{ issuer: good.issuer, audience: 'x' }] } },
    ],
    [
      'bearer.issuers.0.issuer',
      'https',
      { bearer: { audience: 'x', issuers: [{ issuer: 'http://id.test', audience: 'x' }] } },
    ],
    [
      'bearer.issuers.0.jwksUri',
      'https',
      { bearer: { audience: 'x', issuers: [{ issuer: 'https://id.test', audience: 'x', jwksUri: 'http://id.test' }] } },
    ],
    [
      'bearer.issuers.0.audience',
      'client id',
      { bearer: { audience: 'x', issuers: [{ issuer: 'https://id.test', audience: 'y', clientId: 'y' }] } },
    ],
    [
      'bearer.issuers.0.clientSecret',
      'introspection',
      { bearer: { audience: 'x', issuers: [{ issuer: 'https://id.test', audience: 'y', opaqueTokens: true }] } },
    ],
    [
      'bearer.issuers.0.clientSecret',
      "revocation: 'expiry'",
      {
        clientSecret: 's',
        revocation: { mode: 'introspect' },
        bearer: { audience: 'x', issuers: [{ issuer: 'https://id.test', audience: 'y' }] },
      },
    ],
    [
      'bearer.opaqueTokens',
      'one issuer',
      {
        clientSecret: 's',
        bearer: {
          audience: 'x',
          opaqueTokens: true,
          issuers: [{ issuer: 'https://id.test', audience: 'y', opaqueTokens: true, clientId: 'a', clientSecret: 'b' }],
        },
      },
    ],
    ['bearer.algorithms.0', '', { bearer: { audience: 'x', algorithms: ['HS256'] } }],
    ['revocation.mode', 'clientSecret', { revocation: { mode: 'introspect' } }],
    ['clockSkew', '60s', { clockSkew: '5m' }],
    ['scope', 'openid', { scope: 'profile' }],
    ['options', 'session, bearer', { session: undefined }],
    ['options', 'issuerr', { issuerr: 'x' }],
  ])('SE-10: %s is refused with a reason (%s)', (name, reason, change) => {
    const options = { ...good, ...change } as RelyingPartyOptions;
    expect(() => new Settings(options)).toThrow(new RegExp(`^  ${name.replaceAll('.', '\\.')}: .*${reason}`, 'm'));
    expect(() => new Settings(options)).not.toThrow(secret);
    expect(() => new Settings(options)).toThrow(expect.objectContaining({ code: 'options_invalid' }));
  });
});

describe('returnPath', () => {
  it.each([
    ['/profile?x=1', '/profile?x=1'],
    ['/a/../b', '/b'],
    ['/profile#part', '/profile'],
    [undefined, '/'],
    ['', '/'],
    ['profile', '/'],
    ['//evil.test', '/'],
    ['/\\evil.test', '/'],
    ['/\t/evil.test', '/'],
    ['/.//evil.test', '/'],
    ['/x/..//evil.test', '/'],
    ['https://evil.test/', '/'],
    ['javascript:alert(1)', '/'],
    ['/auth/login', '/'],
    ['/auth/logout?x', '/'],
    [`/${'x'.repeat(3000)}`, '/'],
  ])('HD-08: %j → %s', (wanted, path) => {
    expect(returnPath(wanted, 'http://localhost:3001', '/auth/')).toBe(path);
  });
});

it('an application that takes tokens alone loads neither TypeORM nor pg nor argon2', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, kind, name] of source.matchAll(/^(?:import|export) (type )?[^;]*?from '([^']+)'/gms)) {
      if (kind) continue;
      if (!name!.startsWith('.')) packages.add(name!);
      else {
        const path = resolve(dirname(file), name!).replace(/\.js$/, '');
        visit([`${path}.ts`, `${path}.tsx`].find((candidate) => existing(candidate))!);
      }
    }
  };
  visit(resolve('src/relying-party/index.ts'));
  expect(seen.size).toBeGreaterThan(25);
  expect([...packages].filter((name) => /typeorm|^pg$|argon2/.test(name))).toEqual([]);
});

function existing(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}
