import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../src/apps/compare/ports.js';
import { STRATEGIES } from '../../src/apps/compare/strategies.js';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { freePortBase, temporaryDirectory } from './front-door.js';

/** The demo's page on which every strategy is tried, over HTTP as a browser without scripts does it. */
let provider: NestFastifyApplication;
let url: string;
let directory: string;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const [database, base, place] = await Promise.all([createProviderDatabase(), freePortBase(), temporaryDirectory()]);
  directory = place.path;
  cleanUp.push(place.remove, database.drop);
  provider = await startIdentityProvider(
    identityProviderConfig({ PORT: String(base), GATEHOUSE_DIRECTORY: directory }),
    {
      databaseUrl: database.url,
      secrets: SECRETS,
      apps: demoApps(base),
      logger: false,
      // Nothing is on its PATH, so there is no Redis.
      strategies: { env: {}, ports: await freePorts(STRATEGIES.length) },
    },
  );
  cleanUp.push(() => provider.close());
  url = `http://localhost:${base}/tools/strategies`;
});
afterAll(async () => {
  for (const clean of cleanUp.toReversed()) await clean();
});

async function send(
  fields: Record<string, string>,
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
) {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) });
  return { status: answer.status, location: answer.headers.get('location'), page: textOf(await answer.text()) };
}

const open = async (address: string) => textOf(await (await fetch(new URL(address, url))).text());
const textOf = (page: string) => page.replace(/<style>[^]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');

/** Signs in, revokes, and answers what the page says then. */
async function tried(strategy: string): Promise<{ before: string; after: string }> {
  const begun = await send({ step: 'begin', strategy });
  expect([strategy, begun.status]).toEqual([strategy, 303]);
  const before = await open(begun.location!);
  const trial = new URL(begun.location!, url).searchParams.get('trial')!;
  const revoked = await send({ step: 'revoke', trial });
  return { before, after: await open(revoked.location!) };
}

it.each([
  ['jwt-feed', /authorization: Bearer ey.*What anybody reads in it.*urn:gatehouse:compare/, /401 token_revoked/, 'Revoked, and refused.'],
  ['postgres-session', /cookie: __Host-postgres-session=/, /401 unauthenticated/, 'Revoked, and refused.'],
  ['jwt-expiry', /authorization: Bearer ey/, /200, still let in [\d.]+ s after/, 'Revoked, and still let in: it is good until the token’s own end'],
])('%s: the credential, the revocation, and what then', async (strategy, credential, answer, verdict) => {
  const { before, after } = await tried(strategy);
  expect(before).toMatch(credential);
  expect(before).toContain('GET /me 200 let in');
  expect(before).not.toContain('Revoked');
  expect(after).toMatch(answer);
  expect(after).toContain(verdict);
}); // prettier-ignore

it('says what is missing for a strategy that needs Redis', async () => {
  const { status, page } = await send({ step: 'begin', strategy: 'redis-session' });
  expect([status, page]).toEqual([503, expect.stringContaining('Redis session: There is no Redis: set REDIS_URL')]);
});

it.each([
  ['a form of another site', { step: 'begin', strategy: 'jwt-feed' }, 'cross-site', 403],
  ['no such strategy', { step: 'begin', strategy: 'luck' }, 'same-origin', 400],
  ['no such trial', { step: 'revoke', trial: 'x' }, 'same-origin', 404],
  ['no step', { trial: 'x' }, 'same-origin', 400],
])('%s is refused', async (_, fields, site, status) => {
  expect((await send(fields, { 'sec-fetch-site': site })).status).toBe(status);
});

it('leads to the report of this machine, once there is one', async () => {
  expect(await open(url)).toContain('run npx nest-gatehouse compare');
  const early = await fetch(`${url}/report`, { redirect: 'manual' });
  expect([early.status, early.headers.get('location')]).toEqual([303, '/tools/strategies']);
  await writeFile(join(directory, 'compare.html'), '<!doctype html><title>measured</title>');
  expect(await open(url)).toContain('The report measured on this machine');
  const report = await fetch(`${url}/report`);
  expect(await report.text()).toContain('measured');
  expect(report.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const start = await (await fetch(new URL('/', url))).text();
  expect(start).toContain('href="' + url + '"');
  expect(start).toContain('href="' + url + '/report"');
});
