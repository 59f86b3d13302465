import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { DEMO_CLIENTS, demoApps } from '../../src/apps/support/demo.js';
import { basic, type House, openHouse, SECRETS } from '../support/house.js';
import { createProviderDatabase } from '../support/provider-database.js';
import { freePortBase } from './front-door.js';

const PATH = '/tools/token';
const FORM = 'application/x-www-form-urlencoded';
let house: House;
let token: string;

beforeAll(async () => {
  house = await openHouse();
  const { id, secret } = DEMO_CLIENTS.service;
  const answer = await fetch(`${house.issuer}/token`, {
    method: 'POST',
    headers: { authorization: basic(id, secret) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(() => house.close());

async function read(form: Record<string, string>, headers: Record<string, string> = { 'content-type': FORM }) {
  const body = new URLSearchParams(form).toString();
  const answer = await fetch(house.issuer + PATH, { method: 'POST', headers, body });
  return { status: answer.status, page: await answer.text(), headers: answer.headers };
}

it('reads a token of this provider', async () => {
  const { status, page, headers } = await read({ token: `Bearer ${token}`, audience: 'urn:gatehouse:demo:orders' });
  expect(status).toBe(200);
  expect(page).toContain('A guard would believe it.');
  expect(page).toMatch(/Access token \(at\+jwt\)[^]*demo-service/);
  expect(page).toMatch(/Ends[^]*in 5 minutes/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("form-action 'self'");
  expect(page).not.toContain('<script');
});

it('says what is wrong, by the guard’s codes', async () => {
  expect((await read({ token, audience: 'urn:other' })).page).toMatch(/A guard would refuse it\.[^]*audience_mismatch/);
  const [header, claims] = token.split('.');
  expect((await read({ token: `${header}.${claims}.AAAA` })).page).toContain('signature_invalid');
  expect((await read({ token: 'opaque' })).page).toContain('malformed_token');
  const script = Buffer.from('{"<script>":"<script>alert(1)</script>"}').toString('base64url');
  const { page } = await read({ token: `${script}.${script}.x`, audience: '"><script>' });
  expect(page).not.toContain('<script');
});

it('an empty form is shown again, and what is no form refused', async () => {
  expect(await read({ token: ' ' })).toMatchObject({ status: 200, page: expect.not.stringContaining('A guard would') });
  expect((await read({ token }, { 'content-type': 'text/plain' })).status).toBe(400);
  const put = await fetch(house.issuer + PATH, { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
});

it('writes no token to the log, and hears none in an address', async () => {
  const answer = await fetch(`${house.issuer}${PATH}?token=${token}`);
  expect(await answer.text()).not.toContain('A guard would');
  await read({ token });
  expect(house.log.join('\n')).not.toContain(token.split('.')[2]);
});

it('is a link on the demo’s start page, and does not exist in production', async () => {
  expect(await (await fetch(house.issuer)).text()).toContain(`href="${house.issuer}${PATH}"`);
  const [database, port] = await Promise.all([createProviderDatabase(), freePortBase()]);
  const config = identityProviderConfig({ PORT: String(port), SEED_DEMO: 'false' });
  const app = await startIdentityProvider(config, {
    databaseUrl: database.url,
    secrets: SECRETS,
    apps: demoApps(port),
    logger: false,
  });
  expect((await fetch(config.issuer + PATH)).status).toBe(404);
  expect(await (await fetch(config.issuer)).text()).not.toContain(PATH);
  await app.close();
  await database.drop();
});
