import type { INestApplication } from '@nestjs/common';
import { startDesk } from '../../src/apps/desk/desk-app.js';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { startOrders } from '../../src/apps/orders/orders-app.js';
import { startPortal } from '../../src/apps/portal/portal-app.js';
import { appConfig } from '../../src/apps/support/app-config.js';
import { DEMO_CLIENTS, demoApps, INVOICES_AUDIENCE } from '../../src/apps/support/demo.js';
import { send } from '../../src/testing/agent.js';
import { routesOf, type TestRoute } from '../../src/testing/index.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { DemoTokens } from './demo-tokens.js';
import { addressesFrom, freePortBase } from './front-door.js';
import { Visitor } from './visitor.js';

/**
 * Every route of every sample application, read from the application itself, against the real provider: what is not open on
 * purpose refuses whoever brings no credential, a bad one, or one that is good for something else.
 */
const APPS = ['portal', 'orders', 'desk'] as const;
type App = (typeof APPS)[number];

/** Open on purpose; beside them the routes of the sign-in itself. */
const OPEN: Record<App, string[]> = {
  portal: ['GET /', 'GET /spa', 'GET /spa/app.js', 'GET /health/live', 'GET /health/ready'],
  orders: ['GET /health/live', 'GET /health/ready'],
  desk: ['GET /signed-out', 'GET /health/live', 'GET /health/ready'],
};

const running = {} as Record<App, INestApplication>;
/** The `Cookie` header of somebody who is signed in there. */
const cookies: Partial<Record<App, string>> = {};
const tokens: Record<string, string> = {};
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [database, base] = await Promise.all([createProviderDatabase(), freePortBase()]);
  cleanUp.push(database.drop);
  const at = addressesFrom(base);
  const circumstances = { databaseUrl: database.url, secrets: SECRETS, apps: demoApps(base), logger: false as const };
  const provider = await startIdentityProvider(identityProviderConfig({ PORT: String(base) }), circumstances);
  cleanUp.push(() => provider.close());
  const config = (name: App, portOffset: number) =>
    appConfig(
      { ISSUER: at.provider, PORT: String(base + portOffset), PUBLIC_URL: at[name], ORDERS_URL: at.orders },
      { portOffset, client: DEMO_CLIENTS[name] },
    );
  [running.portal, running.orders, running.desk] = await Promise.all([
    startPortal(config('portal', 1), database.url, SECRETS, false),
    startOrders(config('orders', 2), false),
    startDesk(config('desk', 3), database.url, SECRETS, false),
  ]);
  cleanUp.push(...Object.values(running).map((app) => () => app.close()));

  const demo = new DemoTokens(at.provider);
  const alice = await demo.ofAlice(`${at.desk}/auth/callback`, DEMO_CLIENTS.desk.id, DEMO_CLIENTS.desk.secret);
  tokens['good'] = alice['access_token']!;
  tokens['id'] = alice['id_token']!;
  tokens['invoices'] = await demo.service({ scope: 'orders:read', resource: INVOICES_AUDIENCE });
  const visitor = new Visitor();
  const form = await visitor.get(`${at.portal}/profile`);
  let page = await visitor.submit(form, { username: 'alice', password: 'wonderland' });
  if (page.body.includes('consent-allow')) page = await visitor.submit(page, { decision: 'allow' });
  await visitor.get(at.desk);
  const kept = (name: string) => `${name}=${visitor.cookies.get(name)}`;
  cookies.portal = kept('__Host-portal');
  cookies.desk = kept('__Host-desk');
});
afterAll(async () => {
  for (const work of cleanUp.reverse()) await work();
});

function guardedRoutes(app: App): TestRoute[] {
  return routesOf(running[app]).filter(
    ({ method, path }) => !path.startsWith('/auth/') && !OPEN[app].includes(`${method} ${path}`),
  );
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Name, the codes it may be refused with, and the headers. */
const ATTEMPTS: [string, RegExp, (app: App) => Record<string, string>][] = [
  ['the anonymous', /^unauthenticated$/, () => ({})],
  ['a garbage Bearer token', /^(malformed_token|scheme_not_accepted)$/, () => bearer('garbage')],
  ['a garbage cookie', /^unauthenticated$/, (app) => ({ cookie: `__Host-${app}=garbage` })],
  [
    'a bad Bearer token beside a good session',
    /^(malformed_token|scheme_not_accepted|signature_invalid)$/,
    (app) => ({ ...bearer(`${tokens['good']!.slice(0, -8)}AAAAAAAA`), cookie: cookies[app] ?? '' }),
  ],
  ['JW-25: an ID token as access token', /^(wrong_token_type|scheme_not_accepted)$/, () => bearer(tokens['id']!)],
  ['a token for another audience', /^(audience_mismatch|scheme_not_accepted)$/, () => bearer(tokens['invoices']!)],
];

describe.each(APPS)('%s', (app) => {
  it.each(ATTEMPTS)('refuses %s on every protected route', async (_name, code, headers) => {
    const routes = guardedRoutes(app);
    expect(routes.length).toBeGreaterThan(0);
    for (const { method, path, url } of routes) {
      const sent = { 'sec-fetch-site': 'same-origin', ...headers(app) };
      const { status, headers: answered, text } = await send(running[app], method, url, { headers: sent });
      const body = method === 'HEAD' ? {} : (JSON.parse(text) as Record<string, unknown>);
      expect([method, path, status, body['code']]).toEqual([method, path, 401, expect.stringMatching(code)]);
      expect(answered['www-authenticate']).toMatch(/^Bearer /);
      expect(answered['cache-control']).toBe('no-store');
    }
  });

  it('lets in who may come, by the same routes', async () => {
    for (const { method, path, url } of guardedRoutes(app)) {
      const headers = cookies[app]
        ? { cookie: cookies[app], 'sec-fetch-site': 'same-origin' }
        : bearer(tokens['good']!);
      const { status } = await send(running[app], method, url, { headers });
      // Without a body, and for something that does not exist, the handlers have a no of their own.
      expect([method, path, [200, 204, 400, 404].includes(status)]).toEqual([method, path, true]);
    }
  });

  it('JW-46: opens no other route than those of the list', () => {
    const names = routesOf(running[app]).map(({ method, path }) => `${method} ${path}`);
    expect(names).toEqual(expect.arrayContaining(OPEN[app]));
  });
});
