import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { openProviderDatabase } from '../../src/apps/identity-provider/provider-database.js';
import { seedDemo } from '../../src/apps/identity-provider/seed-demo.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { startServer } from '../../src/apps/support/server.js';
import { IdentityProviderModule } from '../../src/identity-provider/identity-provider.module.js';
import type { PolicyPreset, Registration } from '../../src/identity-provider/identity-provider.options.js';
import { LoginModule } from '../../src/login/login.module.js';
import { Outbound, type OutboundAllowance } from '../../src/platform/outbound.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { Secrets } from '../../src/platform/secret.js';
import { freePort, House, jsonAnswer, SECRETS, type TestClient } from '../support/house.js';
import { createProviderDatabase } from '../support/provider-database.js';
import { TestClock } from '../support/test-clock.js';

export const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-for-tests-only';

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

export interface RegistrationHouseOptions {
  registration: Registration;
  policy?: PolicyPreset;
  allow?: OutboundAllowance[];
  /** Stands on this database instead of one of its own, which the caller drops. */
  databaseUrl?: string;
  secrets?: string[];
}

/** An answer with its body, read. */
export interface Told {
  status: number;
  headers: Headers;
  page: string;
  json: Record<string, unknown>;
}

/** A client that has registered itself, as the answer told it. */
export type Registered = Record<string, unknown> & {
  client_id: string;
  client_secret?: string;
  registration_client_uri: string;
  registration_access_token: string;
  redirect_uris: string[];
  token_endpoint_auth_method: TestClient['method'];
};

/** The whole provider with registration, whose requests to the outside trust the certificate of {@link site}. */
export class RegistrationHouse extends House {
  static async open(options: RegistrationHouseOptions): Promise<RegistrationHouse> {
    const { registration, policy = 'secure', allow = [], secrets = SECRETS } = options;
    const clock = new TestClock();
    const own = options.databaseUrl === undefined ? await createProviderDatabase(clock) : undefined;
    const databaseUrl = options.databaseUrl ?? own!.url;
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const database = await openProviderDatabase(databaseUrl);
    await seedDemo(database, new Secrets(secrets), clock, demoApps(port));
    const lookup = async (name: string) => (name === 'named.test' ? ['127.0.0.1'] : []);
    const outbound = new Outbound({ clock, allow, lookup, certificateAuthorities: certificate });
    const initial = registration === 'token' ? { initialAccessToken: INITIAL_ACCESS_TOKEN } : {};

    @Module({
      imports: [
        PlatformModule.forRoot({ database, secrets: new Secrets(secrets), outbound, clock }),
        LoginModule.forRoot({ issuer, apps: [] }),
        IdentityProviderModule.forRoot({ issuer, policy, registration, ...initial }),
      ],
    })
    class AppModule {}

    const app = await startServer(AppModule, { host: '127.0.0.1', port, logger: false, https: false });
    const house = new RegistrationHouse(issuer, app, clock, databaseUrl, [], { GATEHOUSE_POLICY: policy }, own?.drop);
    await house.furnish();
    return house;
  }

  /** Sends metadata as they are; a string or a buffer goes out untouched. */
  async send(body: unknown, headers: Record<string, string> = {}): Promise<Told> {
    return this.call('POST', `${this.issuer}/register`, body, headers);
  }

  /** Registers a client that must be accepted. */
  async add(metadata: Record<string, unknown> = {}): Promise<Registered> {
    const { status, page, json } = await this.send({ redirect_uris: ['https://app.test/cb'], ...metadata });
    if (status !== 201) throw new Error(`registration ended with ${status} ${page}`);
    return json as Registered;
  }

  /** Uses the client configuration endpoint. */
  configure(
    client: Registered,
    method: 'GET' | 'PUT' | 'DELETE',
    body?: unknown,
    token = client.registration_access_token,
  ): Promise<Told> {
    return this.call(method, client.registration_client_uri, body, { authorization: `Bearer ${token}` });
  }

  private async call(method: string, url: string, body: unknown, headers: Record<string, string>): Promise<Told> {
    const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const {
      status,
      headers: told,
      page,
      json,
    } = await jsonAnswer(
      await fetch(url, {
        method,
        ...(raw === undefined ? {} : { body: raw }),
        headers: { ...(raw === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }),
    );
    return { status, headers: told, page, json };
  }
}

/** The registered client as the other tests' house plays one. */
export function playing(registered: Registered): TestClient {
  return {
    id: registered.client_id,
    redirectUri: registered.redirect_uris[0]!,
    method: registered.token_endpoint_auth_method,
    ...(registered.client_secret === undefined ? {} : { secret: registered.client_secret }),
  };
}

/** A web site on loopback that counts who asks: over TLS as `named.test`, or plain. */
export class Site {
  requests: IncomingMessage[] = [];
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
    readonly allowance: OutboundAllowance,
  ) {}

  static async open(answer: RequestListener, tls = true): Promise<Site> {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      site.requests.push(request);
      answer(request, response);
    };
    const server: Server = tls ? createTlsServer({ key, cert: certificate }, listener) : createServer(listener);
    server.on('connection', () => (site.connections += 1));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const host = tls ? 'named.test' : '127.0.0.1';
    const site = new Site(server, `${tls ? 'https' : 'http'}://${host}:${port}`, { host, port });
    return site;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => this.server.close(() => closed()));
  }
}
