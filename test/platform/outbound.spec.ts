import { execFile } from 'node:child_process';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Clock } from '../../src/platform/clock.js';
import {
  Outbound,
  OutboundError,
  outboundPurposes,
  parseOutboundAllow,
  type OutboundOptions,
  type OutboundRequest,
} from '../../src/platform/outbound.js';
import { isWithin } from '../../src/platform/outbound/address.js';
import { askDns } from '../../src/platform/outbound/resolve.js';

// A pair made for these tests: named.test and localhost, its own authority, valid until 2124.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjNU7fsAZl0l7Awlc
s9c7X6UMFkHsXnmwkiBze0qLSxuhRANCAAQ2i4L40aiIa5TA4Ng8nHS5zMbleXuP
wiKbd+AB5hcNfzfl7Wv3aLGmjwzXjBrY9jA/uPLCDDK2qHXJLxYbAR0h
-----END PRIVATE KEY-----`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9HYXRlaG91
c2UgdGVzdHMwIBcNMjQwMTAxMDAwMDAwWhgPMjEyNDAxMDEwMDAwMDBaMBoxGDAW
BgNVBAMMD0dhdGVob3VzZSB0ZXN0czBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BDaLgvjRqIhrlMDg2DycdLnMxuV5e4/CIpt34AHmFw1/N+Xta/dosaaPDNeMGtj2
MD+48sIMMraodckvFhsBHSGjVDBSMA8GA1UdEwEB/wQFMAMBAf8wIAYDVR0RBBkw
F4IKbmFtZWQudGVzdIIJbG9jYWxob3N0MB0GA1UdDgQWBBQVWwPLCwOE0Kc7GQrZ
xZOMplnUGTAKBggqhkjOPQQDAgNJADBGAiEAp0jKQBIC9X/SgRyIVA5nOcpASohR
j0Uh7CDb0fQXbpsCIQDUmVV9tllXuBQY8vvkVHf43T0VcuGVyp1OaSxFovlXxw==
-----END CERTIFICATE-----`;

class HandClock extends Clock {
  time = 1_700_000_000_000;
  now(): number {
    return this.time;
  }
}

/** A server on loopback that counts who connects: where nothing may be reached, not even a SYN may arrive. */
class Canary {
  connections = 0;
  readonly requests: IncomingMessage[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async listen(answer: RequestListener = (_, response) => response.end('{"canary":true}'), tls = false) {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      canary.requests.push(request);
      answer(request, response);
    };
    const server: Server = tls ? createTlsServer({ key, cert: certificate }, listener) : createServer(listener);
    server.on('connection', () => (canary.connections += 1));
    const canary = new Canary(server, await listen(server));
    return canary;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }
}

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return (server.address() as AddressInfo).port;
}

const clock = new HandClock();
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of cleanup.splice(0).reverse()) await close();
});

async function canaryOf(answer?: RequestListener, tls = false): Promise<Canary> {
  const canary = await Canary.listen(answer, tls);
  cleanup.push(() => canary.close());
  return canary;
}

function outboundOf(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = new Outbound({ clock, lookup: () => Promise.reject(new Error('ENOTFOUND')), ...options });
  cleanup.push(() => outbound.close());
  return outbound;
}

async function failureOf(fetching: Promise<unknown>): Promise<OutboundError> {
  const outcome = await fetching.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(OutboundError);
  return outcome as OutboundError;
}

const jwks: OutboundRequest = { purpose: 'jwks' };

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.169.254',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::808:808',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2002:808:808::',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '2606:4700::5efe:7f00:1',
    '2606:4700::200:5efe:7f00:1',
    '2606:4700::1%1',
    '',
    'localhost',
    '8.8.8.8/8',
  ])('%s is not global', (address) => {
    expect(isWithin('global', address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '198.20.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
    '%s is global',
    (address) => {
      expect(isWithin('global', address)).toBe(true);
    },
  );
});

describe('literals (SS-01, SS-03)', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[fc00::1]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    // Other ways to write 127.0.0.1, and a public address written so that two parsers may disagree.
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
    '[::1%25lo]',
    '[fe80::1%eth0]',
    '[64:ff9b::127.0.0.1]',
    '%31%32%37.0.0.1',
    '127.0.0.1.',
    'named.test.',
    '①②⑦.⓪.⓪.①',
    '１２７.0.0.1',
    '127。0。0。1',
    'xn--.',
    '134744072',
    '0x8.8.8.8',
    'exa%6dple.com',
    'bücher.test',
    'user@named.test',
    'user:pass@127.0.0.1',
    '@127.0.0.1',
    'named.test\\@127.0.0.1',
    '',
  ])('refuses %s before anybody is asked', async (host) => {
    const canary = await canaryOf();
    const tlsCanary = await canaryOf(undefined, true);
    let lookups = 0;
    const outbound = outboundOf({
      lookup: () => {
        lookups += 1;
        return Promise.resolve(['127.0.0.1']);
      },
      certificateAuthorities: certificate,
    });
    for (const purpose of outboundPurposes) {
      for (const url of [`https://${host}:${tlsCanary.port}/jwks`, `http://${host}:${canary.port}/jwks`]) {
        expect((await failureOf(outbound.fetch(url, { purpose }))).code).toBe('refused');
      }
    }
    expect([lookups, canary.connections, tlsCanary.connections]).toEqual([0, 0, 0]);
  });
});

describe('names (SS-01, SS-04, SS-05)', () => {
  it.each([
    ['localhost', 'localhost', ['127.0.0.1']],
    ['a private address', 'a.test', ['127.0.0.1']],
    ['an IPv6 loopback', 'a.test', ['::1']],
    ['a mapped address', 'a.test', ['::ffff:127.0.0.1']],
    ['public first, private second', 'a.test', ['8.8.8.8', '127.0.0.1']],
    ['private first, public second', 'a.test', ['127.0.0.1', '8.8.8.8']],
    ['public IPv4, private IPv6', 'a.test', ['8.8.8.8', 'fd00::1']],
    ['an answer that is no address', 'a.test', ['127.0.0.1.test']],
  ])('refuses a name with %s', async (_, name, addresses) => {
    const canary = await canaryOf(undefined, true);
    const outbound = outboundOf({ lookup: () => Promise.resolve(addresses), certificateAuthorities: certificate });
    const error = await failureOf(outbound.fetch(`https://${name}:${canary.port}/`, jwks));
    expect([error.code, canary.connections]).toEqual(['refused', 0]);
  });

  it('connects to the address it judged, whatever DNS says next', async () => {
    const canary = await canaryOf(undefined, true);
    // 3000::/4 is global unicast that nobody holds: the connection to it can only fail.
    const answers = [['3000::1'], ['127.0.0.1'], ['127.0.0.1']];
    let lookups = 0;
    const outbound = outboundOf({
      lookup: () => Promise.resolve(answers[lookups++] ?? []),
      certificateAuthorities: certificate,
      timeoutMilliseconds: 1_000,
    });
    const error = await failureOf(outbound.fetch(`https://named.test:${canary.port}/`, jwks));
    expect([error.code, lookups, canary.connections]).toEqual(['failed', 1, 0]);
  });

  it('judges every connection anew', async () => {
    const canary = await canaryOf(undefined, true);
    const answers = [['3000::1'], ['127.0.0.1']];
    const outbound = outboundOf({
      lookup: () => Promise.resolve(answers.shift() ?? []),
      certificateAuthorities: certificate,
      timeoutMilliseconds: 1_000,
    });
    const url = `https://named.test:${canary.port}/`;
    await failureOf(outbound.fetch(url, { purpose: 'logout', method: 'POST', body: '' }));
    const error = await failureOf(outbound.fetch(url, { purpose: 'logout', method: 'POST', body: '' }));
    expect([error.code, canary.connections]).toEqual(['refused', 0]);
  });

  it('asks DNS for A and AAAA, and takes what there is', async () => {
    const server = await dnsServer({ 'only4.test': '192.0.2.7' });
    const resolver = new Resolver({ timeout: 30_000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    expect(await askDns('only4.test', resolver)).toEqual(['192.0.2.7']);
    await expect(askDns('none.test', resolver)).rejects.toThrow('ENOTFOUND');
  });
});

describe('schemes, ports and characters (SS-07, SS-11)', () => {
  it.each([
    'file:///etc/passwd',
    'gopher://named.test/',
    'ftp://named.test/',
    'data:application/json,{}',
    'unix:/run/x.sock',
    'http+unix://%2frun%2fx.sock/',
    'ws://named.test/',
    'blob:https://named.test/1',
    'javascript:1',
    'named.test',
    '//named.test/',
    'https:named.test',
    'https:/named.test',
    'https:///named.test',
    '',
    ' https://named.test/',
    'http://named.test/',
    'http://named.test:443/',
    'https://named.test:99999/',
    'https://named.test:/',
    `https://named.test/${'a'.repeat(2048)}`,
    ...[0, 1, 22, 25, 53, 80, 110, 389, 445, 465, 636, 993].map((port) => `https://named.test:${port}/`),
    ...[2375, 3306, 5432, 6000, 6379, 6667, 9200, 10080, 11211, 27017].map((port) => `https://named.test:${port}/`),
    ...[22, 25, 6379, 5432].map((port) => `http://named.test:${port}/`),
    'https://named.test/%0d%0aX:',
    'https://named.test/%0D%0AX:',
    'https://named.test/\r\nX: y',
    'https://named.test/\nX',
    'https://named.test/?a=%0a',
    'https://named.test/%00',
    'https://named.test/%7f',
    'https://named.test/\t',
    'https://named.test/a b',
    'https://na\tmed.test/',
    'https://named.test%0d%0a/',
    'https://named.test\\a/',
    'https://named.test/\u2028',
    'http://h/%0d%0aX:',
  ])('refuses %j', async (url) => {
    let lookups = 0;
    const outbound = outboundOf({
      lookup: () => {
        lookups += 1;
        return Promise.resolve(['127.0.0.1']);
      },
    });
    expect((await failureOf(outbound.fetch(url, jwks))).code).toBe('refused');
    expect((await failureOf(outbound.fetch(url, { ...jwks, trusted: true }))).code).toBe('refused');
    expect(lookups).toBe(0);
  });

  it.each([
    'https://named.test',
    'https://named.test:8443/a?b=%20#c',
    'HTTPS://Named.Test/',
    'https://named.test:443/',
  ])('tries %s', async (url) => {
    const names: string[] = [];
    const outbound = outboundOf({
      lookup: (name) => {
        names.push(name);
        return Promise.resolve([]);
      },
    });
    expect((await failureOf(outbound.fetch(url, jwks))).code).toBe('failed');
    expect(names).toEqual(['named.test']);
  });

  it('sends no header that carries a line break', async () => {
    const canary = await canaryOf();
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }] });
    const request: OutboundRequest = { purpose: 'push', method: 'POST', headers: { a: 'b\r\nX-Evil: 1' }, body: '' };
    await failureOf(outbound.fetch(`http://127.0.0.1:${canary.port}/`, request));
    expect(canary.requests).toEqual([]);
  });
});

describe('allowances', () => {
  it('open a host and port for their purposes only', async () => {
    const canary = await canaryOf();
    const { port } = canary;
    const outbound = outboundOf({
      allow: [
        { host: 'localhost', port, purposes: ['logout'] },
        { host: '127.0.0.1', port },
      ],
      lookup: () => Promise.resolve(['127.0.0.1']),
    });
    const outcomes: Record<string, string> = {};
    for (const [host, purpose, extra] of [
      ['localhost', 'logout', {}],
      ['localhost', 'jwks', {}],
      ['localhost', 'logout', { ignoreAllowances: true }],
      ['127.0.0.1', 'jwks', {}],
      ['127.0.0.1', 'jwks', { ignoreAllowances: true }],
      ['127.0.0.2', 'jwks', {}],
      ['other.test', 'logout', {}],
    ] as const) {
      const label = [host, purpose, ...Object.keys(extra)].join(' ');
      outcomes[label] = await outbound.fetch(`http://${host}:${port}/`, { purpose, ...extra }).then(
        (response) => response.text(),
        (error: OutboundError) => error.code,
      );
    }
    expect(outcomes).toEqual({
      'localhost logout': '{"canary":true}',
      'localhost jwks': 'refused',
      'localhost logout ignoreAllowances': 'refused',
      '127.0.0.1 jwks': '{"canary":true}',
      '127.0.0.1 jwks ignoreAllowances': 'refused',
      '127.0.0.2 jwks': 'refused',
      'other.test logout': 'refused',
    });
    expect(canary.requests).toHaveLength(2);
  });

  it('of another port open nothing', async () => {
    const canary = await canaryOf();
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: 1 }] });
    expect((await failureOf(outbound.fetch(`http://127.0.0.1:${canary.port}/`, jwks))).code).toBe('refused');
    expect(canary.connections).toBe(0);
  });

  it('may name a host of the hosts file', async () => {
    const canary = await canaryOf();
    const outbound = outboundOf({ allow: [{ host: 'localhost', port: canary.port }], lookup: undefined });
    expect((await outbound.fetch(`http://localhost:${canary.port}/`, jwks)).json()).toEqual({ canary: true });
  });

  it.each([
    ['', []],
    [' ', []],
    ['localhost:3001', [{ host: 'localhost', port: 3001 }]],
    [
      'Localhost:3001 , jwks=10.0.0.1:8443',
      [
        { host: 'localhost', port: 3001 },
        { host: '10.0.0.1', port: 8443, purposes: ['jwks'] },
      ],
    ],
    ['logout=[::1]:443', [{ host: '::1', port: 443, purposes: ['logout'] }]],
  ])('are read from %j', (value, expected) => {
    expect(parseOutboundAllow(value)).toEqual(expected);
  });

  it.each([
    ['localhost', 'localhost'],
    ['localhost:', 'localhost:'],
    ['a:1,,b:2', ''],
    ['a:1,', ''],
    [':443', ':443'],
    ['a:0', 'a:0'],
    ['a:65536', 'a:65536'],
    ['a:http', 'a:http'],
    ['::1:443', '::1:443'],
    ['127.1:443', '127.1:443'],
    ['a.:443', 'a.:443'],
    ['a b:443', 'a b:443'],
    ['a/b:443', 'a/b:443'],
    ['u@a:443', 'u@a:443'],
    ['*:443', '*:443'],
    ['*.test:443', '*.test:443'],
    ['https://a:443', 'https://a:443'],
    ['b:2,keys=a:443', 'keys=a:443'],
    ['=a:443', '=a:443'],
  ])('are refused from %j, naming the entry', (value, entry) => {
    expect(() => parseOutboundAllow(value)).toThrow(`cannot read "${entry}"`);
  });
});

describe('trusted URLs', () => {
  it.each([
    ['http', 'localhost', ['127.0.0.1'], 200],
    ['http', '127.0.0.1', [], 200],
    ['http', 'app.localhost', ['127.0.0.1'], 200],
    ['https', 'named.test', ['127.0.0.1'], 200],
    ['http', 'named.test', ['127.0.0.1'], 'refused'],
    ['http', 'localhost', ['10.0.0.1'], 'refused'],
    ['http', 'localhost.test', ['127.0.0.1'], 'refused'],
    ['http', '10.0.0.1', [], 'refused'],
  ])('%s://%s at %j: %s', async (scheme, host, addresses, expected) => {
    const canary = await canaryOf(undefined, scheme === 'https');
    const outbound = outboundOf({ lookup: () => Promise.resolve(addresses), certificateAuthorities: certificate });
    const outcome = await outbound
      .fetch(`${scheme}://${host}:${canary.port}/`, { purpose: 'discovery', trusted: true })
      .then(
        (response) => response.status,
        (error: OutboundError) => error.code,
      );
    expect(outcome).toBe(expected);
  });

  it('keep their connections', async () => {
    const canary = await canaryOf();
    const outbound = outboundOf();
    const request: OutboundRequest = { purpose: 'introspection', method: 'POST', body: 'token=1', trusted: true };
    for (let i = 0; i < 20; i += 1) await outbound.fetch(`http://127.0.0.1:${canary.port}/`, request);
    expect(canary.requests).toHaveLength(20);
    // A pool may open a second one when it is asked again before it saw the end of the first answer.
    expect(canary.connections).toBeLessThanOrEqual(2);
  });
});

describe('TLS', () => {
  const cases = [
    ['an unknown authority', 'named.test', undefined, 'failed'],
    ['a certificate for another name', 'other.test', certificate, 'failed'],
    ['its certificate', 'named.test', certificate, 200],
  ] as const;

  it.each(cases)('RP-21: %s', async (_, host, certificateAuthorities, expected) => {
    const canary = await canaryOf(undefined, true);
    const outbound = outboundOf({
      allow: [{ host, port: canary.port }],
      lookup: () => Promise.resolve(['127.0.0.1']),
      certificateAuthorities,
    });
    const outcome = await outbound.fetch(`https://${host}:${canary.port}/`, jwks).then(
      (response) => response.status,
      (error: OutboundError) => error.code,
    );
    expect(outcome).toBe(expected);
    expect(canary.requests).toHaveLength(expected === 200 ? 1 : 0);
  });
});

it('RP-21: NODE_TLS_REJECT_UNAUTHORIZED=0 does not reach what we ask', async () => {
  const canary = await canaryOf(undefined, true);
  const loader = join(import.meta.dirname, '../support/typescript.mjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--import', loader, join(import.meta.dirname, 'unverified-tls.ts')],
    { env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', PORT: String(canary.port) } },
  );
  const refused = { provider: 'failed', keys: 'failed', introspection: 'failed', stranger: 'failed' };
  expect(JSON.parse(stdout)).toEqual({ plain: 200, ...refused });
  expect(canary.requests).toHaveLength(1);
});

describe('an exchange', () => {
  async function fetchFrom(
    answer: RequestListener,
    init: Partial<OutboundRequest> = {},
    options: Partial<OutboundOptions> = {},
  ) {
    const canary = await canaryOf(answer);
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }], ...options });
    return outbound.fetch(`http://127.0.0.1:${canary.port}/a?b=c#d`, { purpose: 'jwks', ...init });
  }

  it('posts what it is given and answers with what came back, whatever the status', async () => {
    const response = await fetchFrom(
      (request, answer) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          answer.setHeader('Set-Cookie', ['a=1', 'b=2']);
          answer.statusCode = 401;
          answer.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
        });
      },
      {
        purpose: 'push',
        method: 'POST',
        headers: { 'Content-Type': 'application/secevent+jwt', 'Accept-Encoding': 'gzip' },
        body: 'set',
      },
    );
    expect(response.status).toBe(401);
    expect(response.headers['set-cookie']).toBe('a=1, b=2');
    expect(response.json()).toMatchObject({
      method: 'POST',
      url: '/a?b=c',
      body: 'set',
      headers: { 'content-type': 'application/secevent+jwt', 'accept-encoding': 'identity', 'content-length': '3' },
    });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %d', async (status) => {
    const target = await canaryOf();
    for (const method of ['GET', 'POST'] as const) {
      const fetching = fetchFrom(
        (_, answer) => answer.writeHead(status, { location: `http://127.0.0.1:${target.port}/` }).end(),
        { method },
      );
      expect((await failureOf(fetching)).code).toBe('failed');
    }
    expect(target.connections).toBe(0);
  });

  const json = { 'content-type': 'application/json; charset=utf-8' };

  it.each<[string, string, RequestListener]>([
    ['a body too large', 'is over 1000 bytes', (_, answer) => answer.writeHead(200, json).end('x'.repeat(1001))],
    ['a body that never ends', 'is over 1000 bytes', (_, answer) => flood(answer.writeHead(200, json))],
    [
      'a compressed body',
      'encoded',
      (_, answer) => answer.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(),
    ],
    [
      'a body that stops halfway',
      'http://127.0.0.1:',
      (_, answer) => answer.writeHead(200, { ...json, 'content-length': '9' }).write('x', () => answer.destroy()),
    ],
    ['another type', 'another type', (_, answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('{}')],
    ['no type', 'another type', (_, answer) => answer.end('{}')],
    ['a document that is not there', 'answered 404', (_, answer) => answer.writeHead(404, json).end('{}')],
    ['no HTTP', 'http://127.0.0.1:', (request) => request.socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    ['giant headers', 'Headers Overflow', (_, answer) => answer.writeHead(200, { a: 'x'.repeat(100_000) }).end()],
  ])('fails for %s', async (_, detail, answer) => {
    const error = await failureOf(fetchFrom(answer, { accept: ['application/json'], maxBytes: 1000 }));
    expect([error.code, error.detail]).toEqual(['failed', expect.stringContaining(detail)]);
    expect(error.detail).not.toContain('no answer in');
  });

  it('takes a document of an accepted type', async () => {
    const response = await fetchFrom(
      (request, answer) => answer.writeHead(200, json).end(JSON.stringify(request.headers.accept)),
      { accept: ['application/jwk-set+json', 'application/json'] },
    );
    expect(response.json()).toBe('application/jwk-set+json, application/json');
  });

  it('reads up to the limit', async () => {
    const response = await fetchFrom((_, answer) => answer.end('x'.repeat(1000)), { maxBytes: 1000 });
    expect(response.body).toHaveLength(1000);
  });

  it.each<[string, RequestListener]>([
    ['a drip', (_, answer) => drip(answer)],
    ['silence', () => {}],
    ['hints without an answer', (_, answer) => drip(answer, () => answer.writeProcessing())],
  ])('ends in time for %s', async (_, answer) => {
    const started = performance.now();
    expect((await failureOf(fetchFrom(answer, { timeoutMilliseconds: 200 }))).code).toBe('failed');
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('ends in time for a name server that is silent', async () => {
    const outbound = outboundOf({ lookup: () => new Promise(() => {}), timeoutMilliseconds: 100 });
    const started = performance.now();
    expect((await failureOf(outbound.fetch('https://named.test/', jwks))).code).toBe('failed');
    expect(performance.now() - started).toBeLessThan(60_000);
  });

  it('takes no proxy from the environment', async () => {
    const proxy = await canaryOf();
    const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'];
    const before = { ...process.env };
    for (const name of names) process.env[name] = `http://127.0.0.1:${proxy.port}`;
    cleanup.push(() => Promise.resolve((process.env = before)));
    expect((await fetchFrom((_, answer) => answer.end('direct'))).text()).toBe('direct');
    await failureOf(outboundOf().fetch('https://named.test/', jwks));
    expect(proxy.connections).toBe(0);
  });
});

describe('the error (SS-10)', () => {
  it('reads the same whatever happened', async () => {
    const canary = await canaryOf((request, answer) => {
      if (request.url === '/silence') return;
      answer.statusCode = request.url === '/missing' ? 404 : 302;
      answer.end();
    });
    const closed = await canaryOf();
    await closed.close();
    const options: Parameters<typeof outboundOf>[0] = {
      allow: [
        { host: 'named.test', port: canary.port },
        { host: 'named.test', port: closed.port },
      ],
      lookup: (name) =>
        name === 'named.test' ? Promise.resolve(['127.0.0.1']) : Promise.reject(new Error('ENOTFOUND')),
    };
    const outbound = outboundOf(options);
    const impatient = outboundOf({ ...options, timeoutMilliseconds: 200 });
    const urls = {
      'private, open': `https://127.0.0.1:${canary.port}/`,
      'private, closed': `https://127.0.0.1:${closed.port}/`,
      'private name': 'https://named.test/',
      'no such name': 'https://none.test/',
      'closed port': `http://named.test:${closed.port}/`,
      'no TLS there': `https://named.test:${canary.port}/`,
      'not found': `http://named.test:${canary.port}/missing`,
      redirect: `http://named.test:${canary.port}/redirect`,
      timeout: `http://named.test:${canary.port}/silence`,
      malformed: 'nonsense',
    };
    const seen: string[] = [];
    const details = new Set<string>();
    for (const [what, url] of Object.entries(urls)) {
      const error = await failureOf((what === 'timeout' ? impatient : outbound).fetch(url, jwks));
      seen.push(`${error.name}: ${error.message} ${JSON.stringify(error)}`);
      details.add(error.detail);
    }
    expect([...new Set(seen)]).toEqual(['OutboundError: The address could not be fetched. {"name":"OutboundError"}']);
    expect(details.size).toBe(seen.length);
  });

  it('tells the log the origin, and never a path or a query', async () => {
    const outbound = outboundOf();
    for (const url of [
      'https://10.0.0.1/secret?token=secret',
      'https://none.test/secret',
      'http://named.test/secret',
      'x:secret',
    ]) {
      expect((await failureOf(outbound.fetch(url, jwks))).detail).not.toContain('secret');
    }
  });

  it('of a body that is not JSON does not quote it', async () => {
    const canary = await canaryOf((_, answer) => answer.end('secret'));
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }] });
    const response = await outbound.fetch(`http://127.0.0.1:${canary.port}/`, jwks);
    const error = await failureOf(Promise.resolve().then(() => response.json()));
    expect(`${error.message} ${error.detail} ${String(error.cause)}`).not.toContain('secret');
  });
});

describe('amplification (SS-13)', () => {
  it('shares one fetch between a thousand that ask for one document', async () => {
    const canary = await canaryOf((_, answer) => setTimeout(() => answer.end('{}'), 50));
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }] });
    const url = `http://127.0.0.1:${canary.port}/jwks`;
    const responses = await Promise.all(Array.from({ length: 1000 }, () => outbound.fetch(url, jwks)));
    expect(responses.map(({ status }) => status)).toEqual(Array<number>(1000).fill(200));
    expect(canary.requests).toHaveLength(1);
    await outbound.fetch(url, jwks);
    expect(canary.requests).toHaveLength(2);
  });

  it('does not share between purposes, nor between credentials, nor what is no document', async () => {
    const canary = await canaryOf((request, answer) => setTimeout(() => answer.end(request.headers.authorization), 20));
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }] });
    const post: OutboundRequest = { purpose: 'logout', method: 'POST', body: 'logout_token=1' };
    const requests: OutboundRequest[] = [
      jwks,
      { purpose: 'request' },
      { purpose: 'jwks', headers: { authorization: 'Bearer a' } },
      { purpose: 'jwks', headers: { authorization: 'Bearer b' } },
      { purpose: 'introspection' },
      { purpose: 'introspection' },
      post,
      post,
    ];
    const url = `http://127.0.0.1:${canary.port}/`;
    const bodies = await Promise.all(requests.map(async (init) => (await outbound.fetch(url, init)).text()));
    expect(bodies).toEqual(['', '', 'Bearer a', 'Bearer b', '', '', '', '']);
    expect(canary.requests).toHaveLength(requests.length);
  });

  it('runs few of a thousand that ask for different documents, and sends the rest away', async () => {
    let peak = 0;
    let isCrowded = true;
    const running: ServerResponse[] = [];
    const canary = await canaryOf((_, answer) => {
      running.push(answer);
      peak = Math.max(peak, running.length);
      // They are answered when as many are there as may be; and were there more, those would come meanwhile.
      const enough = () => running.splice(0).forEach((one) => one.end());
      if (running.length === 4 || !isCrowded) setTimeout(enough, 20);
    });
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }], maxConcurrent: 4 });
    const url = (i: number) => `http://127.0.0.1:${canary.port}/${i}`;
    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, (_, i) => outbound.fetch(url(i), jwks)));
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as OutboundError] : [],
    );
    expect(failures.every((error) => error instanceof OutboundError)).toBe(true);
    expect([peak, canary.requests.length, failures.length]).toEqual([4, 20, 980]);
    // The crowd was at fault, not the document: it can be fetched now.
    isCrowded = false;
    expect((await outbound.fetch(url(999), jwks)).status).toBe(200);
  });

  it('keeps a place for trusted URLs while strangers fill theirs', async () => {
    let letStrangerGo: () => void;
    const untilThen = new Promise<void>((resolve) => (letStrangerGo = resolve));
    const canary = await canaryOf((request, answer) => {
      if (request.url === '/trusted') answer.end();
      else void untilThen.then(() => answer.end());
    });
    const outbound = outboundOf({
      allow: [{ host: '127.0.0.1', port: canary.port }],
      maxConcurrent: 1,
      timeoutMilliseconds: 30_000,
    });
    const url = `http://127.0.0.1:${canary.port}`;
    const stranger = outbound.fetch(`${url}/stranger`, jwks);
    expect((await outbound.fetch(`${url}/trusted`, { purpose: 'introspection', trusted: true })).status).toBe(200);
    letStrangerGo!();
    expect((await stranger).status).toBe(200);
  });

  it('remembers a failure for a while that grows with each, and forgets it by the clock', async () => {
    let status = 500;
    const canary = await canaryOf((_, answer) => answer.writeHead(status).end());
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }], failureMilliseconds: 3_000 });
    const hitsAfter = async (passing: number) => {
      clock.time += passing;
      const url = `http://127.0.0.1:${canary.port}/`;
      await outbound.fetch(url, jwks).catch((error: unknown) => expect(error).toBeInstanceOf(OutboundError));
      return canary.requests.length;
    };
    const passing = [0, 0, 999, 1, 0, 1_999, 1, 2_999, 1, 2_999, 1];
    const hits: number[] = [];
    for (const one of passing) hits.push(await hitsAfter(one));
    expect(hits).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5]);
    await failureOf(outbound.fetch(`http://127.0.0.1:${canary.port}/other`, jwks));
    expect(canary.requests).toHaveLength(6);
    // What was there once begins anew.
    status = 200;
    expect(await hitsAfter(3_000)).toBe(7);
    status = 500;
    expect([await hitsAfter(0), await hitsAfter(999), await hitsAfter(1)]).toEqual([8, 8, 9]);
  });

  it('remembers a refused name too', async () => {
    let lookups = 0;
    const outbound = outboundOf({
      lookup: () => {
        lookups += 1;
        return Promise.resolve(['127.0.0.1']);
      },
    });
    for (let i = 0; i < 3; i += 1) await failureOf(outbound.fetch('https://a.test/', jwks));
    expect(lookups).toBe(1);
  });

  it('remembers a bounded number of failures', async () => {
    let lookups = 0;
    const outbound = outboundOf({
      lookup: () => {
        lookups += 1;
        return Promise.resolve([]);
      },
    });
    for (let i = 0; i <= 1000; i += 1) await failureOf(outbound.fetch(`https://named.test/${i}`, jwks));
    await failureOf(outbound.fetch('https://named.test/1000', jwks));
    expect(lookups).toBe(1001);
    await failureOf(outbound.fetch('https://named.test/0', jwks));
    expect(lookups).toBe(1002);
  });
});

describe('close', () => {
  it('ends what is under way and refuses what comes later', async () => {
    const canary = await canaryOf(() => {});
    const outbound = outboundOf({ allow: [{ host: '127.0.0.1', port: canary.port }], timeoutMilliseconds: 20_000 });
    const url = `http://127.0.0.1:${canary.port}/`;
    const underWay = failureOf(outbound.fetch(url, jwks));
    const resolving = failureOf(
      outboundClosedLater(outboundOf({ lookup: () => new Promise(() => {}), timeoutMilliseconds: 20_000 })),
    );
    while (canary.requests.length === 0) await new Promise((later) => setTimeout(later, 5));
    await outbound.close();
    await outbound.onApplicationShutdown();
    expect((await underWay).code).toBe('failed');
    expect((await resolving).code).toBe('failed');
    expect((await failureOf(outbound.fetch(`${url}later`, jwks))).code).toBe('failed');
  });
});

async function outboundClosedLater(outbound: Outbound): Promise<unknown> {
  const fetching = outbound.fetch('https://named.test/', jwks);
  setTimeout(() => void outbound.close(), 50);
  return fetching;
}

function flood(answer: ServerResponse): void {
  const more = () => {
    while (!answer.destroyed && answer.write('x'.repeat(16_384)));
  };
  answer.on('drain', more);
  more();
}

function drip(answer: ServerResponse, drop: () => void = () => void answer.write('x')): void {
  const timer = setInterval(drop, 20);
  answer.on('close', () => clearInterval(timer));
}

/** A name server that knows A records only: the question comes back, with the answer behind it. */
async function dnsServer(records: Record<string, string>): Promise<UdpSocket> {
  const server = createSocket('udp4');
  server.on('message', (query, peer) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]!; length > 0; length = query[at]!) {
      labels.push(query.toString('ascii', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const address = records[labels.join('.')];
    const answers = address !== undefined && query.readUInt16BE(at + 1) === 1 ? 1 : 0;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(address === undefined ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(answers, 6);
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...(address ?? '').split('.').map(Number)];
    server.send(
      Buffer.concat([header, query.subarray(12, at + 5), Buffer.from(answers ? record : [])]),
      peer.port,
      peer.address,
    );
  });
  await new Promise<void>((bound) => server.bind(0, '127.0.0.1', bound));
  cleanup.push(() => new Promise<void>((closed) => server.close(closed)));
  return server;
}
