import type { INestApplication } from '@nestjs/common';
import type { SigningAlgorithm } from '../jwt/key-source.js';
import { randomToken } from '../platform/secret.js';
import { MODULE_OPTIONS_TOKEN } from '../relying-party/relying-party.module.js';
import { type RelyingPartyOptions, Settings } from '../relying-party/relying-party.options.js';
import { MemorySessionStore } from '../sessions/stores/memory.js';
import { send, TestAgent } from './agent.js';
import { TestEndpoints, type TestPerson } from './endpoints.js';
import { InProcessOutbound } from './in-process-outbound.js';
import { TestKeys } from './test-keys.js';
import { type BearerTokenOptions, TestTokens } from './test-tokens.js';
import { VirtualClock } from './virtual-clock.js';

/** How {@link createTestIdentityProvider} is set up; everything has a default. */
export interface TestIdentityProviderOptions {
  /** Default `https://idp.test`, which is nowhere. */
  issuer?: string;
  /** What access tokens are for. Default what the connected application takes. */
  audience?: string | string[];
  /** Default `['ES256']`, and what the connected application takes. */
  algorithms?: SigningAlgorithm[];
  /** Default one that stands at the beginning of 2030. */
  clock?: VirtualClock;
}

/** As much of `Test.createTestingModule()` as is needed here. */
export interface OverridableModule {
  overrideProvider(token: unknown): {
    useFactory(options: { factory: (...args: never[]) => unknown; inject: never[] }): unknown;
  };
}

/** An OpenID Provider for the tests of an application: in this process, without network and database, on a clock of its own. */
export class TestIdentityProvider {
  readonly issuer: string;
  readonly clock: VirtualClock;
  private readonly keys: TestKeys;
  private readonly tokens: TestTokens;
  private readonly endpoints: TestEndpoints;
  private readonly visited = new Map<INestApplication, string>();

  /** Use {@link createTestIdentityProvider}. */
  constructor({ issuer = 'https://idp.test', audience, algorithms = ['ES256'], clock }: TestIdentityProviderOptions) {
    this.issuer = issuer;
    this.clock = clock ?? new VirtualClock();
    this.keys = new TestKeys(algorithms);
    this.tokens = new TestTokens(issuer, this.keys, this.clock, audience);
    this.endpoints = new TestEndpoints(issuer, this.keys, this.tokens, this.clock);
  }

  /** For `RelyingPartyModule.forRoot({ ...options, ...idp.options })`: the issuer, its clock, and the way to it. */
  get options(): Pick<RelyingPartyOptions, 'issuer' | 'clock' | 'outbound'> {
    return { issuer: this.issuer, clock: this.clock, outbound: new InProcessOutbound([this.endpoints]) };
  }

  /**
   * Makes the application of a testing module believe this issuer in place of its own; its sessions are kept in memory.
   * `await idp.connect(Test.createTestingModule({ imports: [AppModule] })).compile()`
   */
  connect<T extends OverridableModule>(builder: T): T {
    return builder.overrideProvider(Settings).useFactory({
      factory: ((options: RelyingPartyOptions) => this.settingsFrom(options)) as never,
      inject: [MODULE_OPTIONS_TOKEN as never],
    }) as T;
  }

  /** The headers of a request with an access token, good unless the options say otherwise. */
  bearer(options?: BearerTokenOptions): { authorization: string } {
    return { authorization: `Bearer ${this.token(options)}` };
  }

  /** The access token itself. */
  token(options?: BearerTokenOptions): string {
    return this.tokens.access(options);
  }

  /**
   * Signs a person in at the application, through its own sign-in routes, and answers the browser that did it.
   * @throws Error with the application's answer when it refuses
   */
  async login(app: INestApplication, person: TestPerson): Promise<TestAgent> {
    const { session } = app.get(Settings, { strict: false });
    if (!session) throw new Error('this application has no option session: nobody can sign in');
    const agent = new TestAgent(app, this.clock);
    const begun = await agent.navigate(session.loginPath);
    const location = begun.headers.location;
    if (begun.status !== 303 || !location) throw refused(session.loginPath, begun);
    const answer = this.endpoints.authorize(location, { sid: `sid-${randomToken(9)}`, ...person });
    const callbackPath = new URL(session.redirectUri).pathname;
    const done = await agent.navigate(`${callbackPath}?${answer.toString()}`);
    if (done.status !== 303) throw refused(callbackPath, done);
    this.visited.set(app, session.clientId);
    // As a browser does it: the first page after a sign-in shows whether the session holds.
    await agent.navigate(String(done.headers.location));
    return agent;
  }

  /**
   * Ends what a person, one of their sessions, or one token may do: introspection says so, nothing is refreshed any more,
   * and the applications that people signed in to are told by back-channel logout.
   */
  async revoke({ sub, sid, token }: { sub?: string; sid?: string; token?: string }): Promise<void> {
    if (sub === undefined && sid === undefined && token === undefined) throw new Error('name a sub, a sid or a token');
    const isMeant = (one: { sub?: unknown; sid?: unknown }) =>
      (sub === undefined || one.sub === sub) && (sid === undefined || one.sid === sid);
    this.tokens.revoke((claims, one) => (token === undefined ? isMeant(claims) : one === token));
    if (token !== undefined) return;
    this.endpoints.revoke(isMeant);
    const about = { ...(sub === undefined ? {} : { sub }), ...(sid === undefined ? {} : { sid }) };
    for (const [app, clientId] of this.visited) {
      const { session } = app.get(Settings, { strict: false });
      const body = new URLSearchParams({ logout_token: this.tokens.logout(about, clientId) }).toString();
      const path = session!.loginPath.replace(/login$/, 'backchannel-logout');
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await send(app, 'POST', path, { headers, body });
      if (answer.status !== 200) throw refused(path, answer);
    }
  }

  /**
   * The key that was published as next signs from now on. Tokens of the key before stay good, as they do in an ordinary
   * rotation; with `withdraw` that key is not published any more, which applications notice when they fetch the keys again
   * (let the clock pass 6 minutes).
   */
  rotateKeys(options?: { withdraw?: boolean }): void {
    this.keys.rotate(options);
  }

  private settingsFrom(options: RelyingPartyOptions): Settings {
    const { session, bearer } = options;
    if (bearer) {
      this.tokens.audience ??= bearer.audience;
      for (const algorithm of bearer.algorithms ?? []) this.keys.add(algorithm);
    }
    return new Settings({
      ...options,
      ...this.options,
      ...(session ? { session: { ...session, store: new MemorySessionStore() } } : {}),
    });
  }
}

function refused(path: string, { status, text }: { status: number; text: string }): Error {
  // A page: its words only.
  const words = text.replace(/<head>[^]*<\/head>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  return new Error(`the application answered ${status} at ${path}: ${words.trim().slice(0, 500)}`);
}

/** An OpenID Provider for tests. Nothing needs to be closed. */
export async function createTestIdentityProvider(
  options: TestIdentityProviderOptions = {},
): Promise<TestIdentityProvider> {
  return new TestIdentityProvider(options);
}
