import { setTimeout as pause } from 'node:timers/promises';
import { randomToken } from '../../platform/secret.js';
import { SystemClock } from '../../platform/clock.js';
import { StartError } from '../support/start-error.js';
import { databaseUrl } from '../support/database-url.js';
import type { Closable } from '../support/run.js';
import { freePorts, portsFrom } from './ports.js';
import type { Registration, SignedOn } from './provider.js';
import type { Figures, Row } from './report.js';
import { openScratchDatabase } from './scratch-database.js';
import { openScratchRedis, type ScratchRedis } from './scratch-redis.js';
import { STRATEGIES, type Strategy } from './strategies.js';
import { cookieNameOf } from './strategy-app.js';
import { cookieAfter, signInTo, tokenFor } from './visitor.js';
import { askEach, burst, requestText, Wire } from './wire.js';
import { WorkerProcess } from './worker-process.js';

/** How much is measured. */
export interface Effort {
  /** In how many rounds the strategies take turns. */
  rounds: number;
  burstMilliseconds: number;
  /** Requests that a burst has at least: of few, what the process does beside them would be counted in. */
  least: number;
  /** Before anything counts, each is asked so often, or for so long: code that was not run yet is slower. */
  warmUp: { requests: number; milliseconds: number };
  connections: number;
  /** Who ask, in turn. */
  people: number;
  /** Signed in for the measure of memory: sessions, and tokens. */
  sessions: number;
  tokens: number;
  revocations: number;
}

export const WHOLE: Effort = { rounds: 20, burstMilliseconds: 250, least: 800, warmUp: { requests: 6000, milliseconds: 6000 }, connections: 8, people: 16, sessions: 1000, tokens: 300, revocations: 9 }; // prettier-ignore
export const QUICK: Effort = { rounds: 2, burstMilliseconds: 120, least: 50, warmUp: { requests: 200, milliseconds: 1000 }, connections: 4, people: 4, sessions: 100, tokens: 40, revocations: 3 }; // prettier-ignore

/** What caches of sessions and of proved tokens hold at most. */
const MOST_CACHED = 10_000;
const PEOPLE = 100_000;
/** How often a sealed cookie's successor is taken over, in milliseconds. */
const TAKE_OVER_EVERY = 4_000;
/** After so long, in milliseconds, introspection is asked again about a token. */
const ANSWERS_GO_STALE = 1_100;
/** A revocation that nobody notices for so long is none, in milliseconds. */
const LONGEST_REVOCATION = 30_000;

export interface ComparisonOptions {
  env: NodeJS.ProcessEnv;
  directory: string;
  databaseUrl?: string;
  strategies: readonly string[];
  effort: Effort;
  portBase?: number;
  signal: AbortSignal;
  progress(done: number, total: number, doing: string): void;
}

/** One strategy's application while it is compared. */
interface Contender {
  strategy: Strategy;
  row: Row;
  port: number;
  worker: WorkerProcess;
  /** Headers that carry a credential, one for each person. */
  credentials: string[];
  /** When the cookies that were set since were last taken over, by the monotonic clock. */
  takenOverAt: number;
  rounds: Round[];
}

interface Round {
  perSecond: number;
  cpuMicroseconds: number;
  latencies: number[];
  octets: { request: number; response: number };
}

const clock = new SystemClock();

/** One run: starts a provider and the applications, measures, and takes everything away again. */
export class Comparison {
  readonly rows: Row[];
  /** Of the servers behind it. */
  readonly versions: { postgres?: string; redis?: string } = {};
  /** The strategies for which something is missing on this machine. */
  readonly lacking: string[] = [];
  unguarded: Pick<Figures, 'requestsPerSecond' | 'cpuMicroseconds' | 'latency'> | undefined;
  private readonly opened: Closable[] = [];
  private readonly contenders: Contender[] = [];
  private provider!: WorkerProcess;
  private issuer = '';
  private tokenClient!: Registration;
  private redis: ScratchRedis | undefined;
  private people: SignedOn[] = [];
  private done = 0;

  constructor(private readonly options: ComparisonOptions) {
    this.rows = STRATEGIES.filter(({ id }) => options.strategies.includes(id)).map(({ id, name, sentence }) => ({
      id,
      name,
      sentence,
    }));
  }

  /**
   * Measures everything there is to measure; {@link rows} have it as it comes in, also when this throws.
   * @throws StartError, DatabaseError when it cannot begin; whatever the signal was aborted with
   */
  async run(): Promise<void> {
    try {
      await this.start();
      await this.eachInTurn('signing people in', (one) => this.signIn(one));
      await this.load();
      await this.eachInTurn('counting lookups', (one) => this.countLookups(one));
      await this.memory();
      await this.revocations();
    } finally {
      await this.close();
    }
  }

  /** Stops everything that was started; the last started first. */
  async close(): Promise<void> {
    for (let one = this.opened.shift(); one; one = this.opened.shift()) await one.close().catch(() => {});
  }

  private onClose(closable: Closable): void {
    this.opened.unshift(closable);
  }

  private async start(): Promise<void> {
    const { env, directory, portBase, signal } = this.options;
    this.tell('starting PostgreSQL');
    const server = await databaseUrl(this.options.databaseUrl, directory, (one) => this.onClose(one));
    signal.throwIfAborted();
    const database = await openScratchDatabase(server);
    this.onClose({ close: () => database.drop() });
    this.versions.postgres = database.version;
    signal.throwIfAborted();
    const redis = await openScratchRedis(env);
    if (typeof redis !== 'string') {
      this.redis = redis;
      this.versions.redis = redis.version;
      this.onClose({ close: () => redis.close() });
    }
    const chosen = STRATEGIES.filter(({ id }) => this.rows.some((row) => row.id === id));
    for (const { id } of chosen.filter(({ needsRedis }) => needsRedis && !this.redis)) {
      this.rowOf(id).problem = typeof redis === 'string' ? redis : '';
      this.lacking.push(id);
    }
    const strategies = chosen.filter(({ needsRedis }) => !needsRedis || this.redis);
    const count = strategies.length + 1;
    const ports = portBase === undefined ? await freePorts(count) : await portsFrom(portBase, count);
    const [providerPort, ...appPorts] = ports as [number, ...number[]];
    this.issuer = `http://localhost:${providerPort}`;
    this.provider = this.worker();
    this.tell('starting the provider');
    await this.provider.call('startProvider', {
      port: providerPort,
      databaseUrl: database.url,
      applications: appPorts,
    });
    const served = strategies.filter(({ kind }) => kind === 'jwt').map(({ id }) => id);
    this.tokenClient = await this.provider.call('prepare', served);
    for (const [index, strategy] of strategies.entries()) {
      signal.throwIfAborted();
      await this.startContender(strategy, appPorts[index]!, database.url);
      this.step(`started ${strategy.name}`);
    }
    for (let index = 0; index < this.options.effort.people; index++)
      this.people.push(await this.provider.call('signOn'));
  }

  private async startContender(strategy: Strategy, port: number, database: string): Promise<void> {
    const row = this.rowOf(strategy.id);
    const worker = this.worker();
    try {
      const registration = await this.provider.call('register', strategy, `http://localhost:${port}`);
      await worker.call('startApplication', {
        strategy,
        issuer: this.issuer,
        port,
        ...registration,
        sessionSecret: randomToken(48),
        databaseUrl: database,
        ...(this.redis ? { redisUrl: this.redis.url } : {}),
      });
      this.contenders.push({ strategy, row, port, worker, credentials: [], takenOverAt: 0, rounds: [] });
    } catch (error) {
      // A port, or a package, is missing for all of them.
      if (error instanceof StartError) throw error;
      row.problem = (error as Error).message;
    }
  }

  private worker(): WorkerProcess {
    const worker = WorkerProcess.start();
    this.onClose({ close: () => worker.stop() });
    return worker;
  }

  private async signIn(one: Contender): Promise<void> {
    for (const person of this.people) one.credentials.push((await this.credentialOf(one, person)).header);
    await askEach(one.port, this.requestsOf(one), this.options.signal);
    const credential = median(one.credentials.map((header) => header.length));
    one.row.octets = { credential, request: 0, response: 0 };
  }

  /** The header that somebody sends, and what names it for its revocation. */
  private async credentialOf(one: Contender, person: SignedOn): Promise<{ header: string; token?: string }> {
    const { strategy, port } = one;
    if (strategy.kind === 'session') {
      const cookie = await signInTo(`http://localhost:${port}`, cookieNameOf(strategy), person);
      return { header: `cookie: ${cookie}` };
    }
    const token = await tokenFor(this.issuer, this.tokenClient, person);
    return { header: `authorization: Bearer ${token}`, token };
  }

  private requestsOf({ port, credentials }: Contender, path = '/me'): Buffer[] {
    return credentials.map((credential) => requestText(port, path, credential));
  }

  /** Bursts in turn, so that the machine's moods meet all of them. */
  private async load(): Promise<void> {
    const { rounds } = this.options.effort;
    const reference = this.contenders.find(({ strategy }) => strategy.id === 'jwt-expiry') ?? this.contenders[0];
    const unguarded: Round[] = [];
    await this.eachInTurn('warming up', (one) => this.warmUp(one));
    for (let round = 1; round <= rounds; round++) {
      await this.eachInTurn(`measuring, round ${round} of ${rounds}`, async (one) => {
        one.rounds.push(await this.burstOf(one, '/me'));
        this.writeLoad(one.row, one.rounds);
      });
      if (!reference || reference.row.problem !== undefined) continue;
      unguarded.push(await this.burstOf(reference, '/open'));
      this.unguarded = figuresOf(unguarded);
    }
  }

  private async warmUp(one: Contender): Promise<void> {
    const { requests, milliseconds } = this.options.effort.warmUp;
    const until = clock.monotonic() + milliseconds;
    const { connections } = this.options.effort;
    const { signal } = this.options;
    for (let count = 0; count < requests && clock.monotonic() < until;) {
      const part = { connections, milliseconds: milliseconds / 10, signal };
      count += (await burst(one.port, this.requestsOf(one), part)).requests;
    }
  }

  private async burstOf(one: Contender, path: string): Promise<Round> {
    const { burstMilliseconds: milliseconds, least, connections } = this.options.effort;
    const { signal } = this.options;
    await this.takeOverCookies(one);
    const before = await one.worker.call('cpu');
    const result = await burst(one.port, this.requestsOf(one, path), { connections, milliseconds, least, signal });
    const cpu = (await one.worker.call('cpu')) - before;
    const { requests } = result;
    return {
      perSecond: (requests * 1000) / result.milliseconds,
      cpuMicroseconds: cpu / requests,
      latencies: result.latencies,
      octets: { request: Math.round(result.sent / requests), response: Math.round(result.got / requests) },
    };
  }

  /** A sealed cookie is replaced once a minute; who went on with the old one would get a new one with every answer. */
  private async takeOverCookies(one: Contender): Promise<void> {
    if (one.strategy.store !== 'sealed-cookie' || clock.monotonic() - one.takenOverAt < TAKE_OVER_EVERY) return;
    for (const [index, header] of one.credentials.entries()) {
      one.credentials[index] = await cookieAfter(`http://localhost:${one.port}/me`, header);
    }
    one.takenOverAt = clock.monotonic();
  }

  private writeLoad(row: Row, rounds: Round[]): void {
    if (rounds.length === 0) return;
    Object.assign(row, figuresOf(rounds));
    const { request, response } = rounds[0]!.octets;
    row.octets = { ...row.octets!, request, response };
  }

  private async countLookups(one: Contender): Promise<void> {
    const { signal, effort } = this.options;
    await this.takeOverCookies(one);
    const requests = this.requestsOf(one);
    // Once a minute a session is also written to, which is not what a request usually costs.
    await askEach(one.port, requests, signal);
    await pause(ANSWERS_GO_STALE);
    await one.worker.call('countLookups');
    await askEach(one.port, requests, signal);
    const alone = await one.worker.call('lookups');
    const each = (count: number) => count / requests.length;
    await one.worker.call('countLookups');
    const many = await burst(one.port, requests, { connections: effort.connections, milliseconds: effort.burstMilliseconds, signal }); // prettier-ignore
    const { postgres, redis, http } = await one.worker.call('lookups');
    one.row.lookups = {
      alone: { postgres: each(alone.postgres), redis: each(alone.redis), http: each(alone.http) },
      underLoad: (postgres + redis + http) / many.requests,
    };
  }

  private async memory(): Promise<void> {
    const { tokens: count } = this.options.effort;
    const tokens: string[] = [];
    if (this.contenders.some(({ strategy }) => strategy.kind === 'jwt')) {
      while (tokens.length < count) {
        this.options.signal.throwIfAborted();
        const people = this.people.slice(0, Math.min(4, count - tokens.length));
        tokens.push(...(await Promise.all(people.map((person) => tokenFor(this.issuer, this.tokenClient, person)))));
      }
    }
    await this.eachInTurn('measuring memory', (one) => this.memoryOf(one, tokens));
  }

  private async memoryOf({ strategy, port, worker, row, credentials }: Contender, tokens: string[]): Promise<void> {
    const { sessions } = this.options.effort;
    const isSession = strategy.kind === 'session';
    const before = { application: await worker.call('memory'), store: await this.sizeOfStore(strategy) };
    const cookie = credentials[0]!.replace(/^cookie: /, '');
    const headers = isSession
      ? (await worker.call('multiply', cookie, cookieNameOf(strategy), sessions)).map((one) => `cookie: ${one}`)
      : tokens.map((token) => `authorization: Bearer ${token}`);
    await askEach(port, headers.map((header) => requestText(port, '/me', header)), this.options.signal); // prettier-ignore
    const each = (after: number, first: number) => Math.max(0, Math.round((after - first) / headers.length));
    const perPerson = {
      application: each(await worker.call('memory'), before.application),
      store: each(await this.sizeOfStore(strategy), before.store),
    };
    const held = strategy.store === 'memory' ? PEOPLE : MOST_CACHED;
    row.memory = {
      perPerson,
      per100000: { application: perPerson.application * held, store: perPerson.store * PEOPLE },
      people: headers.length,
    };
  }

  private async sizeOfStore({ store }: Strategy): Promise<number> {
    if (store === 'postgres') return this.provider.call('sizeOfSessions');
    return store === 'redis' ? this.redis!.size() : 0;
  }

  private async revocations(): Promise<void> {
    const unnoticed = this.contenders.filter(({ strategy, row }) => strategy.bound && row.problem === undefined);
    const asked = new Map<Contender, { request: Buffer; at: number }>();
    for (const one of unnoticed) {
      await this.orProblem(one, async () => asked.set(one, await this.revokeUnnoticed(one)));
    }
    await this.eachInTurn('revoking', async (one) => {
      if (one.strategy.bound) return;
      const taken: number[] = [];
      for (let index = 0; index < this.options.effort.revocations; index++) {
        taken.push(await this.revocationOf(one));
        one.row.revocation = {
          kind: 'measured',
          medianMilliseconds: median(taken),
          longestMilliseconds: Math.max(...taken),
          samples: taken.length,
        };
      }
    });
    for (const [one, { request, at }] of asked) {
      await this.orProblem(one, async () => {
        const wire = await Wire.open(one.port);
        const { status } = await wire.ask(request).finally(() => wire.close());
        const { milliseconds, words } = one.strategy.bound!;
        one.row.revocation = {
          kind: 'bound',
          milliseconds,
          words,
          ...(status === 200 ? { letInAfterMilliseconds: Math.round(clock.monotonic() - at) } : {}),
        };
      });
    }
  }

  private async revokeUnnoticed(one: Contender): Promise<{ request: Buffer; at: number }> {
    const { wire, request, revoke } = await this.fresh(one);
    await revoke().finally(() => wire.close());
    return { request, at: clock.monotonic() };
  }

  /** Milliseconds from asking for a revocation to the first refusal. */
  private async revocationOf(one: Contender): Promise<number> {
    const { wire, request, revoke } = await this.fresh(one);
    try {
      const asked = clock.monotonic();
      const revoked = revoke();
      for (;;) {
        this.options.signal.throwIfAborted();
        const { status } = await wire.ask(request);
        const taken = clock.monotonic() - asked;
        if (status === 401) {
          await revoked;
          return taken;
        }
        if (status !== 200) throw new Error(`after the revocation it answered ${status}`);
        if (taken > LONGEST_REVOCATION) throw new Error('the revocation was not noticed');
        await new Promise((next) => setTimeout(next, 1));
      }
    } finally {
      wire.close();
    }
  }

  /** A credential that was never used before, asked for once, and how it is revoked. */
  private async fresh(one: Contender) {
    this.options.signal.throwIfAborted();
    const { strategy, worker, port } = one;
    const person = await this.provider.call('signOn');
    const { header, token } = await this.credentialOf(one, person);
    const request = requestText(port, '/me', header);
    const wire = await Wire.open(port);
    const { status } = await wire.ask(request);
    if (status !== 200) throw new Error(`a good credential got ${status}`);
    const claims = token === undefined ? undefined : claimsOf(token);
    const revoke = (): Promise<void> => {
      switch (strategy.revokedBy) {
        case 'sign-out':
          return this.provider.call('signOut', person.sid);
        case 'token':
          return this.provider.call('revokeToken', { jti: claims!.jti, expiresAtSeconds: claims!.exp, clientId: this.tokenClient.clientId }); // prettier-ignore
        case 'deny-list':
          return worker.call('deny', claims!.jti, 300_000);
        case 'version':
          return worker.call('nextVersion', person.subject);
      }
    };
    return { wire, request, revoke };
  }

  /** One after another; one that fails is left out from then on, and the others go on. */
  private async eachInTurn(doing: string, work: (one: Contender) => Promise<void>): Promise<void> {
    for (const one of this.contenders) {
      if (one.row.problem !== undefined) continue;
      this.options.signal.throwIfAborted();
      await this.orProblem(one, () => work(one));
      this.step(`${doing}: ${one.strategy.name}`);
    }
  }

  private async orProblem({ row }: Contender, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.signal.throwIfAborted();
      row.problem = (error as Error).message;
    }
  }

  private rowOf(id: string): Row {
    return this.rows.find((row) => row.id === id)!;
  }

  private step(doing: string): void {
    this.done += 1;
    this.tell(doing);
  }

  private tell(doing: string): void {
    // Starting, signing in, the rounds and the one before, lookups, memory, revocations.
    const each = 1 + 1 + (this.options.effort.rounds + 1) + 1 + 1 + 1;
    const count = this.rows.filter(({ problem }) => problem === undefined).length;
    this.options.progress(this.done, Math.max(this.done, each * count), doing);
  }
}

function figuresOf(rounds: readonly Round[]) {
  const latencies = rounds.flatMap((round) => round.latencies).sort((a, b) => a - b);
  const at = (part: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))]!;
  return {
    requestsPerSecond: -quiet(rounds.map(({ perSecond }) => -perSecond)),
    cpuMicroseconds: quiet(rounds.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    latency: { p50Milliseconds: at(0.5), p99Milliseconds: at(0.99) },
  };
}

/** The lower quartile: whatever else the machine does can only add. */
function quiet(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)]!;
}

/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Of a token that we have just been given. */
function claimsOf(token: string): { jti: string; exp: number } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { jti: string; exp: number };
}
