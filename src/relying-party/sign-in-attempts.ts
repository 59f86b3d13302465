import { z } from 'zod';
import type { HttpExchange } from '../platform/http/exchange.js';
import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import { digest, Secrets } from '../platform/secret.js';
import type { Attempt } from '../federation/oidc-client.js';
import type { Settings } from './relying-party.options.js';

const PURPOSE = 'sign-in attempt';
const LIFETIME_SECONDS = 600;
/** Tabs that sign in at the same time. */
const MAX_ATTEMPTS = 5;

const kept = z.object({
  issuer: z.string(),
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  acrValues: z.array(z.string()).readonly().exactOptional(),
  maxAgeSeconds: z.number().exactOptional(),
  begunAt: z.number(),
});

/** A sign-in that is under way in one tab of one browser. */
export type SignInAttempt = z.infer<typeof kept>;

/**
 * Sign-ins under way, each sealed in a cookie of its own, so that several tabs do not disturb each other, any process can
 * finish what another began, and strangers cannot fill a store by beginning and never returning.
 */
export class SignInAttempts {
  private readonly secrets: Secrets;
  private readonly prefix: string;

  constructor(private readonly settings: Settings) {
    this.secrets = new Secrets(settings.session!.secrets);
    this.prefix = `${settings.session!.cookie.name}-signin-`;
  }

  /** Remembers an attempt in the browser; the oldest goes when there are too many. */
  keep(exchange: HttpExchange, attempt: Attempt, returnTo: string): void {
    const earlier = [...exchange.cookies]
      .filter(([name]) => name.startsWith(this.prefix))
      .map(([name, value]) => ({ name, begunAt: this.open(value)?.begunAt ?? 0 }))
      .sort((a, b) => b.begunAt - a.begunAt);
    for (const { name } of earlier.slice(MAX_ATTEMPTS - 1)) exchange.setCookie(clearedCookie(name));
    const { issuer, clock } = this.settings;
    const content: SignInAttempt = { ...attempt, issuer, returnTo, begunAt: clock.now() };
    const sealed = this.secrets.seal(PURPOSE, JSON.stringify(content)).toString('base64url');
    exchange.setCookie(hostCookie(this.nameFor(attempt.state), sealed, LIFETIME_SECONDS));
  }

  /** The attempt that a `state` belongs to; the browser is told to forget it, so that it is used once. */
  take(exchange: HttpExchange, state: string): SignInAttempt | undefined {
    const name = this.nameFor(state);
    const value = exchange.cookies.get(name);
    if (value === undefined) return undefined;
    exchange.setCookie(clearedCookie(name));
    const attempt = this.open(value);
    return attempt?.state === state && attempt.issuer === this.settings.issuer ? attempt : undefined;
  }

  private open(value: string): SignInAttempt | undefined {
    const content = this.secrets.open(PURPOSE, Buffer.from(value, 'base64url'));
    if (!content) return undefined;
    const attempt = kept.parse(JSON.parse(content.toString()));
    return attempt.begunAt + LIFETIME_SECONDS * 1000 > this.settings.clock.now() ? attempt : undefined;
  }

  private nameFor(state: string): string {
    return this.prefix + digest(state).toString('hex', 0, 6);
  }
}
