import { Controller, Get, type Type } from '@nestjs/common';
import { Suspensions } from '../../src/authorizations/suspensions.js';
import { Auth, Authenticated, type Principal, type RelyingPartyOptions } from '../../src/relying-party/index.js';
import { RevocationFeed } from '../../src/relying-party/revocations/revocation-feed.js';
import { House as Provider, type HouseOptions, openHouse, type TestClient } from '../support/house.js';
import { Proxy } from '../support/proxy.js';
import type { TinyIssuer } from '../support/tiny-issuer.js';
import { type Answered, type Browser, House as Application } from './house.js';

export const API = 'urn:feed:api';

@Controller()
class FeedRoutes {
  private seen({ scheme, subject }: Principal) {
    return { scheme, subject };
  }

  @Get('any')
  any(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('refusing')
  @Authenticated('any', { onStale: 'refuse' })
  refusing(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('accepting')
  @Authenticated('any', { onStale: 'accept' })
  accepting(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('patient')
  @Authenticated('any', { maxStaleness: '60s', onStale: 'refuse' })
  patient(@Auth() auth: Principal) {
    return this.seen(auth);
  }

  @Get('open')
  @Authenticated('any', { revocation: 'expiry' })
  open(@Auth() auth: Principal) {
    return this.seen(auth);
  }
}

/** A provider behind a proxy, with applications that follow its revocation feed. */
export class FeedWorld {
  private readonly applications: Application[] = [];
  private clientCount = 0;
  readonly suspensions: Suspensions;

  private constructor(
    readonly provider: Provider,
    readonly proxy: Proxy,
  ) {
    this.suspensions = provider.suspensions;
  }

  /** @param processes of the provider */
  static async open(processes = 1, options: HouseOptions = {}): Promise<FeedWorld> {
    const proxy = await Proxy.listen();
    const provider = await openHouse({ ...options, issuer: proxy.url });
    proxy.targets = [provider.origin];
    for (let more = 1; more < processes; more += 1) proxy.targets.push(await provider.openAnother());
    return new FeedWorld(provider, proxy);
  }

  /** Starts an application, registered at the provider, that serves the API. */
  async application(
    change: Partial<RelyingPartyOptions> = {},
    { metadata = {}, controllers = [FeedRoutes] }: { metadata?: Record<string, unknown>; controllers?: Type[] } = {},
  ): Promise<{ application: Application; client: TestClient; feed: RevocationFeed }> {
    const id = change.clientId ?? `feed-app-${(this.clientCount += 1)}`;
    const client: TestClient = { id, secret: `${id}-secret`, redirectUri: '', method: 'client_secret_basic' };
    const { provider } = this;
    const issuer = { url: provider.issuer, clock: provider.clock } as unknown as TinyIssuer;
    const application = await Application.open(
      issuer,
      (defaults) => {
        client.redirectUri = defaults.redirectUri!;
        return {
          ...defaults,
          clientId: id,
          clientSecret: client.secret!,
          bearer: { audience: API, algorithms: ['ES256'] },
          session: { ...defaults.session!, cookie: { name: `__Host-${id}` } },
          revocation: { maxStaleness: '10s' },
          ...change,
        };
      },
      'fastify',
      controllers,
      async () => {
        await provider.register(client, metadata);
        await this.serveApi(id);
      },
    );
    this.applications.push(application);
    return { application, client, feed: application.app.get(RevocationFeed) };
  }

  /** An access token for the API, of a client that is none of the applications. */
  async token(request: Record<string, string> = {}, as = 'alice') {
    const { native } = this.provider;
    await this.provider.register(native, { application_type: 'native', scope: 'openid offline_access api:read' });
    const browser = this.provider.browser();
    const flow = await this.provider.codeFlow(
      { scope: 'openid api:read', resource: API, ...request },
      { client: native, browser, as },
    );
    return { ...flow, accessToken: flow.tokens.access_token };
  }

  /** Signs somebody in at an application, as their browser does. */
  async signIn(application: Application, as = 'alice') {
    const person = this.provider.browser();
    const browser = application.browser();
    const begun = await browser.get('/auth/login?returnTo=/any');
    const first = await person.get(String(begun.headers['location']));
    const back = await person.walk(first, { as });
    const { pathname, search } = new URL(back.headers.get('location')!);
    const callback = await browser.get(pathname + search);
    if (callback.status !== 303) throw new Error(`the sign-in ended with ${callback.status} ${callback.text}`);
    return { person, browser };
  }

  async close(): Promise<void> {
    for (const application of this.applications) await application.close();
    await this.proxy.close();
    await this.provider.close();
  }

  private async serveApi(clientId: string): Promise<void> {
    const { resources } = this.provider;
    const known = await resources.find(API);
    const servedBy = [...(known?.servedBy ?? []), clientId];
    await resources.put({ audience: API, scopes: ['api:read'], tokenFormat: 'jwt', servedBy });
  }
}

export const withToken = (application: Application, token: string, path = '/any'): Promise<Answered> =>
  application.ask(path, { headers: [['authorization', `Bearer ${token}`]] });

/** Waits until something holds. A feed needs a few milliseconds; what it takes on a busy machine is nobody's fault. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  what: string,
  within = 90_000,
): Promise<void> {
  const until = performance.now() + within;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`it did not come to pass: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export type { Browser };
