import { Global, type INestApplication, type LoggerService, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Audit } from '../../src/audit/audit.js';
import { Interactions } from '../../src/interactions/interactions.js';
import { AfterAnswer } from '../../src/login/after-answer.js';
import { LoginModule } from '../../src/login/login.module.js';
import type { LoginOptions, LoginUsers } from '../../src/login/login.options.js';
import { identityProviderMigrations } from '../../src/migrations/identity-provider.js';
import { Clock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/database.js';
import { openDatabase } from '../../src/platform/database/open-database.js';
import { Mails } from '../../src/platform/mail/mails.js';
import { Secrets } from '../../src/platform/secret.js';
import { SignOnSessions } from '../../src/sessions/sign-on-sessions.js';
import { RecoveryCodes } from '../../src/users/credentials/recovery-codes.js';
import { TotpCredentials } from '../../src/users/credentials/totp.js';
import type { DatabaseUsers } from '../../src/users/database-users.js';
import { PasswordHasher } from '../../src/users/password-hasher.js';
import { UserEntity } from '../../src/users/user.entity.js';
import { Users } from '../../src/users/users.js';
import { TestClock } from './test-clock.js';

export interface LoginHouseOptions extends LoginUsers, Partial<LoginOptions> {
  databaseUrl: string;
  host?: 'fastify' | 'express';
  /** Believes `X-Forwarded-For` from loopback, so that a test can come from anywhere. */
  trustProxy?: boolean;
  clock?: TestClock;
}

/** Sign-in and nothing else, over real HTTP. */
export interface LoginHouse {
  url: string;
  app: INestApplication;
  clock: TestClock;
  database: Database;
  users: DatabaseUsers;
  hasher: PasswordHasher;
  totp: TotpCredentials;
  recoveryCodes: RecoveryCodes;
  audit: Audit;
  mails: Mails;
  /** Waits for what is done after the answers, and for the mails of it. */
  settled(): Promise<void>;
  sessions: SignOnSessions;
  interactions: Interactions;
  /** Everything that was logged since the start. */
  log: string[];
  /** A browser that has not been here yet. */
  browser(): TestBrowser;
  close(): Promise<void>;
}

export async function openLoginHouse(options: LoginHouseOptions): Promise<LoginHouse> {
  const {
    databaseUrl,
    host = 'fastify',
    trustProxy = false,
    clock = new TestClock(),
    imports = [],
    ...login
  } = options;
  const database = await openDatabase({
    url: databaseUrl,
    entities: [UserEntity],
    migrations: identityProviderMigrations,
  });

  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: database },
      { provide: Clock, useValue: clock },
      { provide: Secrets, useValue: new Secrets(['a secret for tests that is long enough']) },
    ],
    exports: [Database, Clock, Secrets],
  })
  class TestPlatformModule {}

  // The issuer names the address, which is known only after listening; loopback's name is enough for the origin check.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const metadata: ModuleMetadata = {
    imports: [TestPlatformModule, LoginModule.forRoot({ issuer: url, startPage: true, imports, ...login })],
    providers: [Interactions],
  };
  @Module(metadata)
  class HouseModule {}

  const log: string[] = [];
  const logger = loggerInto(log);
  const app: INestApplication =
    host === 'fastify'
      ? await NestFactory.create(HouseModule, new FastifyAdapter(trustProxy ? { trustProxy: 'loopback' } : {}), {
          logger,
        })
      : await NestFactory.create(HouseModule, await expressAdapter(), { logger });
  await app.listen(port, '127.0.0.1');
  return {
    url,
    app,
    clock,
    database,
    users: app.get(Users) as DatabaseUsers,
    hasher: app.get(PasswordHasher),
    totp: app.get(TotpCredentials),
    recoveryCodes: app.get(RecoveryCodes),
    audit: app.get(Audit),
    mails: app.get(Mails),
    settled: async () => {
      await app.get(AfterAnswer).settled();
      await app.get(Mails).deliver();
    },
    sessions: app.get(SignOnSessions),
    interactions: app.get(Interactions),
    log,
    browser: () => new TestBrowser(url),
    close: () => app.close(),
  };
}

/** Express takes its time to be loaded, and most tests do without it. */
async function expressAdapter() {
  return new (await import('@nestjs/platform-express')).ExpressAdapter();
}

/** A browser as far as sign-in sees one: it keeps cookies, sends forms, and does not follow redirects. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  /** Sent with every request. */
  headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' };

  constructor(private readonly origin: string) {}

  /** The same browser, seen from another process of the provider. */
  at(origin: string): TestBrowser {
    const twin = new TestBrowser(origin);
    for (const [name, value] of this.cookies) twin.cookies.set(name, value);
    twin.headers = { ...this.headers };
    return twin;
  }

  async send(path: string, init: RequestInit = {}): Promise<Response & { page: string }> {
    const headers = new Headers({ ...this.headers, ...(init.headers as Record<string, string>) });
    if (this.cookies.size > 0 && !headers.has('cookie')) {
      headers.set('cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(new URL(path, this.origin), { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return Object.assign(response, { page: await response.text() });
  }

  get(path: string): Promise<Response & { page: string }> {
    return this.send(path);
  }

  post(path: string, fields: Record<string, string> | [string, string][]): Promise<Response & { page: string }> {
    return this.send(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Opens the sign-in page and answers its hidden fields. */
  async openForm(interaction?: string): Promise<Record<string, string>> {
    const { page } = await this.get(`/login${interaction === undefined ? '' : `?interaction=${interaction}`}`);
    return hiddenFields(page);
  }

  /** Opens the sign-in page and sends it filled in. */
  async signIn(username: string, password: string, interaction?: string): Promise<Response & { page: string }> {
    return this.post('/login', { ...(await this.openForm(interaction)), username, password });
  }

  /** Follows a redirect of this site. */
  follow(answer: Response): Promise<Response & { page: string }> {
    const location = answer.headers.get('location');
    if (location === null || !location.startsWith('/')) throw new Error(`${answer.status} to ${location}`);
    return this.get(location);
  }

  /** Sends one of the forms of a page, filled in: the one with this action. */
  submit(page: string, action: string, fields: Record<string, string> = {}): Promise<Response & { page: string }> {
    const form = new RegExp(`<form[^>]* action="${action}"[^>]*>.*?</form>`, 's').exec(page)?.[0];
    if (form === undefined) throw new Error(`the page has no form that goes to ${action}: ${page.slice(-3000)}`);
    const [, made = '{}'] = /data-fields="([^"]*)"/.exec(form) ?? [];
    const byScript = JSON.parse(made.replaceAll('&quot;', '"')) as Record<string, string>;
    return this.post(action, { ...hiddenFields(form), ...byScript, ...fields });
  }

  private keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
    if (/;\s*max-age=0/i.test(cookie)) this.cookies.delete(name!);
    else this.cookies.set(name!, value!);
  }
}

/** Counts the argon2 verifications of a house from now on; for guesses these are what costs and what tells. */
export function countVerifications({ hasher }: LoginHouse): () => number {
  const verify = PasswordHasher.prototype.verify.bind(hasher);
  let count = 0;
  hasher.verify = (passwordHash, password) => {
    count += 1;
    return verify(passwordHash, password);
  };
  return () => count;
}

/** The hidden fields of a page's forms. */
export function hiddenFields(page: string): Record<string, string> {
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name!, value!]));
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function loggerInto(lines: string[]): LoggerService {
  const keep = (...parts: unknown[]) => void lines.push(parts.map(String).join(' '));
  return { log: () => {}, debug: () => {}, verbose: () => {}, warn: keep, error: keep, fatal: keep };
}
