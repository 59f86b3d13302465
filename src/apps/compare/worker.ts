import { once } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { withPackages } from '../../platform/optional-package.js';
import { COMPARE_PACKAGES } from './packages.js';
import type { ProviderDesk } from './provider.js';
import type { Lookups } from './lookups.js';
import type { Strategy } from './strategies.js';
import type { StrategyAppOptions } from './strategy-app.js';

let app: NestFastifyApplication | undefined;
let desk: ProviderDesk | undefined;
let counter: { start(): void; stop(): Lookups } | undefined;

/** What a process of the comparison does when it is asked. It is one application, or the provider. */
const verbs = {
  async startProvider(options: { port: number; databaseUrl: string; applications: number[] }): Promise<void> {
    const provider = await load(() => import('./provider.js'));
    app = await provider.startCompareProvider(options);
    desk = new provider.ProviderDesk(app);
  },

  async startApplication(options: StrategyAppOptions): Promise<void> {
    const [{ startStrategyApp }, { LookupCounter }] = await load(() =>
      Promise.all([import('./strategy-app.js'), import('./lookups.js')]),
    );
    const counting = new LookupCounter();
    await counting.watch();
    app = await startStrategyApp(options, (fastify) => counting.follow(fastify));
    counter = counting;
    if (options.strategy.mode === 'feed') {
      const { RevocationFeed } = await import('../../relying-party/index.js');
      await app.get(RevocationFeed, { strict: false }).ready();
    }
  },

  prepare: (served: string[]) => atDesk().prepare(served),
  register: (strategy: Strategy, url: string) => atDesk().register(strategy, url),
  signOn: () => atDesk().signOn(),
  signOut: (sid: string) => atDesk().signOut(sid),
  revokeToken: (token: { jti: string; expiresAtSeconds: number; clientId: string }) => atDesk().revokeToken(token),
  sizeOfSessions: () => atDesk().sizeOfSessions(),

  async deny(jti: string, milliseconds: number): Promise<void> {
    const { DenyList } = await import('../../relying-party/index.js');
    await running().get(DenyList, { strict: false }).deny({ jti }, milliseconds);
  },

  async nextVersion(subject: string): Promise<void> {
    const { TokenVersions } = await import('../../relying-party/index.js');
    await running().get(TokenVersions, { strict: false }).next(subject);
  },

  /** CPU time that this process has used, all threads, in microseconds. */
  async cpu(): Promise<number> {
    const { user, system } = process.cpuUsage();
    return user + system;
  },

  /** What lives on this process's heap and beside it, in octets, after everything that is over was collected. */
  async memory(): Promise<number> {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await new Promise((done) => setImmediate(done));
    }
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  },

  async countLookups(): Promise<void> {
    counter?.start();
  },

  async lookups(): Promise<Lookups> {
    return counter?.stop() ?? { postgres: 0, redis: 0, http: 0 };
  },

  /** Signs in so many more people as the one with this header `Cookie` did; answers theirs. */
  async multiply(cookie: string, cookieName: string, count: number): Promise<string[]> {
    const { multiply } = await import('./multiply.js');
    return multiply(running(), cookie, cookieName, count);
  },

  async stop(): Promise<void> {
    await app?.close();
    app = undefined;
  },
};

export type Verbs = typeof verbs;

/** The packages that an application of its own does not need. */
function load<T>(work: () => Promise<T>): Promise<T> {
  return withPackages('nest-gatehouse compare', COMPARE_PACKAGES, work);
}

function running(): NestFastifyApplication {
  if (!app) throw new Error('nothing was started here');
  return app;
}

function atDesk(): ProviderDesk {
  if (!desk) throw new Error('there is no provider here');
  return desk;
}

/** A question from the process that started this one, and its answer. */
export interface Question {
  id: number;
  verb: keyof Verbs;
  args: unknown[];
}
export interface Reply {
  id: number;
  result?: unknown;
  /** The error's message, which is for people when `isSentence` says so. */
  error?: string;
  isSentence?: boolean;
}

/** Answers the process that started this one, until it says `stop` or is gone. Ctrl-C is its affair, not ours. */
export async function serveParent(): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
  process.on('message', (question: Question) => {
    const work = verbs[question.verb] as (...args: unknown[]) => Promise<unknown>;
    void work(...question.args)
      .then((result): Reply => ({ id: question.id, result }))
      .catch(async (error: unknown): Promise<Reply> => {
        const { explain } = await import('../cli/explain.js');
        const isSentence =
          error instanceof Error && /^(StartError|DatabaseError|MissingPackageError)$/.test(error.name);
        const text = isSentence ? error.message : explain(error);
        return { id: question.id, error: text, isSentence };
      })
      .then((reply) => {
        process.send!(reply);
        if (question.verb === 'stop') process.disconnect();
      });
  });
  await once(process, 'disconnect');
}
