import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Agent, fetch as undiciFetch } from 'undici';
import { identityProviderConfig } from '../../src/apps/identity-provider/config.js';
import { startIdentityProvider } from '../../src/apps/identity-provider/identity-provider-app.js';
import { demoApps } from '../../src/apps/support/demo.js';
import { freePort, House, SECRETS } from '../support/house.js';
import { createProviderDatabase } from '../support/provider-database.js';
import { TestClock } from '../support/test-clock.js';

// A pair made for these tests: op.example.test and localhost, its own authority, valid until 2124.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQDJsHxbd4HFmmgW9
WomRmt3PYU31xEAHnx4EJN+AY6uhRANCAASWForO6a+b55VsD3AX2mpXvab1Q60P
uog045xEr4A341rvCJxRf9OLFcMqBJOZYmIItJ761llAVVFMRm5xOzCS
-----END PRIVATE KEY-----`;
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBizCCATCgAwIBAgIBATAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVHYXRlaG91
c2UgY29uZm9ybWFuY2UwIBcNMjQwMTAxMDAwMDAwWhgPMjEyNDAxMDEwMDAwMDBa
MCAxHjAcBgNVBAMMFUdhdGVob3VzZSBjb25mb3JtYW5jZTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABJYWis7pr5vnlWwPcBfaale9pvVDrQ+6iDTjnESvgDfjWu8I
nFF/04sVwyoEk5liYgi0nvrWWUBVUUxGbnE7MJKjWTBXMA8GA1UdEwEB/wQFMAMB
Af8wJQYDVR0RBB4wHIIPb3AuZXhhbXBsZS50ZXN0gglsb2NhbGhvc3QwHQYDVR0O
BBYEFOKYv0sermlJ52zDfyr9h69OxCmuMAoGCCqGSM49BAMCA0kAMEYCIQDFMEfw
3v9bGPMX7/JzwZ5j86DjvM4Pv9DBl/1mv6PgcQIhAPy0DlmO+74pvs8+WiMJHlL5
SzAZxx5VfDK1RDcKfMsB
-----END CERTIFICATE-----`;

/** Documents that relying parties publish, by path. */
export type Documents = Map<string, { type: string; body: string | Buffer }>;

/**
 * The provider as the certification suite meets it: behind a TLS-terminating proxy, under a name, with the settings of the
 * certification run. `processes` of it stand behind the proxy, on one database, asked in turn.
 */
export class CertifiedHouse extends House {
  /** What relying parties publish at {@link sites}; a test changes it at will. */
  documents!: Documents;
  /** The forms that were posted to {@link sites}, by path. */
  posted!: Map<string, URLSearchParams[]>;
  /** Where relying parties publish: plain on loopback, and over TLS. */
  sites!: { plain: string; tls: string };
  /** Every process behind the proxy. */
  processes!: NestFastifyApplication[];
  private servers: Server[] = [];
  private ownFetch!: typeof fetch;
  private agent!: Agent;

  static async open({ processes = 1 } = {}): Promise<CertifiedHouse> {
    // It begins now, because independent clients compare with the machine's own time.
    const clock = new TestClock(Math.floor(Date.now() / 1000) * 1000);
    const database = await createProviderDatabase(clock);
    const documents: Documents = new Map();
    const posted = new Map<string, URLSearchParams[]>();
    const plain = await listening(createHttpServer(publishing(documents, posted)));
    const tls = await listening(createTlsServer({ key, cert: certificate }, publishing(documents, posted)));
    const ports = await Promise.all(Array.from({ length: processes }, () => freePort()));
    const proxy = await listening(createTlsServer({ key, cert: certificate }, forwardingTo(ports)));
    const issuer = `https://op.example.test:${portOf(proxy)}`;
    const allowed = ['jwks', 'logo', 'request'].map((purpose) => `${purpose}=127.0.0.1:${portOf(plain)}`);
    const apps: NestFastifyApplication[] = [];
    for (const port of ports) {
      const config = identityProviderConfig({
        ISSUER: issuer,
        PORT: String(port),
        TRUST_PROXY: 'loopback',
        GATEHOUSE_POLICY: 'certification',
        REGISTRATION: 'open',
        OUTBOUND_ALLOW: [
          ...allowed,
          ...['sector', 'logout'].map((purpose) => `${purpose}=localhost:${portOf(tls)}`),
        ].join(','),
        SEED_DEMO: 'true',
      });
      apps.push(
        await startIdentityProvider(config, {
          databaseUrl: database.url,
          secrets: SECRETS,
          logger: false,
          clock,
          apps: demoApps(port),
          certificateAuthorities: certificate,
        }),
      );
    }
    const house = new CertifiedHouse(
      issuer,
      apps[0]!,
      clock,
      database.url,
      [],
      { GATEHOUSE_POLICY: 'certification' },
      database.drop,
    );
    house.documents = documents;
    house.posted = posted;
    house.sites = { plain: `http://127.0.0.1:${portOf(plain)}`, tls: `https://localhost:${portOf(tls)}` };
    house.processes = apps;
    house.servers = [plain, tls, proxy];
    house.resolveOurName();
    await house.furnish();
    return house;
  }

  override async close(): Promise<void> {
    globalThis.fetch = this.ownFetch;
    await this.agent.destroy();
    for (const app of this.processes.slice(1)) await app.close();
    await super.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
  }

  /** No resolver knows the issuer's name, and nobody trusts its certificate: every `fetch` of the test file does, until the house closes. */
  private resolveOurName(): void {
    const agent = (this.agent = new Agent({
      connect: {
        ca: certificate,
        lookup: (_name, options, callback) =>
          options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
      },
    }));
    this.ownFetch = globalThis.fetch;
    globalThis.fetch = ((url: string | URL, init: object = {}) =>
      undiciFetch(url, { ...init, dispatcher: agent })) as unknown as typeof fetch;
  }
}

/** A proxy as operators put one in front: it ends TLS and says who asked. */
function forwardingTo(ports: readonly number[]): RequestListener {
  let turn = 0;
  return (request, response) => {
    const port = ports[turn++ % ports.length]!;
    const headers = {
      ...request.headers,
      'x-forwarded-for': request.socket.remoteAddress!,
      'x-forwarded-proto': 'https',
      'x-forwarded-host': request.headers.host!,
    };
    const onward = httpRequest({ host: '127.0.0.1', port, method: request.method, path: request.url, headers });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  };
}

function publishing(documents: Documents, posted: Map<string, URLSearchParams[]>): RequestListener {
  return (request, response) => {
    const document = documents.get(request.url!);
    if (document) response.setHeader('content-type', document.type).end(document.body);
    else if (request.method === 'POST') void keep(request, posted).then(() => response.end());
    else response.writeHead(404).end();
  };
}

async function keep(request: IncomingMessage, posted: Map<string, URLSearchParams[]>): Promise<void> {
  const form = new URLSearchParams(await text(request));
  posted.set(request.url!, [...(posted.get(request.url!) ?? []), form]);
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
