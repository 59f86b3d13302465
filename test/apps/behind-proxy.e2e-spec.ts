import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer, request as httpsRequest, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';

/** The provider behind a proxy that ends TLS, as `https://op.example.test:PORT`. */
const HOST = 'op.example.test';
let proxy: Server;
let proxyPort: number;
let issuer: string;
let providerPort: number;
let provider: FrontDoor;
let ca: Buffer;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
const cleanUp: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const directory = await temporaryDirectory();
  database = await createTestDatabase();
  providerPort = await freePortBase();
  cleanUp.push(directory.remove, database.drop);
  // prettier-ignore
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', `/CN=${HOST}`,
    '-addext', `subjectAltName=DNS:${HOST}`, '-keyout', join(directory.path, 'key.pem'), '-out', join(directory.path, 'cert.pem'),
  ], { stdio: 'ignore' });
  ca = readFileSync(join(directory.path, 'cert.pem'));
  const key = readFileSync(join(directory.path, 'key.pem'));
  proxy = createServer({ key, cert: ca }, (incoming, outgoing) => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': HOST };
    const onward = httpRequest(
      {
        host: '127.0.0.1',
        port: providerPort,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, ...forwarded },
      },
      (answer) => answer.pipe(outgoing.writeHead(answer.statusCode!, answer.headers)),
    );
    incoming.pipe(onward.on('error', () => outgoing.destroy()));
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  proxyPort = (proxy.address() as AddressInfo).port;
  issuer = `https://${HOST}:${proxyPort}`;
  cleanUp.push(async () => proxy.close());

  provider = new FrontDoor('identity-provider', {
    ISSUER: issuer,
    PORT: String(providerPort),
    TRUST_PROXY: 'loopback',
    SEED_DEMO: 'true',
    GATEHOUSE_POLICY: 'certification',
    GATEHOUSE_DIRECTORY: directory.path,
    DATABASE_URL: database.url,
  });
  cleanUp.push(() => provider.stop());
  await provider.ready(`http://127.0.0.1:${providerPort}`);
});
afterAll(async () => {
  for (const work of cleanUp.reverse()) await work();
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

function throughProxy(
  path: string,
  headers: Record<string, string> = {},
  form?: Record<string, string>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      { host: '127.0.0.1', port: proxyPort, servername: HOST, ca, path, method: form ? 'POST' : 'GET', agent: false,
        headers: { host: `${HOST}:${proxyPort}`, accept: 'text/html', ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers } },
      (answer) => {
        text(answer).then((body) => resolve({ status: answer.statusCode!, headers: answer.headers, body }), reject);
      },
    ); // prettier-ignore
    request.on('error', reject).end(form && new URLSearchParams(form).toString());
  });
}

const query = () =>
  new URLSearchParams({
    client_id: 'demo-native',
    redirect_uri: 'http://127.0.0.1/callback',
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString();

const cookiesOf = ({ headers }: Answer) => (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]);

/** Signs alice in; the last answer, and the Set-Cookie headers of all of them. */
async function signIn() {
  const begun = await throughProxy(`/authorize?${query()}`);
  const browser = cookiesOf(begun).join('; ');
  const page = await throughProxy(begun.headers.location!, { cookie: browser });
  const hidden = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const fields = {
    ...Object.fromEntries(hidden.map(([, name, value]) => [name!, value!])),
    username: 'alice',
    password: 'wonderland',
  };
  const cookie = [browser, ...cookiesOf(page)].filter(Boolean).join('; ');
  const done = await throughProxy('/login', { cookie, origin: issuer, 'sec-fetch-site': 'same-origin' }, fields);
  return { done, set: [begun, page, done].flatMap(({ headers }) => headers['set-cookie'] ?? []) };
}

it('discovery names the public addresses alone', async () => {
  const { status, headers, body } = await throughProxy('/.well-known/openid-configuration');
  const metadata = JSON.parse(body) as Record<string, unknown>;
  expect([status, metadata['issuer']]).toEqual([200, issuer]);
  const urls = Object.entries(metadata).filter(([name]) => /_endpoint$|_uri$|iframe$/.test(name));
  expect(urls.length).toBeGreaterThan(5);
  for (const [name, url] of urls) expect([name, url]).toEqual([name, expect.stringMatching(`^${issuer}/`)]);
  expect(body).not.toMatch(/http:|localhost|127\.0\.0\.1/);
  expect(headers['strict-transport-security']).toMatch(/max-age=\d{7,}/);
});

it('sign-in goes from page to page on paths of its own, with __Host- cookies that are Secure', async () => {
  const { done, set } = await signIn();
  expect([done.status, done.headers.location]).toEqual([303, expect.stringMatching(/^\/authorize\/resume\?/)]);
  expect(set.length).toBeGreaterThan(1);
  // The one cookie that a frame in a client's page reads holds nothing of the session (Session Management 1.0 §3.2).
  for (const cookie of set.filter((one) => !one.startsWith('__Secure-gatehouse-state='))) {
    expect(cookie).toMatch(/^__Host-/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).not.toMatch(/Domain=/i);
  }
});

it('an authorization response names the public issuer', async () => {
  const { status, headers } = await throughProxy(`/authorize?${query()}&prompt=none`);
  const answer = new URL(headers.location!);
  expect([status, answer.searchParams.get('error'), answer.searchParams.get('iss')]).toEqual([
    303,
    'login_required',
    issuer,
  ]);
});

describe('X-Forwarded-* (AZ-43, BF-04)', () => {
  const lastIp = async (): Promise<string> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ ip: string }>('SELECT ip FROM session ORDER BY started_at DESC LIMIT 1');
    await client.end();
    return rows[0]!.ip;
  };

  it('the address of the person is believed from the proxy', async () => {
    await signIn();
    expect(await lastIp()).toBe('203.0.113.7');
  });

  const evil = {
    'x-forwarded-for': '198.51.100.1',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-forwarded-port': '81',
    'x-forwarded-prefix': '/evil',
    forwarded: 'for=198.51.100.1;host=evil.example;proto=http',
    'x-original-url': '/evil',
    'x-rewrite-url': '/evil',
  };

  it.each(['/.well-known/openid-configuration', `/authorize?${query()}`, '/login'])(
    'say nothing about who we are, at %s',
    async (path) => {
      const answers = [
        await throughProxy(path, { ...evil, host: 'evil.example' }),
        // Past the proxy, straight to the port.
        await direct(providerPort, path, { ...evil, host: 'evil.example' }),
      ];
      for (const { status, headers, body } of answers) {
        expect(status).toBeLessThan(400);
        expect(body + JSON.stringify(headers)).not.toMatch(/evil/);
        expect(headers['strict-transport-security']).toBeDefined();
      }
    },
  );

  it('are nothing without TRUST_PROXY', async () => {
    const port = (await freePortBase()) + 1;
    const directory = await temporaryDirectory();
    const untrusting = new FrontDoor('identity-provider', {
      PORT: String(port),
      GATEHOUSE_DIRECTORY: directory.path,
      DATABASE_URL: database.url,
      GATEHOUSE_SECRET: readFileSync(join(secretDirectory(), 'secret'), 'utf8').trim(),
    });
    await untrusting.ready(`http://localhost:${port}`);
    const page = await direct(port, '/login', evil);
    const hidden = [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const fields = new URLSearchParams([
      ...hidden.map(([, name, value]) => [name!, value!]),
      ['username', 'bob'],
      ['password', 'builder'],
    ]);
    const origin = `http://localhost:${port}`;
    const done = await direct(
      port,
      '/login',
      { ...evil, cookie: cookiesOf(page).join('; '), origin, 'sec-fetch-site': 'same-origin' },
      fields.toString(),
    );
    expect(done.status).toBe(303);
    expect(await lastIp()).toBe('127.0.0.1');
    expect((await direct(port, '/.well-known/openid-configuration', evil)).body).not.toContain('evil');
    expect(await untrusting.stop()).toBe(0);
    await directory.remove();
  });
});

function secretDirectory(): string {
  return provider.settings['GATEHOUSE_DIRECTORY']!;
}

function direct(port: number, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          accept: 'text/html',
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
      },
      (answer) => {
        text(answer).then((all) => resolve({ status: answer.statusCode!, headers: answer.headers, body: all }), reject);
      },
    );
    request.on('error', reject).end(body);
  });
}
