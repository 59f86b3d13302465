import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Audit } from '../../src/audit/audit.js';
import { Suspensions } from '../../src/authorizations/suspensions.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { Authorizations } from '../../src/authorizations/authorizations.js';
import { Consents } from '../../src/authorizations/consents.js';
import type { TokenSet } from '../../src/authorizations/token-issuer.js';
import type { ClientPolicy } from '../../src/clients/client.js';
import { Clients } from '../../src/clients/clients.js';
import { Resources } from '../../src/clients/resources.js';
import { KeyRing } from '../../src/keys/key-ring.js';
import { Database } from '../../src/platform/database/database.js';
import type { DatabaseUsers } from '../../src/users/database-users.js';
import { Users } from '../../src/users/users.js';
import { hiddenFields, TestBrowser } from './login-house.js';
import { createProviderDatabase, SECRETS } from './provider-database.js';
import { TestClock } from './test-clock.js';

export { SECRETS };
export const PASSWORDS: Readonly<Record<string, string>> = { alice: 'wonderland', bob: 'builder' };

/** An answer together with its body as text. */
export type Answer = Response & { page: string };

/** A relying party as a test plays it. */
export interface TestClient {
  id: string;
  secret?: string;
  redirectUri: string;
  method: 'client_secret_basic' | 'client_secret_post' | 'none';
}

export interface HouseOptions {
  policy?: 'secure' | 'certification';
  clock?: TestClock;
  /** Where it is known instead of its own address: a proxy in front of it. */
  issuer?: string;
  /** The house stands on this database instead of one of its own, which the caller drops. */
  databaseUrl?: string;
  /** OUTBOUND_ALLOW, for what a test serves on this machine. */
  outboundAllow?: string;
  /** `localhost` for what needs a name (passkeys); an address by default. */
  hostname?: '127.0.0.1' | 'localhost';
  /** More settings, as the environment has them. */
  settings?: Record<string, string>;
}

/** The whole provider over real HTTP on a real PostgreSQL, with the clock in the test's hand. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const clock = options.clock ?? new TestClock();
  const own = options.databaseUrl === undefined ? await createProviderDatabase(clock) : undefined;
  const databaseUrl = options.databaseUrl ?? own!.url;
  const port = await freePort();
  const origin = `http://${options.hostname ?? '127.0.0.1'}:${port}`;
  const { issuer = origin } = options;
  const log: string[] = [];
  try {
    const { policy = 'secure', outboundAllow = '', settings: more } = options;
    const settings = { GATEHOUSE_POLICY: policy, OUTBOUND_ALLOW: outboundAllow, ...more };
    const app = await startProvider({ issuer, port, databaseUrl, clock, log, settings });
    const house = new House(issuer, app, clock, databaseUrl, log, settings, own?.drop, origin);
    await house.furnish();
    return house;
  } catch (error) {
    await own?.drop();
    throw error;
  }
}

async function startProvider(about: {
  issuer: string;
  port: number;
  databaseUrl: string;
  clock: TestClock;
  log: string[];
  settings: Record<string, string>;
  secrets?: string[];
}): Promise<NestFastifyApplication> {
  const config = identityProviderConfig({
    ISSUER: about.issuer,
    PORT: String(about.port),
    ...about.settings,
  });
  return startIdentityProvider(config, {
    databaseUrl: about.databaseUrl,
    secrets: about.secrets ?? SECRETS,
    clock: about.clock,
    logger: loggerInto(about.log),
    apps: demoApps(about.port),
  });
}

export class House {
  readonly database: Database;
  readonly clients: Clients;
  readonly resources: Resources;
  readonly keys: KeyRing;
  readonly users: DatabaseUsers;
  readonly authorizations: Authorizations;
  readonly consents: Consents;
  /** What the command line does to people and clients. */
  readonly suspensions: Suspensions;
  /** Confidential, by `client_secret_basic`. */
  readonly web: TestClient = webClient('rp-a');
  /** Another one, by `client_secret_post`. */
  readonly other: TestClient = { ...webClient('rp-b'), method: 'client_secret_post' };
  /** Public, in a browser. */
  readonly spa: TestClient = { id: 'spa', redirectUri: 'https://spa.test/cb', method: 'none' };
  /** Public, on the person's machine. */
  readonly native: TestClient = { id: 'demo-native', redirectUri: 'http://127.0.0.1:49152/callback', method: 'none' };
  /** A program that acts for itself. */
  readonly service: TestClient = {
    id: 'demo-service',
    secret: 'demo-service-secret',
    redirectUri: '',
    method: 'client_secret_basic',
  };
  private readonly others: NestFastifyApplication[] = [];

  constructor(
    readonly issuer: string,
    readonly app: NestFastifyApplication,
    readonly clock: TestClock,
    readonly databaseUrl: string,
    /** Warnings and errors that were logged since the start. */
    readonly log: string[],
    private readonly settings: Record<string, string>,
    private readonly drop: (() => Promise<void>) | undefined,
    /** Its own address. */
    readonly origin = issuer,
  ) {
    const get = <T>(type: abstract new (...args: never[]) => T) => app.get<T>(type as never, { strict: false });
    this.database = get(Database);
    this.clients = get(Clients);
    this.resources = get(Resources);
    this.keys = get(KeyRing);
    this.users = get(Users) as DatabaseUsers;
    this.authorizations = get(Authorizations);
    this.consents = get(Consents);
    const { database, clients, users, authorizations } = this;
    this.suspensions = new Suspensions(database, clients, users, get(SignOnSessions), authorizations, get(Audit));
  }

  /** Registers the clients that every test may use. */
  async furnish(): Promise<void> {
    for (const client of [this.web, this.other, this.spa]) await this.register(client);
  }

  /** Writes a client; `metadata` adds to what the client itself says. */
  async register(
    client: TestClient,
    metadata: Record<string, unknown> = {},
    policy: Partial<ClientPolicy> = {},
  ): Promise<TestClient> {
    await this.clients.put(
      client.id,
      {
        client_name: client.id,
        redirect_uris: [client.redirectUri],
        post_logout_redirect_uris: [new URL('/bye', client.redirectUri).href],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: client.method,
        scope: 'openid profile email address phone offline_access orders:read orders:write invoices:read',
        ...metadata,
      },
      policy,
      client.secret,
    );
    return client;
  }

  /** A confidential client of this name, registered. */
  client(id: string, metadata: Record<string, unknown> = {}, policy: Partial<ClientPolicy> = {}): Promise<TestClient> {
    return this.register(webClient(id), metadata, policy);
  }

  /** Another process of the provider on the same database: same issuer, another port. Answers its origin. */
  async openAnother(secrets: string[] = SECRETS): Promise<string> {
    const port = await freePort();
    const { issuer, databaseUrl, clock, log, settings } = this;
    this.others.push(await startProvider({ issuer, port, databaseUrl, clock, log, settings, secrets }));
    return `http://127.0.0.1:${port}`;
  }

  /** One of the house's own parts. */
  part<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(type as never, { strict: false });
  }

  /** A browser that has not been here yet. */
  browser(): PersonBrowser {
    return new PersonBrowser(this.issuer, this);
  }

  /** Sends a form as a client does: authenticated by its method. A value may be a list, and undefined leaves one out. */
  async post(path: string, client: TestClient | undefined, form: Form, init: Init = {}): Promise<JsonAnswer> {
    const headers = new Headers(init.headers);
    const body = encode(form);
    if (client?.method === 'client_secret_basic' && !headers.has('authorization')) {
      headers.set('authorization', basic(client.id, client.secret!));
    }
    if (client?.method === 'client_secret_post') body.append('client_secret', client.secret!);
    if (client && client.method !== 'client_secret_basic') body.append('client_id', client.id);
    const response = await fetch(new URL(path, init.origin ?? this.issuer), { method: 'POST', headers, body });
    return jsonAnswer(response);
  }

  token(client: TestClient | undefined, form: Form, init?: Init): Promise<JsonAnswer> {
    return this.post('/token', client, form, init);
  }

  redeem(client: TestClient, grant: Grant, change: Form = {}, init?: Init): Promise<JsonAnswer> {
    const { code, verifier, redirectUri } = grant;
    return this.token(
      client,
      { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...change },
      init,
    );
  }

  refresh(client: TestClient, refreshToken: string, change: Form = {}, init?: Init): Promise<JsonAnswer> {
    return this.token(client, { grant_type: 'refresh_token', refresh_token: refreshToken, ...change }, init);
  }

  async introspect(token: string, client: TestClient = this.web): Promise<Record<string, unknown>> {
    return (await this.post('/introspect', client, { token })).json;
  }

  async userinfo(accessToken: string): Promise<JsonAnswer> {
    const headers = { authorization: `Bearer ${accessToken}` };
    return jsonAnswer(await fetch(`${this.issuer}/userinfo`, { headers }));
  }

  /** Sign-in, consent, code and redemption: the whole code flow. `request` changes the authorization request. */
  async codeFlow(
    request: Form = {},
    { client = this.web, browser = this.browser(), as = 'alice' }: Partial<Flow> = {},
  ): Promise<Flow & { tokens: Tokens; grant: Grant }> {
    const grant = await browser.obtainCode(request, { client, as });
    const { status, json } = await this.redeem(client, grant);
    if (status !== 200) throw new Error(`the code flow ended with ${status} ${JSON.stringify(json)}`);
    return { tokens: json as unknown as Tokens, grant, browser, client, as };
  }

  async close(): Promise<void> {
    for (const app of [...this.others, this.app]) await app.close();
    await this.drop?.();
  }
}

/** Parameters of a form or a query. */
export type Form = Record<string, string | readonly string[] | undefined>;
export interface Init {
  headers?: Record<string, string>;
  origin?: string;
}
export type JsonAnswer = Omit<Answer, 'json'> & { json: Record<string, unknown> };
export type Tokens = TokenSet & { refresh_token: string; id_token: string };

/** A code, and what belongs to it. */
export interface Grant {
  code: string;
  verifier: string;
  redirectUri: string;
}

/** Who goes through a code flow, for which client, in which browser. */
export interface Flow {
  client: TestClient;
  browser: PersonBrowser;
  as: string;
}

/** A person's browser in front of the provider. */
export class PersonBrowser extends TestBrowser {
  constructor(
    origin: string,
    private readonly house: House,
  ) {
    super(origin);
  }

  /** The path of an authorization request that is right, with changes; undefined leaves a parameter out. */
  authorizePath(client: TestClient, change: Form = {}): string {
    return `/authorize?${encode(authorizationRequest(client, change))}`;
  }

  /** Sends an authorization request and answers what comes first. */
  start(client: TestClient, change: Form = {}): Promise<Answer> {
    return this.get(this.authorizePath(client, change));
  }

  /**
   * Sends an authorization request and does what a person would: signs in, allows, until the browser leaves the provider
   * or stops at a page. Answers the last answer.
   */
  async walk(first: Answer, { as = 'alice', decision = 'allow' } = {}): Promise<Answer> {
    let answer = first;
    for (let hops = 0; hops < 10; hops += 1) {
      const location = answer.headers.get('location');
      if (location === null || !isHere(location, this.house.issuer)) return answer;
      const { pathname, searchParams } = new URL(location, this.house.issuer);
      const interaction = searchParams.get('interaction') ?? undefined;
      if (pathname === '/login') {
        const shown = await this.get(location);
        // Whoever is known well enough to prove just a second factor is sent on to it.
        answer = shown.headers.has('location') ? shown : await this.signIn(as, PASSWORDS[as]!, interaction);
      } else if (pathname === '/consent') {
        const { page } = await this.get(location);
        answer = await this.post('/consent', { ...hiddenFields(page), decision });
      } else {
        answer = await this.get(location);
      }
    }
    throw new Error('the browser is sent in circles');
  }

  /** The parameters that came back to the client. */
  async authorize(
    client: TestClient,
    change: Form = {},
    person: { as?: string; decision?: string } = {},
  ): Promise<URLSearchParams> {
    return responseOf(await this.walk(await this.start(client, change), person));
  }

  /** A code for this client, with its verifier. */
  async obtainCode(request: Form = {}, { client = this.house.web, as = 'alice' } = {}): Promise<Grant> {
    const verifier = randomBytes(32).toString('base64url');
    const response = await this.authorize(client, { code_challenge: challengeOf(verifier), ...request }, { as });
    const code = response.get('code');
    if (code === null) throw new Error(`no code: ${String(response)}`);
    return { code, verifier, redirectUri: (request['redirect_uri'] as string | undefined) ?? client.redirectUri };
  }
}

/** An authorization request that is right, with changes. */
export function authorizationRequest(client: TestClient, change: Form = {}): Form {
  return {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUri,
    scope: 'openid',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: challengeOf('v'.repeat(43)),
    code_challenge_method: 'S256',
    ...change,
  };
}

/** What an authorization response tells the client, by query. */
export function responseOf(answer: Answer): URLSearchParams {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`no redirect but ${answer.status}: ${answer.page.slice(0, 2000)}`);
  return new URL(location).searchParams;
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
}

/** The claims in a JWT, unproved. */
export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
}

/** The header of a JWT, unproved. */
export function headerOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
}

export async function jsonAnswer(response: Response): Promise<JsonAnswer> {
  const page = await response.text();
  let json: Record<string, unknown> = {};
  try {
    json = JSON.parse(page) as Record<string, unknown>;
  } catch {
    // Not every answer is JSON; a test that wants JSON looks into it.
  }
  return Object.assign(response, { page, json });
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function encode(form: Form): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const one of value === undefined ? [] : [value].flat()) body.append(name, one as string);
  }
  return body;
}

function webClient(id: string): TestClient {
  return {
    id,
    secret: `the secret of ${id}: with + and %`,
    redirectUri: `https://${id}.test/cb`,
    method: 'client_secret_basic',
  };
}

function isHere(location: string, issuer: string): boolean {
  return new URL(location, issuer).origin === issuer;
}

function loggerInto(lines: string[]): LoggerService {
  const keep = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
  return { log: () => {}, debug: () => {}, verbose: () => {}, warn: keep, error: keep, fatal: keep };
}
