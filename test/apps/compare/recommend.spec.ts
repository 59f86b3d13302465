import { DEFAULT_NEEDS, type Needs, recommend } from '../../../src/apps/compare/recommend.js';
import { STRATEGIES } from '../../../src/apps/compare/strategies.js';

/** What an expert would say, for browsers and for APIs. */
const CASES: [name: string, needs: Partial<Needs>, choices: Record<string, string>][] = [
  ['a single server-rendered site', { clients: ['site'] }, { browsers: 'postgres-session-feed' }],
  ['the same with another provider', { clients: ['site'], gatehouse: false }, { browsers: 'postgres-session' }],
  ['the same with a Redis', { clients: ['site'], gatehouse: false, redis: true }, { browsers: 'redis-session' }],
  ['a site among five', { clients: ['site'], apps: 5 }, { browsers: 'postgres-session-feed' }],
  ['a SPA with its own API', { clients: ['spa'] }, { browsers: 'postgres-session-feed' }],
  ['a SPA with an API that others use', { clients: ['spa'], apps: 5 }, { browsers: 'postgres-session-feed', APIs: 'jwt-feed' }],
  ['mobile', { clients: ['mobile'] }, { APIs: 'jwt-feed' }],
  ['mobile, no instant logout', { clients: ['mobile'], instantLogout: false }, { APIs: 'jwt-expiry' }],
  ['mobile, another provider', { clients: ['mobile'], gatehouse: false }, { APIs: 'jwt-introspect' }],
  ['microservices', { clients: ['services'], apps: 12 }, { APIs: 'jwt-feed' }],
  ['microservices, no instant logout', { clients: ['services'], instantLogout: false }, { APIs: 'jwt-expiry' }],
  ['microservices behind a site', { clients: ['site', 'services'] }, { browsers: 'postgres-session-feed', APIs: 'jwt-feed' }],
  ['serverless site', { clients: ['site'], serverless: true, instantLogout: false }, { browsers: 'sealed-cookie' }],
  ['serverless site, instant logout', { clients: ['site'], serverless: true }, { browsers: 'postgres-session' }],
  ['the same with a Redis, serverless', { clients: ['site'], serverless: true, redis: true }, { browsers: 'redis-session' }],
  ['serverless API', { clients: ['mobile'], serverless: true, instantLogout: false }, { APIs: 'jwt-expiry' }],
  ['serverless API, instant logout', { clients: ['mobile'], serverless: true }, { APIs: 'jwt-introspect' }],
  ['serverless API, a Redis', { clients: ['services'], serverless: true, redis: true }, { APIs: 'jwt-deny-list' }],
]; // prettier-ignore

it.each(CASES)('%s', (_, needs, choices) => {
  const { choices: made } = recommend({ ...DEFAULT_NEEDS, ...needs });
  expect(Object.fromEntries(made.map(({ for: whom, strategy }) => [whom, strategy]))).toEqual(choices);
  const known = STRATEGIES.map(({ id }) => id);
  for (const { strategy, reasons } of made) {
    expect(known).toContain(strategy);
    expect(reasons.length).toBeGreaterThan(1);
  }
});

it('never a token in a page’s JavaScript, never memory, and never the feed where nothing is held open', () => {
  const yesNo = [true, false];
  for (const instantLogout of yesNo)
    for (const serverless of yesNo)
      for (const gatehouse of yesNo)
        for (const redis of yesNo) {
          const needs = { ...DEFAULT_NEEDS, clients: ['spa', 'mobile'] as const, instantLogout, serverless, gatehouse, redis };
          for (const { for: whom, strategy } of recommend(needs).choices) {
            const { kind, mode, store, bound, needsRedis } = STRATEGIES.find(({ id }) => id === strategy)!;
            expect([whom, kind]).toEqual([whom, whom === 'browsers' ? 'session' : 'jwt']);
            expect(store).not.toBe('memory');
            if (serverless || !gatehouse) expect(mode).not.toBe('feed');
            if (instantLogout) expect(bound).toBeUndefined();
            if (needsRedis) expect(redis).toBe(true);
          }
        }
}); // prettier-ignore

it('what was measured stands among the reasons', () => {
  const row = {
    id: 'jwt-feed',
    name: '',
    sentence: '',
    cpuMicroseconds: 41.4,
    revocation: { kind: 'measured', medianMilliseconds: 6.25, longestMilliseconds: 9, samples: 9 },
    lookups: { alone: { postgres: 0, redis: 0, http: 0 }, underLoad: 0 },
  } as const;
  const { choices } = recommend({ ...DEFAULT_NEEDS, clients: ['mobile'] }, [row]);
  expect(choices[0]!.reasons.at(-1)).toBe('Measured here: refused after 6.3 ms, 41 µs of CPU per request, 0 lookups per request.'); // prettier-ignore
});
