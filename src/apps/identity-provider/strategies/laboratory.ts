import type { INestApplication } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { SystemClock } from '../../../platform/clock.js';
import { randomToken } from '../../../platform/secret.js';
import { DenyList, RevocationFeed, TokenVersions } from '../../../relying-party/index.js';
import { ProviderDesk, type Registration, type SignedOn } from '../../compare/provider.js';
import { openScratchRedis, type ScratchRedis } from '../../compare/scratch-redis.js';
import { STRATEGIES, type Strategy } from '../../compare/strategies.js';
import { cookieNameOf, startStrategyApp } from '../../compare/strategy-app.js';
import { signInTo, tokenFor } from '../../compare/visitor.js';
import { milliseconds } from '../../compare/words.js';
import { StartError } from '../../support/start-error.js';

/** What the demo gives the laboratory. */
export interface LaboratoryOptions {
  env: NodeJS.ProcessEnv;
  /** For the applications, in the order of the strategies; the provider may reach them. */
  ports: readonly number[];
}

/** A request of a trial, or something that happened between requests. */
export interface Event {
  /** Since the trial began. */
  milliseconds: number;
  what: string;
  answer: string;
  /** Let in, refused, or neither. */
  good?: boolean;
}

/** Somebody tries a strategy: one credential, and what became of it. */
export interface Trial {
  id: string;
  strategy: Strategy;
  /** The header that carries the credential. */
  header: { name: 'cookie' | 'authorization'; value: string };
  /** What is read in a token; a cookie says nothing. */
  claims?: Record<string, unknown>;
  events: Event[];
  isRevoked: boolean;
  person: SignedOn;
  url: string;
  startedAt: number;
}

/** After a revocation the application is asked for so long, in milliseconds; shorter where nobody tells it. */
const WATCHED = 15_000;
const WATCHED_IN_VAIN = 2_500;
const clock = new SystemClock();

/**
 * Applications that go by each of the strategies, started when somebody tries one, and what happens to a credential there.
 * It acts as the browser, so that everything can be shown.
 */
export class Laboratory {
  private readonly trials = new LRUCache<string, Trial>({ max: 100 });
  private readonly applications = new Map<string, Promise<INestApplication>>();
  private redis: Promise<ScratchRedis | string> | undefined;
  private tokenClient: Promise<Registration> | undefined;

  constructor(
    private readonly issuer: string,
    private readonly databaseUrl: string,
    private readonly options: LaboratoryOptions,
    private readonly desk: ProviderDesk,
    /** Whose sign-in is tried. */
    private readonly username: string,
  ) {}

  find(id: string): Trial | undefined {
    return this.trials.get(id);
  }

  /** Signs the demo's person in. @throws StartError when the application cannot be started, with the reason */
  async begin(strategy: Strategy): Promise<Trial> {
    const startedAt = clock.monotonic();
    await this.application(strategy);
    const url = this.urlOf(strategy);
    const person = await this.desk.signOnAs(await this.desk.subjectOf(this.username));
    const trial: Trial = { id: randomToken(12), strategy, header: await this.credential(strategy, url, person), events: [], isRevoked: false, person, url, startedAt }; // prettier-ignore
    if (strategy.kind === 'jwt') trial.claims = claimsOf(trial);
    this.note(trial, 'Alice signs in', strategy.kind === 'jwt' ? 'an access token, by the code flow' : 'a session cookie, by the code flow'); // prettier-ignore
    await this.ask(trial);
    this.trials.set(trial.id, trial);
    return trial;
  }

  /** Sends the credential once more. */
  async ask(trial: Trial): Promise<void> {
    const { status, text } = await this.request(trial);
    this.note(trial, 'GET /me', `${status} ${text}`, status === 200);
  }

  /** Revokes it, and watches how soon it is refused. */
  async revoke(trial: Trial): Promise<void> {
    if (trial.isRevoked) return;
    trial.isRevoked = true;
    const asked = clock.monotonic();
    this.note(trial, WHO_REVOKES[trial.strategy.revokedBy], 'revoked');
    const revoked = this.doRevoke(trial);
    const longest = trial.strategy.bound ? WATCHED_IN_VAIN : WATCHED;
    let letIn = 0;
    for (;;) {
      const { status, text } = await this.request(trial);
      const taken = clock.monotonic() - asked;
      if (status !== 200 || taken > longest) {
        await revoked;
        if (letIn > 0)
          this.note(trial, `GET /me, ${letIn} ${letIn === 1 ? 'time' : 'times'}`, '200, still let in', true);
        if (status !== 200)
          this.note(trial, 'GET /me', `${status} ${text} – ${milliseconds(taken)} after the revocation`, false); // prettier-ignore
        else this.note(trial, 'GET /me', `200, still let in ${milliseconds(taken)} after the revocation`, true);
        return;
      }
      letIn += 1;
      await new Promise((next) => setTimeout(next, 2));
    }
  }

  async close(): Promise<void> {
    const running = await Promise.allSettled(this.applications.values());
    for (const one of running) if (one.status === 'fulfilled') await one.value.close();
    const redis = await this.redis;
    if (redis && typeof redis !== 'string') await redis.close();
  }

  private async doRevoke({ strategy, person, claims }: Trial): Promise<void> {
    switch (strategy.revokedBy) {
      case 'sign-out':
        return this.desk.signOut(person.sid);
      case 'token': {
        const { jti, exp, client_id: clientId } = claims as { jti: string; exp: number; client_id: string };
        return this.desk.revokeToken({ jti, expiresAtSeconds: exp, clientId });
      }
      case 'deny-list':
        return (await this.application(strategy)).get(DenyList, { strict: false }).deny({ jti: String(claims!['jti']) }, 300_000); // prettier-ignore
      case 'version':
        await (await this.application(strategy)).get(TokenVersions, { strict: false }).next(String(claims!['sub']));
    }
  }

  private async request({ url, header }: Trial): Promise<{ status: number; text: string }> {
    const answer = await fetch(`${url}/me`, {
      headers: { accept: 'application/json', [header.name]: header.value },
      redirect: 'manual',
    });
    const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
    return { status: answer.status, text: code ?? (answer.status === 200 ? 'let in' : answer.statusText) };
  }

  private async credential(strategy: Strategy, url: string, person: SignedOn): Promise<Trial['header']> {
    if (strategy.kind === 'session') {
      return { name: 'cookie', value: await signInTo(url, cookieNameOf(strategy), person) };
    }
    const served = STRATEGIES.filter(({ kind }) => kind === 'jwt').map(({ id }) => id);
    this.tokenClient ??= this.desk.prepare(served);
    return { name: 'authorization', value: `Bearer ${await tokenFor(this.issuer, await this.tokenClient, person)}` };
  }

  /** One for each strategy; one that could not be started is tried again. */
  private application(strategy: Strategy): Promise<INestApplication> {
    let application = this.applications.get(strategy.id);
    if (!application) {
      application = this.start(strategy);
      this.applications.set(strategy.id, application);
      application.catch(() => this.applications.delete(strategy.id));
    }
    return application;
  }

  private async start(strategy: Strategy): Promise<INestApplication> {
    const redis = strategy.needsRedis ? await (this.redis ??= openScratchRedis(this.options.env)) : undefined;
    if (typeof redis === 'string') {
      this.redis = undefined;
      throw new StartError(redis);
    }
    const url = this.urlOf(strategy);
    const app = await startStrategyApp({
      strategy,
      issuer: this.issuer,
      port: Number(new URL(url).port),
      ...(await this.desk.register(strategy, url)),
      sessionSecret: randomToken(48),
      databaseUrl: this.databaseUrl,
      ...(redis ? { redisUrl: redis.url } : {}),
    });
    if (strategy.mode === 'feed') await app.get(RevocationFeed, { strict: false }).ready();
    return app;
  }

  private urlOf({ id }: Strategy): string {
    return `http://localhost:${this.options.ports[STRATEGIES.findIndex((one) => one.id === id)]}`;
  }

  private note(trial: Trial, what: string, answer: string, good?: boolean): void {
    const milliseconds = clock.monotonic() - trial.startedAt;
    trial.events.push({ milliseconds, what, answer, ...(good === undefined ? {} : { good }) });
  }
}

const WHO_REVOKES: Record<Strategy['revokedBy'], string> = {
  'sign-out': 'An operator ends Alice’s sign-on session at the provider',
  token: 'An operator revokes the token at the provider',
  'deny-list': 'The application puts the token into its list (DenyList.deny)',
  version: 'The application counts Alice’s number up (TokenVersions.next)',
};

/** Of a token that our provider has just given. */
function claimsOf({ header }: Pick<Trial, 'header'>): Record<string, unknown> {
  const [, payload = ''] = header.value.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}
