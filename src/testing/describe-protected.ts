import type { INestApplication } from '@nestjs/common';
import { Settings } from '../relying-party/relying-party.options.js';
import { send, type TestRequest } from './agent.js';
import { routesOf, type TestRoute } from './routes.js';
import type { TestIdentityProvider } from './test-identity-provider.js';

/** What {@link describeProtected} is told. */
export interface DescribeProtectedOptions {
  /**
   * The routes that are open on purpose, as `GET /health` or with a wildcard at the end, `GET /docs/*`. Each must exist.
   * The sign-in routes of the module itself need not be named.
   */
  allow?: string[];
  /** With it, tokens of this issuer that are wrong are tried as well. */
  idp?: TestIdentityProvider | (() => TestIdentityProvider);
  /** Values for path parameters by name, where `1` would not match. */
  params?: Record<string, string>;
  /** The test framework's own, when they are not global. */
  framework?: {
    describe: (name: string, body: () => void) => unknown;
    it: (name: string, body: () => Promise<void>) => unknown;
  };
}

type Attempt = [name: string, init: (app: INestApplication) => TestRequest | Promise<TestRequest>];

/**
 * Defines tests which show that every route of the application refuses whoever brings no credential or a bad one: those
 * that nobody thought of protecting too. Works with Jest and Vitest, on Express and Fastify.
 * @param app the application, or how to get it when the tests run (after a `beforeAll`)
 */
export function describeProtected(
  app: INestApplication | (() => INestApplication),
  { allow = [], idp, params = {}, framework = globalThis as never }: DescribeProtectedOptions = {},
): void {
  const { describe, it } = framework as NonNullable<DescribeProtectedOptions['framework']>;
  const running = () => (typeof app === 'function' ? app() : app);
  describe('every route is closed unless it is open on purpose', () => {
    for (const [name, init] of attempts(idp)) {
      it(`refuses ${name}`, async () => {
        const routes = guardedRoutes(running(), allow);
        const open: string[] = [];
        const request = await init(running());
        for (const route of routes) {
          const { status } = await ask(running(), route, params, request);
          if (status !== 401) open.push(`${nameOf(route)} (${route.handler}) answered ${status}`);
        }
        if (open.length > 0) throw new Error(`These routes did not refuse ${name} with 401:\n  ${open.join('\n  ')}`);
      });
    }

    it('the list of open routes names only routes that exist', async () => {
      const names = routesOf(running()).map(nameOf);
      const idle = allow.filter((pattern) => !names.some((name) => matches(pattern, name)));
      if (idle.length > 0) throw new Error(`There are no such routes: ${idle.join(', ')}`);
    });
  });
}

/** Stands for one under the name of the application's own cookie. */
const GARBAGE = 'session=garbage';

function attempts(idp: DescribeProtectedOptions['idp']): Attempt[] {
  const header = (authorization: string): TestRequest => ({ headers: { authorization } });
  const always: Attempt[] = [
    ['the anonymous', () => ({})],
    ['a garbage token', () => header('Bearer garbage')],
    ['another scheme', () => header('Basic YWxpY2U6d29uZGVybGFuZA==')],
    ['a garbage cookie', () => ({ headers: { cookie: GARBAGE } })],
  ];
  if (!idp) return always;
  const provider = () => (typeof idp === 'function' ? idp() : idp);
  const bearer = (flaw: object) => () => ({ headers: provider().bearer(flaw) });
  return [
    ...always,
    ['an expired token', bearer({ expired: true })],
    ['a token for another API', bearer({ wrongAudience: true })],
    ['a token of another issuer', bearer({ wrongIssuer: true })],
    ['an unsigned token', bearer({ unsigned: true })],
    ['a token of an unknown key', bearer({ unknownKey: true })],
    ['an ID token', bearer({ idToken: true })],
    ['a bad token beside a good session', (app) => besideSession(app, provider())],
  ];
}

/** Where nobody can sign in, the bad token alone. */
async function besideSession(app: INestApplication, idp: TestIdentityProvider): Promise<TestRequest> {
  const headers = idp.bearer({ unknownKey: true });
  if (!app.get(Settings, { strict: false }).session) return { headers };
  const { cookie } = await idp.login(app, { sub: 'gatehouse-protected' });
  return { headers: { ...headers, cookie } };
}

function guardedRoutes(app: INestApplication, allow: string[]): TestRoute[] {
  const own = signInFolder(app);
  return routesOf(app).filter(
    (route) => !(own && route.path.startsWith(own)) && !allow.some((pattern) => matches(pattern, nameOf(route))),
  );
}

/** `/auth/`: where the module's own routes are, which are the gate itself. */
function signInFolder(app: INestApplication): string {
  const { session } = app.get(Settings, { strict: false });
  return session ? session.loginPath.slice(0, session.loginPath.lastIndexOf('/') + 1) : '/auth/';
}

function ask(app: INestApplication, route: TestRoute, params: Record<string, string>, { headers }: TestRequest) {
  const named = Object.entries(params).reduce((path, [name, value]) => path.replace(`:${name}`, value), route.path);
  const url = named === route.path ? route.url : named;
  const cookie = headers?.['cookie'] === GARBAGE ? { cookie: garbageCookie(app) } : {};
  return send(app, route.method, url, { headers: { ...route.headers, ...headers, ...cookie } });
}

function garbageCookie(app: INestApplication): string {
  const { session } = app.get(Settings, { strict: false });
  return `${session?.cookie.name ?? '__Host-session'}=garbage`;
}

function nameOf({ method, path }: TestRoute): string {
  return `${method} ${path}`;
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
