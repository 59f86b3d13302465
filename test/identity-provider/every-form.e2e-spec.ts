import { routesOf } from '../../src/testing/index.js';
import { type House, openHouse, type PersonBrowser } from '../support/house.js';
import { hiddenFields } from '../support/login-house.js';

/**
 * Every address of the provider that takes a browser's form, read from the application itself, under the attacks that every
 * one of them must withstand.
 */
let house: House;
let alice: PersonBrowser;
/** Hidden fields of a form of hers. */
let own: Record<string, string>;
/** Hidden fields of a form of somebody else, who is signed in as well. */
let foreign: Record<string, string>;
let paths: string[];

/**
 * Called by programs, which authenticate by themselves: no cookie counts. `/authorize` takes a client's form by design, and the
 * demo's tools stand for applications of their own.
 */
const FOR_PROGRAMS =
  /^\/(token|introspect|revoke|par|register|userinfo|device_authorization|authorize|jwks|check-session|clients|ssf|\.well-known|tools)(\/|$)/;
const METHODS = ['password', 'passkey', 'totp', 'recovery-code', 'magic-link', 'email-code', 'upstream'];

beforeAll(async () => {
  const upstream = [{ id: 'tiny', name: 'Tiny', issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' }];
  const settings = { SIGN_UP: 'true', SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'no-reply@id.test' };
  house = await openHouse({
    hostname: 'localhost',
    settings: { ...settings, GATEHOUSE_UPSTREAM: JSON.stringify(upstream) },
  });
  ({ browser: alice } = await house.codeFlow());
  const bob = house.browser();
  await bob.signIn('bob', 'builder');
  own = hiddenFields((await alice.get('/account/profile')).page);
  foreign = hiddenFields((await bob.get('/account/profile')).page);
  const urls = routesOf(house.app)
    .filter(({ method, path }) => method !== 'GET' && !FOR_PROGRAMS.test(path))
    .flatMap(({ url }) => (url.startsWith('/login/1') ? METHODS.map((name) => url.replace('1', name)) : [url]));
  paths = [...new Set(urls)];
});
afterAll(() => house.close());

/** Everything that is kept, but for the counts of attempts, and requests that wait for a person. */
async function state(): Promise<Record<string, string>> {
  const query = <T>(text: string) => house.database.dataSource.query<T[]>(text);
  const tables = await query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN ('rate_limit', 'interaction')`,
  );
  const digests = tables.map(async ({ name }) => {
    const [row] = await query<{ digest: string }>(
      `SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM "${name}" t`,
    );
    return [name, row!.digest] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

it('SE-20: there are many of them', () => {
  expect(paths).toEqual(expect.arrayContaining(['/login', '/consent', '/logout', '/device', '/account/password']));
  expect(paths.length).toBeGreaterThan(20);
});

const form = (fields: Record<string, string>) =>
  new URLSearchParams({ username: 'alice', password: 'wonderland', ...fields });
const multipart = (fields: Record<string, string>) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
};

const REFUSED = [400, 403, 404, 405, 415];

const ATTACKS: [string, () => RequestInit][] = [
  ['SE-20: no token', () => ({ body: form({}) })],
  ['SE-20: an empty token', () => ({ body: form({ csrf: '' }) })],
  ["SE-20: somebody else's token", () => ({ body: form({ csrf: foreign['csrf']! }) })],
  [
    'SE-20: another site',
    () => ({ body: form(own), headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.test' } }),
  ],
  ['SE-20: a sibling', () => ({ body: form(own), headers: { 'sec-fetch-site': 'same-site' } })],
  ['SE-21: text/plain', () => ({ body: form(own).toString(), headers: { 'content-type': 'text/plain' } })],
  ['SE-21: JSON', () => ({ body: JSON.stringify(own), headers: { 'content-type': 'application/json' } })],
  ['SE-21: JSON as text/plain', () => ({ body: JSON.stringify(own), headers: { 'content-type': 'text/plain' } })],
  ['SE-21: multipart', () => ({ body: multipart(own) })],
  [
    'SE-23: a form that says it is another method',
    () => ({ body: form({ _method: 'PUT' }), headers: { 'x-http-method-override': 'DELETE' } }),
  ],
];

it.each(ATTACKS)('%s', async (_, attack) => {
  const before = await state();
  for (const path of paths) {
    const init = attack();
    const { status, page } = await alice.send(path, { method: 'POST', ...init });
    // `/logout` asks first, whoever sends a browser there; the others take no form of another's.
    expect([path, status]).toEqual([
      path,
      path === '/logout' ? expect.any(Number) : REFUSED.find((one) => one === status),
    ]);
    expect(page).not.toMatch(/\bat \S+ \(|node_modules/);
  }
  expect(await state()).toEqual(before);
});

it('SE-20: GET instead of POST changes nothing', async () => {
  const before = await state();
  for (const path of paths) {
    const { status } = await alice.get(`${path}?${form(own).toString()}`);
    expect([path, status < 500]).toEqual([path, true]);
  }
  expect(await state()).toEqual(before);
});

it('SE-20: with its own token a form is taken, and after the sign-out no more', async () => {
  const named = {
    ...own,
    ...Object.fromEntries(['name', 'given_name', 'family_name', 'nickname'].map((claim) => [claim, 'A'])),
  };
  const { page } = await alice.get('/account/profile');
  expect((await alice.submit(page, '/account/profile', named)).status).toBe(303);
  const cookies = new Map(alice.cookies);
  const { page: out } = await alice.get('/logout');
  await alice.submit(out, '/logout');
  const before = await state();
  for (const jar of [new Map(alice.cookies), cookies]) {
    alice.cookies.clear();
    for (const [name, value] of jar) alice.cookies.set(name, value);
    for (const path of paths.filter((one) => one.startsWith('/account/'))) {
      const { status, headers } = await alice.post(path, named);
      const isSentToSignIn = status === 303 && headers.get('location')!.startsWith('/login');
      expect([path, status, isSentToSignIn || status >= 400]).toEqual([path, status, true]);
    }
  }
  expect(await state()).toEqual(before);
});
