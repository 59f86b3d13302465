import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded-postgres.js';
import { ORDERS_AUDIENCE } from '../../src/apps/support/demo.js';
import { addressesFrom, FrontDoor, freePortBase, temporaryDirectory } from '../apps/front-door.js';
import { Visitor } from '../apps/visitor.js';
import { eventually } from '../relying-party/feed-world.js';
import { freePort, SECRETS } from '../support/house.js';
import { Proxy } from '../support/proxy.js';
import { startRedis, type TestRedis } from '../support/redis.js';
import { Disk } from './disk.js';
import { brokenInvariants } from './invariants.js';
import { TcpProxy } from './tcp-proxy.js';

const NATIVE = { id: 'demo-native', redirectUri: 'http://127.0.0.1:49152/callback' };
/** After a fault everything works again within this time, in milliseconds; a machine that runs other tests is slower. */
export const RECOVERY = process.env['GATEHOUSE_FAULTS'] === 'long' ? 10_000 : 120_000;

export interface Answered {
  /** 0: the connection broke. */
  status: number;
  json: Record<string, unknown>;
}

/** A code and what was given for it. */
export interface Family {
  code: string;
  verifier: string;
  /** Every refresh token of it that anybody was given, latest last. */
  refreshTokens: string[];
  accessTokens: string[];
  /** The provider said that it is revoked. */
  isRevoked: boolean;
  successes: number;
}

/** A process of the provider with a proxy between it and PostgreSQL. */
export class Provider {
  private door: FrontDoor;
  readonly origin: string;

  constructor(
    private readonly settings: NodeJS.ProcessEnv & { PORT: string },
    readonly wire: TcpProxy,
  ) {
    this.origin = `http://localhost:${settings.PORT}`;
    this.door = new FrontDoor('identity-provider', settings);
  }

  async ready(): Promise<this> {
    await this.door.ready(this.origin);
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.door.kill(signal);
  }

  /** Everything it wrote since it was last started. */
  get output(): string {
    return this.door.output;
  }

  get exited(): Promise<number | null> {
    return this.door.exited;
  }

  /** Starts it again once it has ended. @param clockAhead of the machine's, in milliseconds */
  async revive(clockAhead = 0): Promise<this> {
    await this.door.exited;
    const clock = pathToFileURL(join(import.meta.dirname, 'skewed-clock.mjs')).href;
    const skew = clockAhead ? { NODE_OPTIONS: `--import ${clock}`, CLOCK_AHEAD: String(clockAhead) } : {};
    this.door = new FrontDoor('identity-provider', { ...this.settings, ...skew });
    return this.ready();
  }
}

/** Two providers and three applications, all processes of their own, on one PostgreSQL and one Redis. */
export class FaultWorld {
  /** What a caller was told that nobody should be told. */
  readonly violations: string[] = [];
  private constructor(
    readonly directory: { path: string; remove(): Promise<void> },
    /** PostgreSQL's, where one could be made. */
    readonly disk: Disk | undefined,
    private readonly postgres: EmbeddedPostgres,
    public redis: TestRedis,
    readonly redisWire: TcpProxy,
    /** In front of the providers: what browsers and applications call. */
    readonly front: Proxy,
    readonly at: ReturnType<typeof addressesFrom>,
    readonly providers: readonly [Provider, Provider],
    private readonly applications: readonly FrontDoor[],
    readonly database: pg.Pool,
  ) {}

  static async open(): Promise<FaultWorld> {
    const directory = await temporaryDirectory();
    const disk = Disk.mount(directory.path);
    const [postgres, redis, base] = await Promise.all([
      startEmbeddedPostgres({ directory: directory.path }),
      startRedis(),
      freePortBase(),
    ]);
    const at = addressesFrom(base);
    const front = await Proxy.listen(base);
    const common = { ISSUER: at.provider, GATEHOUSE_DIRECTORY: directory.path, LOG_LEVEL: 'warn' };
    const provider = async () => {
      const wire = await TcpProxy.before(postgres.url);
      const DATABASE_URL = wire.through(postgres.url);
      const PORT = String(await freePort());
      return new Provider(
        { ...common, DATABASE_URL, PORT, GATEHOUSE_SECRET: SECRETS[0]!, TRUST_PROXY: 'loopback' },
        wire,
      ).ready();
    };
    const providers = await Promise.all([provider(), provider()]);
    front.targets = providers.map(({ origin }) => origin);
    const redisWire = await TcpProxy.before(redis.url);
    const application = (name: string, offset: number, settings: NodeJS.ProcessEnv) =>
      new FrontDoor(name, { ...common, PORT: String(base + offset), ...settings }).ready(
        `http://localhost:${base + offset}`,
      );
    const applications = await Promise.all([
      application('portal', 1, { REDIS_URL: redisWire.through(redis.url) }),
      application('orders', 2, {}),
      application('desk', 3, { DATABASE_URL: postgres.url, ORDERS_URL: at.orders }),
    ]);
    const database = new pg.Pool({ connectionString: postgres.url, max: 4 });
    // PostgreSQL is stopped under it.
    database.on('error', () => {});
    return new FaultWorld(directory, disk, postgres, redis, redisWire, front, at, providers, applications, database);
  }

  /** A browser in which alice is signed in at the provider and the portal. */
  async signedIn(): Promise<Visitor> {
    const visitor = new Visitor();
    let page = await visitor.get(`${this.at.portal}/profile`);
    if (page.body.includes('name="password"')) {
      page = await visitor.submit(page, { username: 'alice', password: 'wonderland' });
    }
    if (page.body.includes('consent-allow')) page = await visitor.submit(page, { decision: 'allow' });
    this.clean(`sign-in at ${page.url.split('?')[0]}`, page.status, page.headers['retry-after']);
    if (page.status !== 200 || !page.url.startsWith(this.at.portal)) throw new Error(`no sign-in: ${page.url}`);
    return visitor;
  }

  /** A code for a native application, by this browser. */
  async lend(visitor: Visitor): Promise<Family> {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: NATIVE.id,
      redirect_uri: NATIVE.redirectUri,
      scope: 'openid orders:read',
      resource: ORDERS_AUDIENCE,
      state: 'a state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    visitor.stopAt = NATIVE.redirectUri;
    let page = await visitor.get(`${this.at.provider}/authorize?${query}`);
    if (page.body.includes('consent-allow')) page = await visitor.submit(page, { decision: 'allow' });
    visitor.stopAt = undefined;
    this.clean('authorize', page.status, page.headers['retry-after']);
    const code = page.url.startsWith(NATIVE.redirectUri) ? new URL(page.url).searchParams.get('code') : null;
    if (code === null) throw new Error(`no code: ${page.url} ${page.status} ${page.body.slice(0, 300)}`);
    return { code, verifier, refreshTokens: [], accessTokens: [], isRevoked: false, successes: 0 };
  }

  async redeem(family: Family, origin = this.at.provider): Promise<Answered> {
    const form = { grant_type: 'authorization_code', code: family.code, code_verifier: family.verifier };
    const answer = await this.post(origin, '/token', { ...form, redirect_uri: NATIVE.redirectUri });
    if (answer.status === 200) {
      family.successes += 1;
      this.keep(family, answer);
    }
    return answer;
  }

  /** With the latest token that anybody was given. */
  async refresh(family: Family, origin = this.at.provider): Promise<Answered> {
    const refresh_token = family.refreshTokens.at(-1) ?? '';
    const answer = await this.post(origin, '/token', { grant_type: 'refresh_token', refresh_token });
    if (answer.status === 200) this.keep(family, answer);
    return answer;
  }

  async revoke(family: Family, origin = this.at.provider): Promise<Answered> {
    const answer = await this.post(origin, '/revoke', { token: family.refreshTokens.at(-1) ?? '' });
    if (answer.status === 200) family.isRevoked = true;
    return answer;
  }

  /** A family with its first tokens. */
  async begin(visitor: Visitor): Promise<Family> {
    const family = await this.lend(visitor);
    const { status, json } = await this.redeem(family);
    if (status !== 200) throw new Error(`the code is answered with ${status} ${JSON.stringify(json)}`);
    return family;
  }

  async orders(accessToken: string): Promise<number> {
    const answer = await fetch(`${this.at.orders}/orders`, { headers: { authorization: `Bearer ${accessToken}` } });
    await answer.arrayBuffer();
    this.clean('orders', answer.status, answer.headers.get('retry-after'));
    return answer.status;
  }

  /** The portal's own page in this browser: 200 there, or where it was sent. */
  async portal(visitor: Visitor): Promise<string> {
    visitor.stopAt = `${this.at.provider}/`;
    try {
      const { status, headers, url } = await visitor.get(`${this.at.portal}/profile`);
      this.clean('portal', status, headers['retry-after']);
      return url.startsWith(this.at.provider) ? 'sign in' : String(status);
    } finally {
      visitor.stopAt = undefined;
    }
  }

  private async post(origin: string, path: string, form: Record<string, string>): Promise<Answered> {
    try {
      const answer = await fetch(origin + path, {
        method: 'POST',
        body: new URLSearchParams({ client_id: NATIVE.id, ...form }),
        // None is reused that its provider has closed.
        headers: { connection: 'close' },
      });
      const text = await answer.text();
      this.clean(path, answer.status, answer.headers.get('retry-after'));
      return { status: answer.status, json: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    } catch {
      return { status: 0, json: {} };
    }
  }

  private keep(family: Family, { json }: Answered): void {
    family.accessTokens.push(json['access_token'] as string);
    if (family.refreshTokens.at(-1) !== json['refresh_token'])
      family.refreshTokens.push(json['refresh_token'] as string);
  }

  private clean(what: string, status: number, retryAfter: unknown): void {
    if (status < 500 || (status === 503 && Number(retryAfter) > 0)) return;
    this.violations.push(`${what} was answered with ${status}, Retry-After ${String(retryAfter)}`);
  }

  /**
   * What must hold after every fault, over HTTP and in the database; then everything works again, at each provider.
   * @param families those that the fault may have touched
   */
  async check(families: readonly Family[] = []): Promise<void> {
    const [first, second] = this.providers;
    const until = performance.now() + RECOVERY;
    let last: unknown;
    for (const provider of this.providers) {
      await eventually(
        () => this.works(provider).catch((error: unknown) => ((last = error), false)),
        `it works again (${String(last)})`,
        Math.max(1, until - performance.now()),
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${String(last)}\n${provider.output.slice(-3000)}`, { cause: error });
      });
    }
    for (const family of families) {
      expect(family.successes).toBeLessThanOrEqual(1);
      const latest = family.refreshTokens.at(-1);
      if (latest === undefined) continue;
      const [one, other] = [await this.refresh(family, first.origin), await this.refresh(family, second.origin)];
      if (family.isRevoked) {
        expect([one.status, other.status]).toEqual([400, 400]);
        for (const token of family.accessTokens) {
          await eventually(async () => (await this.orders(token)) === 401, 'the revoked token is refused', RECOVERY);
        }
      } else if (one.status === 200) {
        // What came before the leaf and its predecessor is a copy, and ends the family.
        expect(other.status).toBe(200);
        const old = family.refreshTokens.at(-3);
        if (old !== undefined) {
          const copy = { grant_type: 'refresh_token', refresh_token: old };
          expect((await this.post(first.origin, '/token', copy)).status).toBe(400);
          expect((await this.refresh(family, second.origin)).status).toBe(400);
        }
      } else {
        expect([one.status, one.json['error'], other.status]).toEqual([400, 'invalid_grant', 400]);
      }
    }
    expect(await brokenInvariants(this.database)).toEqual([]);
    expect(this.violations.splice(0)).toEqual([]);
  }

  /** The whole way of a token, at one provider. */
  async works({ origin }: Provider): Promise<boolean> {
    const visitor = await this.signedIn();
    const family = await this.lend(visitor);
    const statuses = [
      await this.redeem(family, origin),
      await this.refresh(family, origin),
      await this.revoke(family, origin),
    ].map(({ status }) => status);
    if (statuses.some((status) => status !== 200)) throw new Error(`the flow is answered with ${statuses.join(', ')}`);
    return (await this.portal(visitor)) === '200';
  }

  async close(): Promise<void> {
    for (const provider of this.providers) {
      provider.signal('SIGCONT');
      provider.signal('SIGKILL');
    }
    for (const application of this.applications) application.kill('SIGKILL');
    await Promise.all([...this.providers, ...this.applications].map(({ exited }) => exited));
    await this.database.end();
    await Promise.all([this.front.close(), this.redisWire.close(), ...this.providers.map(({ wire }) => wire.close())]);
    await this.redis.stop();
    await this.postgres.stop();
    this.disk?.unmount();
    await this.directory.remove();
  }
}
