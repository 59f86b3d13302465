import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import type { FeedHealth } from '../../src/relying-party/revocations/revocation-feed.js';
import { FrontDoor, temporaryDirectory } from '../apps/front-door.js';
import { claimsOf, freePort, type House, openHouse, SECRETS, type TestClient } from '../support/house.js';
import { Proxy } from '../support/proxy.js';
import { TestClock } from '../support/test-clock.js';
import { eventually } from './feed-world.js';

const API = 'urn:feed:api';
/** How long the applications go by what they know, in milliseconds. */
export const MAX_STALENESS = 2_000;
/** A revoked token is accepted in no request that is sent later than this after its revocation. */
export const BOUND = MAX_STALENESS + 1_000;
/** For what takes its time on a machine that is busy. */
const PATIENCE = 90_000;

/** None of the demo's, which every start of the provider puts right. */
const NATIVE: TestClient = { id: 'feed-native', redirectUri: 'http://127.0.0.1:49152/callback', method: 'none' };

/** The machine's time: processes of their own have no other. */
class RunningClock extends TestClock {
  override now(): number {
    return Date.now();
  }
}

/** An application that follows the feed: a process of its own. */
export class ApplicationProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(settings: Record<string, unknown>): Promise<ApplicationProcess> {
    const port = await freePort();
    const { PATH, HOME } = process.env;
    const child = fork(join(import.meta.dirname, '../support/feed-app.mjs'), {
      env: { PATH, HOME, FEED_APP: JSON.stringify({ port, ...settings }) },
      // Jest's own flags are not for it.
      execArgv: [],
      // It complains of everything that a test does to it.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const application = new ApplicationProcess(child, `http://127.0.0.1:${port}`);
    await eventually(() => application.isFresh(), 'an application follows the feed', PATIENCE);
    return application;
  }

  async health(): Promise<FeedHealth> {
    return (await (await fetch(`${this.url}/health`)).json()) as FeedHealth;
  }

  isFresh(): Promise<boolean> {
    return this.health().then(
      ({ fresh }) => fresh,
      () => false,
    );
  }

  async ask(token: string, path = '/guarded'): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, text: await response.text() };
  }

  async status(token: string, path?: string): Promise<number> {
    return (await this.ask(token, path)).status;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGCONT');
    this.child.kill('SIGKILL');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

/** A process of the provider, at a port that it keeps when it is started again. */
export class ProviderProcess {
  private door: FrontDoor;
  readonly origin: string;

  constructor(private readonly settings: NodeJS.ProcessEnv & { PORT: string }) {
    this.origin = `http://127.0.0.1:${settings.PORT}`;
    this.door = new FrontDoor('identity-provider', settings);
  }

  async ready(): Promise<this> {
    await this.door.ready(this.origin);
    return this;
  }

  /** kill -9. */
  async die(): Promise<void> {
    this.door.kill('SIGKILL');
    await this.door.exited;
  }

  revive(): Promise<this> {
    this.door = new FrontDoor('identity-provider', this.settings);
    return this.ready();
  }
}

/** A token that is about to be revoked, and whoever watches that nobody accepts it for too long. */
export class Watched {
  private revokedAt = Infinity;
  private readonly late: string[] = [];
  private isOver = false;
  private readonly callers: Promise<void>[];

  constructor(
    readonly accessToken: string,
    readonly refreshToken: string,
    private readonly applications: readonly ApplicationProcess[],
  ) {
    this.callers = applications.map((application, index) => this.call(application, `application ${index}`));
  }

  get authorizationId(): string {
    return claimsOf(this.accessToken)['authorization_id'] as string;
  }

  /** From now on the bound counts. */
  isRevoked(): void {
    this.revokedAt = performance.now();
  }

  get isBoundOver(): boolean {
    return performance.now() - this.revokedAt > BOUND;
  }

  /** Resolves when every application refuses it as revoked. @throws Error when one accepted it too late */
  async isRefusedEverywhere(): Promise<void> {
    const refused = async (application: ApplicationProcess) => (await application.status(this.accessToken)) === 401;
    for (const application of this.applications) {
      await eventually(() => refused(application).catch(() => false), 'the token is refused', PATIENCE);
    }
    await this.end();
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.callers);
    if (this.late.length > 0) throw new Error(`accepted after the bound: ${this.late.join(', ')}`);
  }

  private async call(application: ApplicationProcess, name: string): Promise<void> {
    while (!this.isOver) {
      const sent = performance.now();
      const status = await application.status(this.accessToken).catch(() => 0);
      // By when it was sent: what the machine takes for the answer is none of the bound.
      const after = sent - this.revokedAt;
      if (status === 200 && after > BOUND) this.late.push(`${name} after ${Math.round(after)} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/**
 * Two processes of the provider behind a proxy, three of applications that follow its feed: two replicas of one, and one
 * of another; a PostgreSQL of their own, and a house in this process that signs people in on the same database.
 */
export class ProcessWorld {
  private constructor(
    readonly directory: Awaited<ReturnType<typeof temporaryDirectory>>,
    readonly postgres: EmbeddedPostgres,
    readonly proxy: Proxy,
    readonly house: House,
    readonly providers: readonly [ProviderProcess, ProviderProcess],
    readonly applications: readonly [ApplicationProcess, ApplicationProcess, ApplicationProcess],
    /** The client of the first two applications. */
    readonly one: TestClient,
    readonly database: pg.Pool,
  ) {}

  /** @param clocksAhead of the applications, in milliseconds */
  static async open(clocksAhead: readonly [number, number, number]): Promise<ProcessWorld> {
    const directory = await temporaryDirectory();
    const postgres = await startEmbeddedPostgres({ directory: directory.path });
    const proxy = await Proxy.listen();
    const house = await openHouse({ issuer: proxy.url, databaseUrl: postgres.url, clock: new RunningClock() });
    const settings = {
      ISSUER: proxy.url,
      DATABASE_URL: postgres.url,
      GATEHOUSE_DIRECTORY: directory.path,
      GATEHOUSE_SECRET: SECRETS[0]!,
      LOG_LEVEL: 'warn',
    };
    const provider = async () => new ProviderProcess({ ...settings, PORT: String(await freePort()) }).ready();
    const providers = await Promise.all([provider(), provider()]);
    proxy.targets = providers.map(({ origin }) => origin);

    const clients = await Promise.all([house.client('one'), house.client('two')]);
    const servedBy = clients.map(({ id }) => id);
    await house.resources.put({ audience: API, scopes: ['api:read'], tokenFormat: 'jwt', servedBy });
    await house.register(NATIVE, { application_type: 'native', scope: 'openid offline_access api:read' });
    const application = ({ id, secret }: TestClient, clockAhead: number) =>
      ApplicationProcess.start({
        issuer: proxy.url,
        clientId: id,
        clientSecret: secret,
        audience: API,
        // What a machine that is behind needs to believe a fresh token.
        clockSkew: '60s',
        revocation: { mode: 'feed', maxStaleness: `${MAX_STALENESS / 1000}s` },
        clockAhead,
      });
    const applications = await Promise.all([
      application(clients[0]!, clocksAhead[0]),
      application(clients[0]!, clocksAhead[1]),
      application(clients[1]!, clocksAhead[2]),
    ]);
    const database = new pg.Pool({ connectionString: postgres.url });
    // PostgreSQL is stopped under it.
    database.on('error', () => {});
    return new ProcessWorld(directory, postgres, proxy, house, providers, applications, clients[0]!, database);
  }

  /** A token that every application accepts. */
  async token(): Promise<Watched> {
    const { house, applications } = this;
    await eventually(
      async () => (await Promise.all(applications.map((one) => one.isFresh()))).every(Boolean),
      'every application is fresh',
      PATIENCE,
    );
    const request = { scope: 'openid api:read', resource: API };
    const { tokens } = await house.codeFlow(request, { client: NATIVE });
    for (const application of applications) {
      const { status, text } = await application.ask(tokens.access_token);
      if (status !== 200) throw new Error(`${application.url} answers a good token with ${status} ${text}`);
    }
    return new Watched(tokens.access_token, tokens.refresh_token, applications);
  }

  /** Asks a process of the provider to revoke; answers the status. */
  async revoke({ refreshToken }: Watched, { origin }: ProviderProcess): Promise<number> {
    return (await this.house.post('/revoke', NATIVE, { token: refreshToken }, { origin })).status;
  }

  /** How far the revocation log is. */
  async head(): Promise<number> {
    const { rows } = await this.database.query<{ seq: string }>('SELECT seq FROM revocation_head');
    return Number(rows[0]!.seq);
  }

  async close(): Promise<void> {
    await Promise.all([...this.applications.map((one) => one.stop()), ...this.providers.map((one) => one.die())]);
    await this.house.close();
    await this.proxy.close();
    await this.database.end();
    await this.postgres.stop();
    await this.directory.remove();
  }
}
