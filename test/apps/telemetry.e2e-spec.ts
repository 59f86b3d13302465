import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../relying-party/feed-world.js';
import { createProviderDatabase, SECRETS } from '../support/provider-database.js';
import { DemoTokens } from './demo-tokens.js';
import { addressesFrom, failedStart, FrontDoor, freePortBase, temporaryDirectory } from './front-door.js';
import { Visitor } from './visitor.js';

/**
 * What leaves a provider and an application beside their answers: logs at their most talkative, and traces. Everything secret
 * that the flows bring up is looked for in all of it.
 */
interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  service: string;
  attributes: Record<string, unknown>;
}

/** As much of an OpenTelemetry collector as OTLP over HTTP with JSON needs. */
class Collector {
  readonly spans: Span[] = [];
  text = '';
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        collector.take(Buffer.concat(chunks).toString('utf8'));
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  find(name: string, service = 'gatehouse-identity-provider'): Span[] {
    return this.spans.filter((span) => span.name === name && span.service === service);
  }

  private take(body: string): void {
    this.text += body;
    for (const { resource, scopeSpans } of JSON.parse(body).resourceSpans) {
      const service = attributesOf(resource)['service.name'] as string;
      for (const { spans } of scopeSpans) {
        for (const span of spans) this.spans.push({ ...span, service, attributes: attributesOf(span) });
      }
    }
  }
}

function attributesOf({ attributes }: { attributes: { key: string; value: object }[] }): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PASSWORD = 'wonderland';
const WRONG = 'looking-glass-7';
const CLIENT_SECRET = 'demo-service-secret';
const GARBAGE = 'garbage-that-looks-like-a-token';
const cleanUp: (() => unknown)[] = [];
const doors: FrontDoor[] = [];
const secrets = new Map<string, string>();
let collector: Collector;
let log = '';

const note = (what: string, value: string | undefined) => {
  if (!value) throw new Error(`the flow brought no ${what}`);
  secrets.set(what, value);
};

async function flows(at: ReturnType<typeof addressesFrom>): Promise<void> {
  const visitor = new Visitor();
  const form = await visitor.get(`${at.portal}/profile`);
  const refused = await visitor.submit(form, { username: 'alice', password: WRONG });
  visitor.stopAt = `${at.portal}/auth/callback`;
  let page = await visitor.submit(refused, { username: 'alice', password: PASSWORD });
  if (page.body.includes('consent-allow')) page = await visitor.submit(page, { decision: 'allow' });
  note('code', new URL(page.url).searchParams.get('code') ?? undefined);
  visitor.stopAt = undefined;
  expect((await visitor.get(page.url)).body).toContain('Alice Liddell');
  // A code that was used, at the application and at the provider.
  await visitor.get(page.url);
  for (const [name, value] of visitor.cookies) note(`cookie ${name}`, decodeURIComponent(value).split('.').at(-1));

  const demo = new DemoTokens(at.provider);
  const tokens = await demo.ofAlice(`${at.desk}/auth/callback`, 'desk', 'demo-desk-secret');
  for (const name of ['access_token', 'refresh_token', 'id_token']) note(name, tokens[name]);
  const basic = (secret: string) => ({ authorization: `Basic ${btoa(`demo-service:${secret}`)}` });
  const post = (path: string, body: Record<string, string>, headers: Record<string, string> = basic(CLIENT_SECRET)) =>
    fetch(at.provider + path, { method: 'POST', headers, body: new URLSearchParams(body) });
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
  const issued = await post('/token', { grant_type: 'client_credentials' }, { ...basic(CLIENT_SECRET), traceparent });
  note('token of a service', ((await issued.json()) as { access_token: string }).access_token);
  note('Basic credentials', btoa(`demo-service:${CLIENT_SECRET}`));
  await post('/token', { grant_type: 'client_credentials' }, basic(WRONG));
  await post('/token', { grant_type: 'authorization_code', code: GARBAGE, redirect_uri: at.portal, code_verifier: GARBAGE });
  await post('/token', { grant_type: 'refresh_token', refresh_token: GARBAGE });
  await post('/introspect', { token: GARBAGE });
  await fetch(`${at.provider}/userinfo?access_token=${GARBAGE}`, { headers: { authorization: `Bearer ${GARBAGE}` } });
  await fetch(`${at.provider}/logout?id_token_hint=${tokens['id_token']}`);
  await fetch(`${at.portal}/profile`, { headers: { authorization: `Bearer ${tokens['access_token']}` } });
  await fetch(`${at.provider}/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"password":"${WRONG}"` });
} // prettier-ignore

beforeAll(async () => {
  const [database, directory, base] = await Promise.all([
    createProviderDatabase(),
    temporaryDirectory(),
    freePortBase(),
  ]);
  collector = await Collector.start();
  cleanUp.push(database.drop, directory.remove, () => collector.stop());
  const at = addressesFrom(base);
  const common = {
    ISSUER: at.provider,
    GATEHOUSE_DIRECTORY: directory.path,
    DATABASE_URL: database.url,
    GATEHOUSE_SECRET: SECRETS[0],
    LOG_LEVEL: 'trace',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  note('password of the database', new URL(database.url).password || undefined);
  const open = (name: string, offset: number) => {
    const own = { PORT: String(base + offset), PUBLIC_URL: `http://localhost:${base + offset}` };
    const door = new FrontDoor(name, { ...common, ...own });
    doors.push(door);
    return door.ready(`http://localhost:${base + offset}`);
  };
  try {
    await open('identity-provider', 0);
    await open('portal', 1);
    await flows(at);
  } finally {
    // What is still to be sent is sent at the end.
    for (const door of doors.toReversed()) await door.stop();
  }
  log = doors.map(({ output }) => output).join('\n');
  for (const [what, value] of Object.entries({ PASSWORD, WRONG, CLIENT_SECRET, GARBAGE })) note(what, value);
  await eventually(() => collector.find('POST /token').length > 0, 'the spans have come', 60_000);
});
afterAll(async () => {
  for (const work of cleanUp.reverse()) await work();
});

describe('the log', () => {
  it('is JSON, a line an event, and speaks of what happened', () => {
    const lines = log.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
    expect(log).toMatch(/sign-in refused/);
  }); // prettier-ignore

  it('names the trace that a line belongs to', () => {
    const refused = log.split('\n').find((line) => line.includes('sign-in refused'))!;
    const { trace_id: trace } = JSON.parse(refused) as { trace_id: string };
    expect(collector.spans.some((span) => span.traceId === trace && span.name === 'POST /login')).toBe(true);
  });

  it('holds no password, code, token, cookie or secret', () => {
    expect(secrets.size).toBeGreaterThan(10);
    const found = [...secrets].filter(([, value]) => log.includes(value)).map(([what]) => what);
    expect(found).toEqual([]);
    expect(log).not.toMatch(/\beyJ[\w-]+\./);
  });
});

describe('the traces', () => {
  it('have a span for each request, named by its route', () => {
    const [login] = collector.find('POST /login');
    expect(login).toMatchObject({
      kind: 2,
      attributes: { 'http.request.method': 'POST', 'http.route': '/login', 'http.response.status_code': 401 },
    });
    expect(collector.find('GET /profile', 'gatehouse-portal').length).toBeGreaterThan(0);
  });

  it('go on with the trace of whoever asks', () => {
    const request = collector.find('POST /token').find((span) => span.traceId === TRACE);
    expect(request).toMatchObject({ parentSpanId: 'b7ad6b7169203331' });
    const [issuing] = collector.find('issue a token for a client').filter((span) => span.traceId === TRACE);
    expect(issuing).toMatchObject({ parentSpanId: request!.spanId });
  });

  it('hold statements without their values, under the request that they belong to', () => {
    const hashing = collector.find('hash a password');
    expect(hashing.length).toBeGreaterThan(0);
    const statements = collector.spans.filter(({ attributes }) => 'db.statement.name' in attributes);
    expect(statements.length).toBeGreaterThan(10);
    const known = new Set(collector.spans.map(({ spanId }) => spanId));
    const alone = statements.filter(({ parentSpanId }) => !known.has(parentSpanId!)).map(({ name }) => name);
    // The span of a request is told when it ends: a poll that waits has read the log, and goes on.
    expect(alone.filter((name) => name !== 'SELECT revocation_log')).toEqual([]);
    for (const { attributes } of statements) {
      expect(Object.keys(attributes).sort()).toEqual(['db.query.summary', 'db.statement.name', 'db.system.name']);
    }
  });

  it('lead from the application to the provider', () => {
    const [callback] = collector.find('GET /auth/callback', 'gatehouse-portal');
    const asked = collector.spans.filter((span) => span.kind === 3 && span.traceId === callback!.traceId);
    const parents = new Set(asked.map(({ spanId }) => spanId));
    const answered = collector.find('POST /token').filter(({ parentSpanId }) => parents.has(parentSpanId!));
    expect(answered.length).toBe(1);
  });

  it('hold nothing secret, and no path or query that somebody sent', () => {
    const found = [...secrets].filter(([, value]) => collector.text.includes(value)).map(([what]) => what);
    expect(found).toEqual([]);
    expect(collector.text).not.toMatch(/\beyJ[\w-]+\.|[?&](state|code|nonce)=/);
  });
});

it('a place for traces that is no URL stops the start', async () => {
  const { code, output } = await failedStart('orders', { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' });
  expect([code, output]).toEqual([1, expect.stringContaining('OTEL_EXPORTER_OTLP_ENDPOINT: must be an http:// URL')]);
});
