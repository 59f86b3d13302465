import { request } from 'node:http';
import { connect } from 'node:net';
import { basic, type House, openHouse, type PersonBrowser } from '../support/house.js';

let house: House;
let alice: PersonBrowser;
beforeAll(async () => {
  house = await openHouse();
  ({ browser: alice } = await house.codeFlow());
});
afterAll(() => house.close());

/** A page of every kind, errors included. */
const PAGES: [string, () => Promise<Response>][] = [
  ['sign-in', () => house.browser().get('/login')],
  ['sign-in for an interaction', async () => {
    const browser = house.browser();
    return browser.get((await browser.start(house.web)).headers.get('location')!);
  }],
  ['refused sign-in', () => house.browser().signIn('alice', 'wrong')],
  ['consent', async () => alice.get((await alice.start(house.web, { prompt: 'consent' })).headers.get('location')!)],
  ['start', () => alice.get('/')],
  ['sign-out', () => alice.get('/logout')],
  ['signed out', () => alice.get('/logout/done')],
  ['a wrong client', () => alice.start(house.web, { client_id: 'nobody' })],
  ['a wrong redirect', () => alice.start(house.web, { redirect_uri: 'https://evil.test' })],
  ['an interaction that is gone', () => alice.get('/authorize/resume?interaction=x')],
  ['consent that is gone', () => alice.get('/consent?interaction=x')],
  ['sign-in that is gone', () => alice.get('/login?interaction=x')],
  ['a wrong verb', () => alice.send('/authorize', { method: 'PUT' })],
  ['a wrong hint', () => alice.get('/logout?id_token_hint=x')],
  ['no such page', () => alice.send('/nowhere', { headers: { accept: 'text/html' } })],
  ['a form that is too large', () => alice.send('/login', { method: 'POST', body: new URLSearchParams({ a: 'a'.repeat(100_000) }), headers: { accept: 'text/html' } })],
  ['bad JSON', () => alice.send('/consent', { method: 'POST', body: '{', headers: { accept: 'text/html', 'content-type': 'application/json' } })],
]; // prettier-ignore

it.each(PAGES)('HD-01 HD-03 HD-04 SE-26 the page: %s', async (_, open) => {
  const { headers, status } = await open();
  expect(status).not.toBe(500);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(headers.get('permissions-policy')).toEqual(expect.any(String));
  const policy = headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).not.toMatch(/unsafe|script-src|\*/);
  // HD-04: on plain http there is nothing to stay on.
  expect(headers.get('strict-transport-security')).toBeNull();
  // HD-11
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
});

it.each(PAGES)('HD-03 it asks no third party: %s', async (_, open) => {
  const answer = await open();
  const page = (answer as Response & { page: string }).page;
  expect(page).not.toMatch(/<script|<iframe|<object|<embed|@import|onerror=|javascript:/i);
  for (const [, source] of page.matchAll(/<(?:img|link|source)[^>]*(?:src|href)="([^"]+)"/g)) {
    expect(source).toMatch(/^(data:|\/)/);
  }
});

it('HD-16 nothing is compressed: beside what the sender chooses, its length would tell form tokens and codes', async () => {
  const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' };
  const interaction = (await alice.start(house.web, { prompt: 'consent' })).headers.get('location')!;
  for (const path of [
    interaction,
    '/login',
    '/logout',
    '/authorize?state=x',
    '/jwks',
    '/.well-known/openid-configuration',
  ]) {
    const answer = await alice.send(path, { headers });
    expect([path, answer.headers.get('content-encoding')]).toEqual([path, null]);
  }
});

it.each<[string, () => Promise<Response>]>([
  ['a token', () => fetch(`${house.issuer}/token`, { method: 'POST' })],
  ['userinfo', () => fetch(`${house.issuer}/userinfo`)],
  ['introspection', () => fetch(`${house.issuer}/introspect`, { method: 'POST' })],
  ['revocation', () => fetch(`${house.issuer}/revoke`, { method: 'POST' })],
  ['a wrong verb', () => fetch(`${house.issuer}/token`, { method: 'PUT' })],
  ['an unknown address', () => fetch(`${house.issuer}/nowhere`)],
  ['a redirect to the client', () => alice.start(house.web)],
  ['a redirect to sign-in', () => house.browser().start(house.web)],
])('HD-01 nothing is stored: %s', async (_, send) => {
  const { headers } = await send();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

describe('cookies', () => {
  it('are __Host-, Secure, HttpOnly and Lax', async () => {
    const browser = house.browser();
    const seen: string[] = [];
    const first = await browser.start(house.web);
    seen.push(...first.headers.getSetCookie());
    const location = new URL(first.headers.get('location')!, house.issuer);
    const signedIn = await browser.signIn('alice', 'wonderland', location.searchParams.get('interaction')!);
    seen.push(...signedIn.headers.getSetCookie());
    expect(seen.length).toBeGreaterThanOrEqual(2);
    // But for the one that a script reads in a frame of another site; it is worth nothing.
    const [state, ...more] = seen.filter((cookie) => cookie.startsWith('__Secure-gatehouse-state='));
    expect([state, more]).toEqual([expect.stringMatching(/; Path=\/check-session; Secure; SameSite=None$/), []]);
    for (const cookie of seen.filter((one) => one !== state)) {
      expect(cookie).toMatch(/^__Host-[\w-]+=[^;]*; (Max-Age=\d+; )?Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    }
  });
});

describe('IN-14 HD-06 CORS', () => {
  const preflight = (path: string, origin: string, method = 'POST') =>
    fetch(house.issuer + path, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
    });

  it.each(['/token', '/userinfo', '/revoke'])('%s welcomes the origin of a registered client', async (path) => {
    const { status, headers } = await preflight(path, 'https://spa.test');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('https://spa.test');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toMatch(/origin/i);
    const answer = await fetch(house.issuer + path, { method: 'POST', headers: { origin: 'https://spa.test' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://spa.test');
  });

  it.each([
    'https://evil.test',
    'http://spa.test',
    'https://spa.test:8443',
    'https://spa.test.evil.test',
    'https://SPA.test',
    'null',
    '*',
    '__proto__',
    'http://127.0.0.1:1234',
  ])('%s is not welcome', async (origin) => {
    for (const path of ['/token', '/userinfo', '/revoke']) {
      expect((await preflight(path, origin)).headers.get('access-control-allow-origin')).toBeNull();
      const answer = await fetch(house.issuer + path, { method: 'POST', headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it.each(['/authorize', '/login', '/consent', '/logout', '/introspect'])('%s is for no script', async (path) => {
    for (const answer of [
      await preflight(path, 'https://spa.test'),
      await fetch(house.issuer + path, { headers: { origin: 'https://spa.test' } }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('a disabled client’s origin is forgotten within five seconds', async () => {
    const client = await house.client('short-lived');
    house.clock.pass('5s');
    expect((await preflight('/token', 'https://short-lived.test')).headers.get('access-control-allow-origin')).not.toBeNull();
    await house.clients.disable(client.id);
    house.clock.pass('5s');
    expect((await preflight('/token', 'https://short-lived.test')).headers.get('access-control-allow-origin')).toBeNull();
  }); // prettier-ignore
});

describe('HD-10 HD-11 what is not there', () => {
  it.each([
    '/.git/config',
    '/package.json',
    '/main.js.map',
    '/.env',
    '/metrics',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/authorize/%00',
    '/clients/__proto__/logo',
    '/clients/%2e%2e%2f/logo',
  ])('IJ-11 %s', async (path) => {
    const response = await fetch(house.issuer + path);
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toMatch(/root:|node_modules|\.ts\b|at Object/);
  });

  it('a broken escape in the path is no fault of the server', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(house.issuer);
      request({ hostname, port, path: '/%zz' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      }).on('error', reject).end(); // prettier-ignore
    });
    expect([400, 404]).toContain(status);
  });
});

describe('HD-17 raw requests', () => {
  const isRefusal = (answer: string) => /^HTTP\/1\.1 4\d\d [^]*\r\n\r\n/.test(answer);
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(house.issuer);
      const socket = connect(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk.toString();
        // What was not read of the request keeps a connection open.
        if (isRefusal(answer)) socket.destroy();
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });

  it.each([
    ['no Host', 'GET /login HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['two Hosts', 'GET /login HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    ['a body of two lengths', 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'length and chunks',
      'POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no HTTP', 'HELO\r\n\r\n'],
  ])('%s: 400', async (_, text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('TK-23 IJ-09 endless chunks are cut at the limit, which no setting moves', async () => {
    const chunk = `8000\r\n${'a'.repeat(0x8000)}\r\n`;
    const head = 'POST /token HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n';
    expect(await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}`)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('another host’s name changes no address', async () => {
    const answer = await raw(
      'GET /.well-known/openid-configuration HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain(house.issuer);
    expect(answer).not.toContain('evil.test');
  });
});

it('IJ-21 whatever is sent to whatever address, the server is never at fault', async () => {
  const paths = [
    '/authorize',
    '/authorize/resume',
    '/token',
    '/userinfo',
    '/revoke',
    '/introspect',
    '/logout',
    '/logout/done',
    '/consent',
    '/login',
    '/jwks',
    '/.well-known/openid-configuration',
    '/',
  ];
  const bodies: [string, string][] = [
    ['application/x-www-form-urlencoded', '__proto__=x&constructor=y&toString=z&a[__proto__]=b&client_id=%00&token=%ed%a0%80'],
    ['application/x-www-form-urlencoded', `interaction=${'x'.repeat(43)}&csrf=%00&decision[]=allow&username=a&password=b&grant_type=%00`],
    ['application/json', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'],
    ['application/json', 'null'],
    ['application/json', '[]'],
    ['application/json; charset=utf-7', '+AHs-'],
    ['text/plain', 'x'],
    ['multipart/form-data; boundary=a', '--a\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--a--'],
    ['application/octet-stream', '\0\x01'],
  ]; // prettier-ignore
  const faults: string[] = [];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD']) {
      const withBody = !['GET', 'HEAD'].includes(method);
      for (const [type, body] of withBody ? bodies : [['', ''] as [string, string]]) {
        const headers = { authorization: basic('rp-a', house.web.secret!), ...(type ? { 'content-type': type } : {}) };
        const query = withBody ? '' : '?interaction=%00&client_id[]=x&__proto__=1&state=%ff';
        const answer = await alice.send(path + query, { method, headers, ...(withBody ? { body } : {}) });
        if (answer.status >= 500) faults.push(`${method} ${path} ${type} ${body}: ${answer.status}`);
      }
    }
  }
  expect(faults).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
});
