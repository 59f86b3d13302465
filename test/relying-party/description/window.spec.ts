import type { Route } from '../../../src/relying-party/access.js';
import { windowsOf } from '../../../src/relying-party/description/window.js';
import { type RelyingPartyOptions, Settings } from '../../../src/relying-party/relying-party.options.js';

const ROUTE: Route = { mode: 'required', scheme: 'any', scopes: [], roles: [], stepUps: [] };
const SECRET = 'a-session-secret-of-32-and-more-bytes';
const AUDIENCE = 'https://api.example.com';

function settings({ store = 'postgres', ...more }: Partial<RelyingPartyOptions> & { store?: string } = {}): Settings {
  const url = { postgres: 'postgres://localhost/x', redis: 'redis://localhost/' }[store];
  return new Settings({
    issuer: 'http://localhost:9',
    clientId: 'app',
    clientSecret: 'secret',
    redirectUri: 'http://localhost:8/auth/callback',
    session: { store: store as 'postgres', secret: SECRET, cookie: { name: '__Host-app' }, ...(url ? { url } : {}) },
    bearer: { audience: AUDIENCE },
    ...more,
  });
}

const redis = 'redis://localhost/';
const H12 = 12 * 3_600_000;
/** Milliseconds for a session and for a token; null: its own end. */
const CASES: [name: string, settings: Settings, route: Partial<Route>, session: number | null, token: number | null, absent?: boolean][] = [
  ['feed', settings(), {}, 11_000, 11_000],
  ['feed, refuse', settings({ revocation: { onStale: 'refuse' } }), {}, 10_000, 10_000],
  ['feed, a minute', settings({ revocation: { maxStaleness: '60s' } }), {}, 61_000, 61_000],
  ['a route that accepts', settings(), { staleness: { maxMilliseconds: 5000, onStale: 'accept' } }, null, null],
  ['a stricter route', settings(), { staleness: { maxMilliseconds: 2000, onStale: 'refuse' } }, 2000, 2000],
  ['a provider without a feed', settings(), {}, H12, null, true],
  ['expiry', settings({ revocation: { mode: 'expiry' } }), {}, H12, null],
  ['introspect', settings({ revocation: { mode: 'introspect' } }), {}, 0, 1000],
  ['a route that introspects', settings(), { revocation: 'introspect' }, 0, 1000],
  ['deny-list', settings({ revocation: { mode: 'deny-list', redis } }), {}, 0, 0],
  ['version', settings({ revocation: { mode: 'version', redis } }), {}, 0, 0],
  ['a sealed cookie that nobody tells', settings({ store: 'sealed-cookie', revocation: { mode: 'expiry' } }), {}, H12, null],
  ['a sealed cookie with the feed', settings({ store: 'sealed-cookie' }), {}, 11_000, 11_000],
]; // prettier-ignore

it.each(CASES)('%s', (_, of, route, session, token, absent = false) => {
  const windows = windowsOf({ ...ROUTE, ...route }, of, absent);
  expect(windows.map(({ credential, milliseconds }) => [credential, milliseconds])).toEqual([
    ['session', session],
    ['jwt', token],
  ]);
  for (const { words } of windows) expect(words).toMatch(/^[A-Z].*\.$/);
});

it('only what a route takes, and every issuer by itself', () => {
  const of = settings({
    bearer: { audience: AUDIENCE, issuers: [{ issuer: 'https://b.example', audience: AUDIENCE }] },
  });
  const kinds = (route: Partial<Route>) => windowsOf({ ...ROUTE, ...route }, of, false).map(({ credential, issuer, mode }) => [credential, issuer, mode]); // prettier-ignore
  expect(kinds({ scheme: 'session' })).toEqual([['session', undefined, 'feed']]);
  // The feed is that of the module's own provider.
  const tokens = [['jwt', 'http://localhost:9', 'feed'], ['jwt', 'https://b.example', 'expiry']]; // prettier-ignore
  expect(kinds({ scheme: 'jwt' })).toEqual(tokens);
  expect(kinds({ mode: 'public' })).toEqual([]);
});

it('nobody is told in production without a secret', () => {
  const production = (describe: RelyingPartyOptions['describe']) => () =>
    new Settings({ issuer: 'https://id.example.com', bearer: { audience: AUDIENCE }, ...(describe === undefined ? {} : { describe }) }); // prettier-ignore
  expect(production(true)).toThrow('describe: true is for development only');
  expect(production({ secret: 'short' })).toThrow('describe');
  expect(production({ secret: SECRET })().describe).toEqual({ secret: SECRET });
  expect(production(false)().describe).toBeUndefined();
  expect(production(undefined)().describe).toBeUndefined();
});
