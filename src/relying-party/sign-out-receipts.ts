import { z } from 'zod';
import { clearedCookie, hostCookie } from '../platform/http/cookies.js';
import { HttpExchange } from '../platform/http/exchange.js';
import { Secrets } from '../platform/secret.js';
import type { Settings } from './relying-party.options.js';
import type { RevocationFeed } from './revocations/revocation-feed.js';
import type { SignOutReceipt } from './revocations/transmitter.js';

const PURPOSE = 'sign-out';
/** A person may be asked at the provider whether they want to sign out. */
const LIFETIME_SECONDS = 600;
const LONGEST_COOKIE = 1000;

const kept = z.object({ issuer: z.string(), sid: z.string(), at: z.number() });

/**
 * For the page that people come back to after they signed out at this application: how many applications enforce it. Inject it.
 * Which session it was is sealed in a cookie of this browser, because the provider's redirect tells nothing but `state`.
 */
export class SignOutReceipts {
  private readonly secrets: Secrets | undefined;
  private readonly cookie: string;

  constructor(
    private readonly settings: Settings,
    private readonly feed: RevocationFeed,
  ) {
    const { session } = settings;
    this.secrets = session && new Secrets(session.secrets);
    this.cookie = session ? `${session.cookie.name}-signed-out` : '';
  }

  /** Remembers in the browser that it goes to the provider to end the session of this `sid`, if the provider tells of ends. */
  remember(exchange: HttpExchange, sid: string): void {
    if (!this.feed.isOffered) return;
    const { issuer, clock } = this.settings;
    const sealed = this.secrets!.seal(PURPOSE, JSON.stringify({ issuer, sid, at: clock.now() }));
    exchange.setCookie(hostCookie(this.cookie, sealed.toString('base64url'), LIFETIME_SECONDS));
  }

  /**
   * The receipt of the sign-out that this browser comes from; it is shown once. Takes the request and the response as a handler
   * has them, before the answer is begun. Undefined when nobody signed out, when the provider does not say, and without the feed.
   */
  async take(request: object, response: object): Promise<SignOutReceipt | undefined> {
    const exchange = HttpExchange.of(request, response);
    const value = this.secrets && exchange.cookie(this.cookie);
    if (value === undefined) return undefined;
    exchange.setCookie(clearedCookie(this.cookie));
    const sid = this.sidOf(value);
    return sid === undefined ? undefined : this.feed.receiptOf(sid);
  }

  private sidOf(value: string): string | undefined {
    if (value.length > LONGEST_COOKIE) return undefined;
    const content = this.secrets!.open(PURPOSE, Buffer.from(value, 'base64url'));
    if (!content) return undefined;
    const { issuer, sid, at } = kept.parse(JSON.parse(content.toString()));
    const isRecent = at + LIFETIME_SECONDS * 1000 > this.settings.clock.now();
    return isRecent && issuer === this.settings.issuer ? sid : undefined;
  }
}
